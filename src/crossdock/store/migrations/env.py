"""Alembic's entry: runs inside the connection and transaction that `store.migrate` opened."""

from alembic import context

from crossdock.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table_schema=context.config.attributes["schema"],
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
