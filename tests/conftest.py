"""A real PostgreSQL for every test that touches the store: one server a run, one database a test."""

import itertools
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest

from crossdock.store.database import Database, open_database
from crossdock.store.embedded import embedded_postgres
from crossdock.store.migrate import migrate

_numbers = itertools.count()


def _open(folder: str) -> Path:
    """Let others pass through: where this is root, PostgreSQL runs as another user."""
    path = Path(folder)
    path.chmod(0o755)
    return path


def _silent(_sentence: str) -> None:
    """Say nothing."""


def _renamed(url: str, name: str) -> str:
    head, mark, options = url.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}{mark}{options}"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server: DATABASE_URL where it is set, else an embedded one."""
    given = os.environ.get("DATABASE_URL")
    if given:
        yield given
        return
    # In a folder of its own: pytest clears away those of its earlier sessions, also of such that are still running.
    with tempfile.TemporaryDirectory(prefix="xd-tests-") as folder, embedded_postgres(_open(folder), _silent) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            # Tests kill processes, not machines: durability across a power cut is not what they are about.
            for setting in ("fsync = off", "full_page_writes = off"):
                connection.execute(f"ALTER SYSTEM SET {setting}")
            connection.execute("SELECT pg_reload_conf()")
        yield url


@pytest.fixture(scope="session")
def template(postgres: str) -> str:
    """The name of a migrated, empty database that tests are copied from."""
    name = f"template_{os.getpid()}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    migrate(_renamed(postgres, name))
    return name


@pytest.fixture
def empty_url(postgres: str) -> Iterator[str]:
    """The URL of a database with nothing in it."""
    yield from _database(postgres, "template1")


@pytest.fixture
def database_url(postgres: str, template: str) -> Iterator[str]:
    """The URL of a migrated, empty database that other processes may use too."""
    yield from _database(postgres, template)


def _database(postgres: str, template: str) -> Iterator[str]:
    name = f"test_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield _renamed(postgres, name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A migrated, empty database."""
    opened = open_database(database_url)
    yield opened
    await opened.close()
