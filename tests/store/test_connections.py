"""A connection comes back as it was made: flows, rules, location map; its settings stay under seal."""

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select, update

from crossdock.kit.errors import UsageError
from crossdock.kit.sealing import Sealer
from crossdock.model.connection import (
    Connection,
    Field,
    FulfillmentRules,
    InventoryRules,
    LevelRule,
    MassChange,
    Negative,
    OnDrift,
    OrderRules,
    Rules,
    Sharing,
    StockMode,
)
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, ItemCode, LocationId, ShopDomain, Sku, WarehouseCode
from crossdock.store import connections, stores
from crossdock.store.database import Database
from crossdock.store.schema import connections as table

ACME = ShopDomain("acme.myshopify.com")
BERLIN = LocationId("gid://shopify/Location/1")
LEIPZIG = LocationId("gid://shopify/Location/2")
EAST, NORTH = WarehouseCode("EAST"), WarehouseCode("NORTH")
RULES = Rules(
    OrderRules(financial=frozenset({"PAID"}), required=frozenset({Field.EMAIL}), name="S-{name}", test_orders=False),
    InventoryRules(
        mode=StockMode.DELTA,
        window=timedelta(seconds=5),
        buffer=3,
        levels=(LevelRule(sku=Sku("MUG-01"), location=BERLIN, cap=7, negative=Negative.ZERO),),
        sharing=Sharing.SHARE,
        weights={BERLIN: 2},
        drift=OnDrift.ASK,
        guard=MassChange(items=5),
        kits={ItemCode("SET"): {ItemCode("MUG"): 2}},
    ),
    FulfillmentRules(
        notify_customer=True, carriers={"P24": "DHL"}, tracking_urls={"P24": "https://p24.example/{number}"}
    ),
)
MADE = Connection(
    id=ConnectionId("acme-builtin"),
    store=ACME,
    backend="builtin",
    flows=frozenset({Flow.ORDERS, Flow.INVENTORY}),
    rules=RULES,
    warehouses={BERLIN: (EAST, NORTH), LEIPZIG: (EAST,)},
)


@pytest.fixture
def sealer() -> Sealer:
    return Sealer(Fernet.generate_key().decode())


@pytest.fixture
async def made(database: Database, sealer: Sealer) -> Database:
    async with database.begin() as tx:
        await stores.add(tx, ACME, stores.Credentials("token", ("secret",)), sealer, api_version="2026-07")
        await connections.add(tx, MADE, '{"password": "letmein"}', sealer)
    return database


async def test_a_connection_comes_back_as_it_was_made(made: Database) -> None:
    async with made.begin() as tx:
        assert await connections.get(tx, MADE.id) == MADE
        assert await connections.listed(tx) == [MADE]
        assert await connections.of_store(tx, ACME) == [MADE]
        assert await connections.of_store(tx, ShopDomain("other.myshopify.com")) == []


async def test_the_settings_of_a_backend_are_sealed(made: Database, sealer: Sealer) -> None:
    async with made.begin() as tx:
        assert await connections.settings_of(tx, MADE.id, sealer) == '{"password": "letmein"}'
        assert b"letmein" not in (await tx.execute(select(table.c.settings))).scalar_one()


async def test_rules_can_be_replaced(made: Database) -> None:
    async with made.begin() as tx:
        await connections.set_rules(tx, MADE.id, Rules())
        assert (await connections.get(tx, MADE.id)).rules == Rules()


async def test_rules_that_an_older_version_wrote_still_load(made: Database) -> None:
    async with made.begin() as tx:
        await tx.execute(update(table).values(rules={"orders": {"name": "S-{name}"}, "inventory": {"buffer": 3}}))

        loaded = (await connections.get(tx, MADE.id)).rules

    assert loaded == Rules(OrderRules(name="S-{name}"), InventoryRules(buffer=3))


async def test_mapping_twice_is_one_mapping_and_unmapping_takes_it_away(made: Database) -> None:
    async with made.begin() as tx:
        await connections.map_location(tx, MADE.id, LEIPZIG, EAST)
        await connections.unmap_location(tx, MADE.id, BERLIN, NORTH)
        await connections.unmap_location(tx, MADE.id, BERLIN, NORTH)
        assert (await connections.get(tx, MADE.id)).warehouses == {BERLIN: (EAST,), LEIPZIG: (EAST,)}


async def test_a_taken_name_is_refused_and_nothing_changes(made: Database, sealer: Sealer) -> None:
    async with made.begin() as tx:
        with pytest.raises(UsageError, match="acme-builtin already"):
            await connections.add(tx, MADE, "{}", sealer)
        assert await connections.settings_of(tx, MADE.id, sealer) != "{}"


async def test_an_unknown_connection_says_how_to_make_one(made: Database, sealer: Sealer) -> None:
    nowhere = ConnectionId("nowhere")
    async with made.begin() as tx:
        assert await connections.find(tx, nowhere) is None
        for asked in (
            connections.get(tx, nowhere),
            connections.settings_of(tx, nowhere, sealer),
            connections.set_rules(tx, nowhere, Rules()),
        ):
            with pytest.raises(connections.UnknownConnection, match="crossdock connect STORE BACKEND"):
                await asked
