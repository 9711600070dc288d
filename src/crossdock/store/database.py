"""The way into the database: one engine per process, and transactions that commit whole."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeAlias

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from crossdock.kit.errors import UsageError
from crossdock.store.complaints import explained

Tx: TypeAlias = AsyncConnection
"""An open transaction. Who opens it decides what commits together."""


class Database:
    """A PostgreSQL, embedded or not, and its pool of connections."""

    def __init__(self, engine: AsyncEngine, url: str) -> None:
        self._engine = engine
        self.url = url
        """A libpq URL (`postgresql://…`), for what does not go through SQLAlchemy."""

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Tx]:
        """
        Open a transaction; commit at the end of the block, roll back where it raises.

        Raises DatabaseUnavailable, with what to do, where the database cannot serve now.
        """
        with explained():
            async with self._engine.begin() as tx:
                yield tx

    @asynccontextmanager
    async def statements(self) -> AsyncIterator[Tx]:
        """
        Open a connection on which every statement is a transaction of its own, committed when it returns.

        For one statement after the other at speed: it spares the three round trips that `begin` adds to each. Raises
        DatabaseUnavailable as `begin` does.
        """
        with explained():
            async with self._engine.connect() as connection:
                yield await connection.execution_options(isolation_level="AUTOCOMMIT")

    async def ping(self) -> None:
        """Raise DatabaseUnavailable where the database does not answer."""
        async with self.begin() as tx:
            await tx.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()


def open_database(url: str, *, pool_size: int = 10) -> Database:
    """
    Return the database at a libpq URL; nothing is connected yet.

    Raises UsageError where the URL is no PostgreSQL URL.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise UsageError(
            "DATABASE_URL is not a database URL. It should look like postgresql://user:password@host:5432/crossdock."
        ) from error
    if parsed.get_backend_name() not in {"postgresql", "postgres"}:
        raise UsageError(
            f"DATABASE_URL names {parsed.get_backend_name()!r}; Crossdock runs on PostgreSQL 15 or newer only. "
            "It should look like postgresql://user:password@host:5432/crossdock."
        )
    engine = create_async_engine(
        parsed.set(drivername="postgresql+psycopg"),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
    )
    return Database(engine, parsed.set(drivername="postgresql").render_as_string(hide_password=False))
