"""A migrated database is the declared one, and a strange one is refused with a sentence."""

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, make_url

from crossdock.kit.errors import UsageError
from crossdock.store.migrate import migrate
from crossdock.store.schema import metadata


def test_migrating_an_empty_database_gives_the_declared_schema(empty_url: str) -> None:
    migrate(empty_url)

    engine = create_engine(make_url(empty_url).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        differences = compare_metadata(context, metadata)
        sequences = connection.dialect.get_sequence_names(connection)
    engine.dispose()

    assert differences == []
    assert "fencing_tokens" in sequences


def test_migrating_twice_changes_nothing(empty_url: str) -> None:
    migrate(empty_url)
    migrate(empty_url)

    with psycopg.connect(empty_url) as connection:
        rows = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    assert len(rows) == 1


def test_a_database_of_a_newer_version_is_refused_and_left_alone(empty_url: str) -> None:
    migrate(empty_url)
    with psycopg.connect(empty_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(UsageError, match=r"schema 9999, which this version .* newer version"):
        migrate(empty_url)

    with psycopg.connect(empty_url) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("9999",)
