"""Alembic's entry: runs inside the connection and transaction that `store.migrate` opened."""

from alembic import context

from crossdock.backends.builtin.schema import SCHEMA, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    include_schemas=True,
    version_table_schema=SCHEMA,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
