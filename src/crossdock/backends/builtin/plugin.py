"""How the hub finds and opens the built-in warehouse."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

from pydantic import BaseModel, Field

from crossdock.backends.builtin.backend import BuiltinBackend
from crossdock.backends.builtin.books import Books
from crossdock.backends.builtin.fields import FIELDS
from crossdock.backends.builtin.schema import SCHEMA
from crossdock.kit.errors import UsageError
from crossdock.model.capability import Capability
from crossdock.ports.backend import Backend, BackendContext, Manifest
from crossdock.store.database import open_database
from crossdock.store.migrate import migrate

MIGRATIONS = Path(__file__).parent / "migrations"


class BuiltinSettings(BaseModel):
    """What can be set about the built-in warehouse."""

    # Not ending in a digit: SO-1 and order 1 must not look like SO- and order 1000001.
    order_prefix: str = Field(
        default="SO-",
        max_length=12,
        pattern=r"^(.*[^0-9])?$",
        title="Order prefix",
        description="What the warehouse's order references begin with; SO- makes SO-000123. Not ending in a digit.",
    )


@asynccontextmanager
async def open_books(database_url: str) -> AsyncIterator[Books]:
    """
    Open the warehouse's books in this database; their tables are made or migrated if need be.

    Raises UsageError or TryAgain, with what to do, where the database cannot serve.
    """
    await asyncio.to_thread(migrate, database_url, MIGRATIONS, schema=SCHEMA)
    database = open_database(database_url, pool_size=5)
    try:
        yield Books(database)
    finally:
        await database.close()


class BuiltinPlugin:
    """The built-in warehouse, as one kind of backend."""

    @property
    def manifest(self) -> Manifest:
        """What this kind says of itself."""
        return Manifest(
            kind="builtin",
            title="Built-in warehouse",
            version=version("crossdock"),
            capabilities=frozenset(Capability),
            settings=BuiltinSettings,
            fields=FIELDS,
        )

    @asynccontextmanager
    async def open(self, settings: BaseModel, context: BackendContext) -> AsyncIterator[Backend]:
        """Connect to the warehouse in the hub's database; its tables are made at the first time."""
        if not isinstance(settings, BuiltinSettings):
            raise UsageError(
                f"The built-in warehouse cannot work with {type(settings).__name__}. "
                "Make the settings with the model that its manifest names."
            )
        async with open_books(context.database_url) as books:
            yield BuiltinBackend(books, settings.order_prefix)


plugin = BuiltinPlugin()
