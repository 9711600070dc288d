"""The demo from beginning to end: fill both sides, tie them together, let customers buy, ship, and compare."""

import asyncio
import contextlib
from dataclasses import dataclass
from datetime import timedelta

from crossdock.app.demo import crew
from crossdock.app.demo.audit import EVERYTHING, Audit, audit
from crossdock.app.demo.screen import Screen
from crossdock.app.demo.shop import API_VERSION, DOMAIN, GOODS, SECRET, TOKEN, Shop
from crossdock.app.hub import Hub
from crossdock.backends.builtin.floor import WarehouseFloor
from crossdock.backends.builtin.plugin import BuiltinSettings
from crossdock.model.connection import Connection, InventoryRules, Rules
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId
from crossdock.model.request import WorkState
from crossdock.store import connections, pending, stores
from crossdock.store.stores import Credentials

CONNECTION = ConnectionId("demo")

BURSTS = 5
"""Customers come in bursts, so that the warehouse is at work while the next ones buy."""

PATIENCE_SECONDS = 300.0
"""How long the demo waits for both sides to agree before it says where they do not."""

LOOK_EVERY_SECONDS = 0.3

RULES = Rules(inventory=InventoryRules(window=timedelta(seconds=1)))
"""A demo is watched: stock is published sooner than a working shop needs it."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays: the shop, the hub between, the warehouse, and the screen that shows it."""

    shop: Shop
    hub: Hub
    floor: WarehouseFloor
    screen: Screen


async def prepare(cast: Cast, orders: int, seed: int) -> Connection:
    """Fill both sides and tie them together: twelve goods at two places each, nothing for sale yet."""
    cast.screen.say("Filling the warehouse and the shop; nothing is for sale yet.")
    await crew.fill(cast.floor, orders, seed)
    await cast.shop.add_location(crew.ANNEX.name)
    hub = cast.hub
    async with hub.database.begin() as tx:
        credentials = Credentials(TOKEN, (SECRET,))
        await stores.add(tx, DOMAIN, credentials, hub.sealer, api_version=API_VERSION, endpoint=cast.shop.url)
    locations = [location.id for location in await (await hub.storefront(DOMAIN)).locations()]
    warehouses = dict(zip(locations, ((crew.MAIN.code,), (crew.ANNEX.code,)), strict=True))
    connection = Connection(CONNECTION, DOMAIN, "builtin", frozenset(Flow), RULES, warehouses)
    async with hub.database.begin() as tx:
        await connections.add(tx, connection, BuiltinSettings().model_dump_json(), hub.sealer)
    await cast.shop.add_goods(locations)
    return connection


async def play(cast: Cast, connection: Connection, orders: int, seed: int) -> Audit:
    """
    Let customers buy and the warehouse ship until both sides agree; return what both say at the end.

    The hub is running meanwhile and is not touched: that stock, orders and tracking move is its own doing. Where the
    sides never agree, the audit returned is the last one, with every difference.
    """
    await cast.hub.watch_subscriptions(DOMAIN)
    cast.screen.say("The hub links the products and publishes the stock.")
    await until_for_sale(cast)
    cast.screen.say("Customers buy; the warehouse picks, packs and ships.")
    placed = 0
    for burst in range(BURSTS):
        count = orders * (burst + 1) // BURSTS - orders * burst // BURSTS
        if count:
            placed += await cast.shop.buy(count, seed + burst)
        cast.screen.show("Orders placed", placed, orders)
        await ship(cast, seed)
    return await until_agreed(cast, connection, placed, seed)


async def until_agreed(cast: Cast, connection: Connection, placed: int, seed: int) -> Audit:
    """Go on shipping until nothing waits in the hub and both sides tell the same; return the last audit."""
    last = Audit((), ("The hub never came to rest.",))
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (last.agrees and last.orders == placed):
                await ship(cast, seed)
                if await _at_rest(cast):
                    last = await audit(await cast.hub.storefront(DOMAIN), cast.floor, connection)
                await asyncio.sleep(LOOK_EVERY_SECONDS)
    return last


async def until_for_sale(cast: Cast) -> None:
    """Wait until every good can be bought."""
    storefront = await cast.hub.storefront(DOMAIN)
    found = await storefront.variants_updated(EVERYTHING)
    variants = await storefront.variants([id_ for id_, _ in found.objects])
    items = [variant.inventory_item for variant in variants.values()]
    while True:
        stocked = {level.item for level in await storefront.levels(items) if level.available > 0}
        cast.screen.show("For sale", len(stocked), len(GOODS))
        if len(stocked) == len(GOODS):
            return
        await asyncio.sleep(LOOK_EVERY_SECONDS)


async def ship(cast: Cast, seed: int) -> None:
    """Let the warehouse work off what it has."""
    await crew.work_off(cast.floor, seed)
    all_orders = await cast.floor.orders(limit=100_000)
    shipped = sum(order.state is WorkState.SHIPPED for order in all_orders)
    cast.screen.show("Shipped by the warehouse", shipped, len(all_orders))


async def _at_rest(cast: Cast) -> bool:
    async with cast.hub.database.begin() as tx:
        waiting = sum(one.due + one.later + one.looked_at for one in await pending.waiting(tx))
    cast.screen.show("Waiting in the hub", waiting)
    return waiting == 0
