"""How the hub finds, describes and opens the built-in warehouse."""

import asyncio
from importlib.metadata import entry_points

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from pydantic import BaseModel, ValidationError
from sqlalchemy import CheckConstraint, create_engine, inspect, make_url, text
from sqlalchemy.sql.schema import SchemaItem

from crossdock.backends.builtin import open_floor, plugin
from crossdock.backends.builtin.plugin import MIGRATIONS, BuiltinSettings
from crossdock.backends.builtin.schema import SCHEMA, metadata
from crossdock.kit.errors import UsageError
from crossdock.ports.backend import ENTRY_POINTS, BackendContext, Plugin, Warehouse
from crossdock.store.migrate import migrate
from crossdock.testing.builders import MAIN, a_request, an_item


def test_the_hub_finds_it_by_its_entry_point() -> None:
    (entry,) = [entry for entry in entry_points(group=ENTRY_POINTS) if entry.name == "builtin"]

    found: Plugin = entry.load()

    assert found is plugin
    assert found.manifest.kind == "builtin"


_CHECKS = text("""
    SELECT conname FROM pg_constraint WHERE contype = 'c' AND connamespace = 'builtin_warehouse'::regnamespace
""")


def _ours(_: SchemaItem, name: str | None, kind: str, _reflected: bool, _other: SchemaItem | None) -> bool:
    return kind != "table" or name != "alembic_version"


def _other_default(*arguments: object) -> bool:
    """Compare defaults as text: Alembic would evaluate both, and no two calls of nextval() are equal."""
    *_, inspected, _declared, rendered = arguments
    return inspected != rendered


def test_migrating_an_empty_database_gives_the_declared_schema(empty_url: str) -> None:
    migrate(empty_url, MIGRATIONS, schema=SCHEMA)

    engine = create_engine(make_url(empty_url).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        options = {"include_schemas": True, "include_object": _ours, "compare_server_default": _other_default}
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
        inspector = inspect(connection)
        sequences = inspector.get_sequence_names(SCHEMA)
        checks = set(connection.execute(_CHECKS).scalars())
    engine.dispose()

    declared = {
        str(constraint.name)
        for table in metadata.sorted_tables
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }
    assert differences == []
    assert sequences == ["happenings"]
    assert checks == declared


async def test_two_may_open_it_for_the_first_time_at_once(empty_url: str) -> None:
    async def add(code: str) -> None:
        async with open_floor(empty_url) as floor:
            await floor.add_items(an_item(code))

    await asyncio.gather(add("MUG"), add("LAMP"))

    async with open_floor(empty_url) as floor:
        assert [item.code for item in await floor.items()] == ["LAMP", "MUG"]


async def test_it_shares_the_hubs_database_without_sharing_a_table(database_url: str) -> None:
    async with plugin.open(BuiltinSettings(), BackendContext(database_url)) as backend:
        assert list(await backend.warehouses()) == []


async def test_the_order_prefix_is_what_references_begin_with(empty_url: str) -> None:
    async with open_floor(empty_url) as floor:
        await floor.add_warehouse(Warehouse(MAIN, "Main"))
        await floor.add_items(an_item("MUG"))

    async with plugin.open(BuiltinSettings(order_prefix="HH/"), BackendContext(empty_url)) as backend:
        assert (await backend.submit(a_request())).reference == "HH/000001"


def test_a_prefix_that_runs_into_the_number_is_refused() -> None:
    with pytest.raises(ValidationError, match="order_prefix"):
        BuiltinSettings(order_prefix="2026")


async def test_settings_of_another_backend_are_refused(empty_url: str) -> None:
    class Others(BaseModel):
        host: str = "example.com"

    with pytest.raises(UsageError, match="cannot work with Others"):
        async with plugin.open(Others(), BackendContext(empty_url)):
            pass
