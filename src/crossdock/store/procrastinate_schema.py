"""Procrastinate's own tables, in a PostgreSQL schema of their own beside the hub's."""

from typing import Final

import psycopg
from procrastinate.schema import SchemaManager
from psycopg.sql import SQL

CONNECT_OPTIONS: Final = "-c search_path=procrastinate"
"""libpq's `options` for a connection that Procrastinate uses: its SQL names no schema."""

# Two processes that start at once must not both make the tables. Any number that nobody else uses will do.
_LOCK: Final = 0x0C05_D0C5


def ensure_procrastinate_schema(url: str) -> None:
    """Make Procrastinate's tables where they are missing. Safe to call from every process at every start."""
    with psycopg.connect(url, options=CONNECT_OPTIONS) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        connection.execute("CREATE SCHEMA IF NOT EXISTS procrastinate")
        row = connection.execute("SELECT to_regclass('procrastinate.procrastinate_jobs')").fetchone()
        if row is None or row[0] is None:
            connection.execute(SQL(SchemaManager.get_schema()))
