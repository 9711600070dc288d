"""PostgreSQL for storms: real tables and real locks, durability switched off, and a clock that can be set."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from tests.storm.diary import TRIGGERS

from crossdock.backends.builtin.plugin import MIGRATIONS
from crossdock.backends.builtin.schema import SCHEMA
from crossdock.store.embedded import embedded_postgres
from crossdock.store.migrate import migrate

_CLOCKS = """
CREATE TABLE storm_clock (at timestamptz NOT NULL);
INSERT INTO storm_clock VALUES ('2026-07-01 12:00+00');
CREATE OR REPLACE FUNCTION hub_now() RETURNS timestamptz LANGUAGE sql STABLE
    AS 'SELECT at FROM public.storm_clock';
CREATE OR REPLACE FUNCTION builtin_warehouse.warehouse_now() RETURNS timestamptz LANGUAGE sql STABLE
    AS 'SELECT at FROM public.storm_clock';
"""

# Nobody may come by now and then and move rows or change plans: the same seed must find the same order of rows.
_QUIET = """
DO $$ DECLARE name regclass; BEGIN
    FOR name IN SELECT oid FROM pg_class
                 WHERE relkind = 'r' AND relnamespace IN ('public'::regnamespace, 'builtin_warehouse'::regnamespace)
    LOOP EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = false)', name); END LOOP;
END $$;
"""

# Rows that are gone leave room behind, and the next ones fill it in another order: so not what has rows, but what had.
_USED_TABLES = """
SELECT oid::regclass::text FROM pg_class
 WHERE relkind = 'r' AND relnamespace IN ('public'::regnamespace, 'builtin_warehouse'::regnamespace)
   AND relname NOT IN ('alembic_version', 'storm_clock') AND relname NOT LIKE 'procrastinate%'
   AND pg_relation_size(oid) > 0 ORDER BY oid
"""
_BEGIN_NUMBERS_ANEW = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) FROM pg_sequences
 WHERE last_value IS NOT NULL AND sequencename NOT LIKE 'procrastinate%'
"""


@contextmanager
def cluster() -> Iterator[str]:
    """Give the URL of a server: DATABASE_URL where it is set, else an embedded one that forgets fast."""
    given = os.environ.get("DATABASE_URL")
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="xd-storm-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL may run as another user
        with embedded_postgres(Path(folder), lambda _: None) as url:
            with psycopg.connect(url, autocommit=True) as own:
                for setting in ("fsync = off", "full_page_writes = off", "synchronous_commit = off"):
                    own.execute(f"ALTER SYSTEM SET {setting}")
                own.execute("SELECT pg_reload_conf()")
            yield url


@contextmanager
def storm_database(server: str, template: str | None = None) -> Iterator[str]:
    """Give a migrated database that nobody else uses; a copy of `template` where it is given."""
    name = f"storm_{os.getpid()}" + ("" if template else "_template")
    source = "template1" if template is None else template
    with psycopg.connect(server, autocommit=True) as own:
        own.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(source)))
        try:
            url = _renamed(server, name)
            if template is None:
                _prepare(url)
            yield url
        finally:
            own.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def name_of(url: str) -> str:
    """Return the database's name in a URL."""
    return url.partition("?")[0].rsplit("/", 1)[1]


def _prepare(url: str) -> None:
    migrate(url)
    migrate(url, MIGRATIONS, schema=SCHEMA)
    with psycopg.connect(url, autocommit=True) as own:
        own.execute(_CLOCKS)
        own.execute(TRIGGERS)
        own.execute(_QUIET)


def _renamed(url: str, name: str) -> str:
    head, mark, options = url.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}{mark}{options}"


def wiped(own: psycopg.Connection) -> None:
    """Empty every table that was written to, and begin every number anew."""
    used = [name for (name,) in own.execute(_USED_TABLES).fetchall()]
    if used:
        own.execute(f"TRUNCATE {', '.join(used)} CASCADE")  # names from the catalogue
    own.execute(_BEGIN_NUMBERS_ANEW)
