"""Brings a database to the schema of this version, once, whoever starts first."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.schema import CreateSchema

from crossdock.kit.errors import UsageError
from crossdock.store.complaints import explained

HUB_MIGRATIONS = Path(__file__).parent / "migrations"

# Two processes that start at once must not both migrate. Any number that nobody else uses will do.
_LOCK = 0x0C05_D0C4

MINIMUM_POSTGRES = 15


def migrate(url: str, scripts: Path = HUB_MIGRATIONS, *, schema: str | None = None) -> None:
    """
    Run the migrations in `scripts` that the database at `url` lacks; `schema` is made and has their version table.

    Raises UsageError where the database is not reachable, too old, or of a newer Crossdock than this one.
    """
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    try:
        with explained(), engine.begin() as connection:
            _refuse_old_postgres(connection)
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            if schema is not None:
                connection.execute(CreateSchema(schema, if_not_exists=True))
            config = _config(connection, scripts, schema)
            _refuse_newer_database(connection, config, schema)
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def _config(connection: Connection, scripts: Path, schema: str | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["schema"] = schema
    return config


def _refuse_old_postgres(connection: Connection) -> None:
    version = connection.dialect.server_version_info
    if version is not None and int(version[0]) < MINIMUM_POSTGRES:
        raise UsageError(
            f"The database runs PostgreSQL {version[0]}; Crossdock needs {MINIMUM_POSTGRES} or newer. "
            "Upgrade the server, or let DATABASE_URL name another one."
        )


def _refuse_newer_database(connection: Connection, config: Config, schema: str | None) -> None:
    """Refuse a revision that this version does not know: it was written by a later one."""
    context = MigrationContext.configure(connection, opts={"version_table_schema": schema})
    for revision in context.get_current_heads():
        try:
            ScriptDirectory.from_config(config).get_revision(revision)
        except CommandError as error:
            raise UsageError(
                f"The database is at schema {revision}, which this version of Crossdock does not know: "
                "it was used by a newer version. Install that version or a later one; nothing was changed."
            ) from error
