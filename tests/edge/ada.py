"""A customer, Ada, with two orders: one through, one still at the warehouse; and everything that is held of her."""

import base64
import hmac
import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import httpx
import psycopg
from psycopg.sql import SQL, Identifier
from tests.edge.edge_desk import ACME, SECRET

from crossdock.backends.builtin import WarehouseFloor
from crossdock.model.cause import Cause, Hold
from crossdock.model.change import Terms
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, LocationId, OrderId, Units
from crossdock.model.order import Address
from crossdock.model.request import FulfillmentRequest, WorkState
from crossdock.model.showing import Showing
from crossdock.model.state import OrderState
from crossdock.ports.backend import Backend, Warehouse
from crossdock.ports.calls import Exchange
from crossdock.store import holds, orders, overrides, requests, taken_on, timeline
from crossdock.store.database import Database
from crossdock.store.exchanges import PostgresJournal
from crossdock.store.orders import OrderRow
from crossdock.store.requests import Asked, AskedLine
from crossdock.testing.builders import MAIN, NOON, a_request, a_request_line, an_item

CONNECTION = ConnectionId("acme")
THROUGH, UNDER_WAY, BOBS = (OrderId(f"gid://shopify/Order/{number}") for number in (9001, 9002, 9003))
CUSTOMER = 7001
EMAIL, PHONE, STREET, FIRST, LAST = "ada@lovelace.example", "+44 20 7946 0991", "12 St James's Sq", "Ada", "Lovelace"
NEEDLES: Final = (EMAIL, "lovelace", "7946 0991", "7946099", "St James's")
ADDRESS = {
    "first_name": FIRST, "last_name": LAST, "name": f"{FIRST} {LAST}", "address1": STREET, "city": "London",
    "zip": "SW1Y 4JH", "phone": PHONE, "country_code": "GB",
}  # fmt: skip

_ids = itertools.count(1)

_ROWS = SQL("SELECT * FROM {}")


async def post(
    web: httpx.AsyncClient, topic: str, payload: Mapping[str, Any], *, address: str = f"/{ACME}", secret: str = SECRET
) -> httpx.Response:
    """Send a delivery as Shopify does."""
    body = json.dumps(payload).encode()
    headers = {
        "Content-Type": "application/json",
        "X-Shopify-Topic": topic,
        "X-Shopify-Shop-Domain": ACME,
        "X-Shopify-Hmac-Sha256": base64.b64encode(hmac.digest(secret.encode(), body, "sha256")).decode(),
        "X-Shopify-Webhook-Id": f"delivery {next(_ids)}",
    }
    return await web.post(f"/webhooks/shopify{address}", content=body, headers=headers)


def privacy_payload(**more: Any) -> dict[str, Any]:
    """What Shopify sends of Ada; `more` are the topic's own keys."""
    customer = {"id": CUSTOMER, "email": EMAIL, "phone": PHONE}
    return {"shop_id": 1, "shop_domain": ACME, "customer": customer, **more}


async def ada_was_here(web: httpx.AsyncClient, database: Database, backend: Backend, floor: WarehouseFloor) -> None:
    """Fill every table that tells of her: deliveries, orders, requests, packages, time line, holds, calls, books."""
    for order in (THROUGH, UNDER_WAY):
        number = int(order.rpartition("/")[2])
        customer = {"id": CUSTOMER, "first_name": FIRST, "last_name": LAST, "default_address": ADDRESS}
        whole = {"id": number, "email": EMAIL, "phone": PHONE, "shipping_address": ADDRESS, "customer": customer}
        await post(web, "orders/create", whole)
        await post(web, "fulfillments/create", {"id": 1, "order_id": number, "destination": ADDRESS, "email": EMAIL})
    await post(web, "customers/update", {"id": CUSTOMER, "email": EMAIL, "addresses": [ADDRESS]})
    bob = {"id": 9003, "email": "bob@example.com", "customer": {"id": 7002, "first_name": "Bob"}}
    await post(web, "orders/create", bob)
    await floor.add_warehouse(Warehouse(MAIN, "Main"))
    await floor.add_items(an_item("MUG"))
    await floor.receive_all({(an_item("MUG").code, MAIN): Units(10)})
    for order in (THROUGH, UNDER_WAY, BOBS):
        await _through_the_hub(database, backend, order)
    reference = (await floor.orders())[-1].reference
    for step in (floor.release, floor.pick, floor.pack, floor.ship):
        await step(reference)


def request_of(order: OrderId) -> FulfillmentRequest:
    """What the warehouse is asked for one of the orders."""
    number = order.rpartition("/")[2]
    who = (FIRST, LAST, STREET, PHONE, EMAIL) if order != BOBS else ("Bob", "Builder", "1 Site", None, None)
    address = Address(who[0], who[1], None, who[2], None, "London", "SW1Y 4JH", None, "GB", who[3])
    whole = a_request(a_request_line("MUG", 2), key=f"gid://shopify/FulfillmentOrder/{number}")
    return replace(
        whole, name=f"#{number}", order=order, ship_to=address, bill_to=address, email=who[4], phone=who[3], note=who[1]
    )


def terms_of(order: OrderId) -> Terms:
    """What the hub keeps of it, to see later changes by."""
    return Terms(request_of(order), LocationId("gid://shopify/Location/1"), "PAID")


async def _through_the_hub(database: Database, backend: Backend, order: OrderId) -> None:
    request = request_of(order)
    work = await backend.submit(request)
    over = order == THROUGH
    state = WorkState.SHIPPED if over else WorkState.NOT_RELEASED
    row = OrderRow(
        CONNECTION, order, request.name, NOON, NOON, "PAID", "FULFILLED",
        OrderState.SHIPPED if over else OrderState.AT_WAREHOUSE, Units(2), "28.00 EUR", NOON,
    )  # fmt: skip
    location = LocationId("gid://shopify/Location/1")
    asked = Asked(request.key, order, request.name, MAIN, location, None, None, terms_of(order))
    line = request.lines[0]
    async with database.begin() as tx:
        await orders.remember(tx, row)
        await requests.tried(tx, CONNECTION, [(asked, [AskedLine(line.reference, None, line.item, Units(2))])])
        await taken_on.accepted(tx, CONNECTION, request.key, work.reference, state)
        await requests.shown(tx, CONNECTION, request.key, Showing(f"{request.note} is away until Monday."))
        said = f"Held: the carrier does not know {STREET}, where {FIRST} {LAST} lives."
        for kind, sentence in (("arrived", f"{request.name} arrived for {FIRST} {LAST}."), ("held", said)):
            await timeline.tell(tx, CONNECTION, order, Flow.ORDERS, kind, sentence if order != BOBS else "For Bob.")
        if order != BOBS:
            by_hand = {"ship_to.last_name": LAST, "email": EMAIL}
            await overrides.say(tx, CONNECTION, order, by_hand, "grace@acme.test", f"{FIRST} {LAST} rang.")
            await holds.hold(tx, CONNECTION, Flow.FULFILLMENTS, {order: Hold(Cause.BACKEND_REFUSED, said)})
    journal = PostgresJournal(database)
    exchange = Exchange(
        ACME, "Orders", (order,), NOON, timedelta(milliseconds=80), 200, "ok", None, 10, 10, {"ids": [order]},
        {"data": {"orders": [{"tags": [f"for {FIRST} {LAST}" if order != BOBS else "for Bob"]}]}},
    )  # fmt: skip
    await journal.record(exchange)


def everything_kept(url: str) -> Iterator[tuple[str, str]]:
    """Yield each row of each table, as its table and its text; bytes read as text."""
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        for schema, table in tables:
            for row in connection.execute(_ROWS.format(Identifier(schema, table))).fetchall():
                cells = (cell.decode(errors="replace") if isinstance(cell, bytes) else str(cell) for cell in row)
                yield f"{schema}.{table}", " | ".join(cells)


def tables_that_name_her(url: str) -> set[str]:
    """Return the tables in which any of her data is found."""
    needles = [needle.lower() for needle in NEEDLES]
    return {table for table, row in everything_kept(url) if any(needle in row.lower() for needle in needles)}


def figures(url: str) -> dict[str, list[Any]]:
    """Return everything that counts: units, money, references, proof."""
    kept = {
        "orders": "SELECT * FROM orders ORDER BY order_id",
        "requests": "SELECT connection, key, order_id, reference, state, accepted_at FROM requests ORDER BY key",
        "lines": "SELECT * FROM request_lines ORDER BY key, line",
        "packages": "SELECT * FROM packages ORDER BY package",
        "watermarks": "SELECT * FROM watermarks ORDER BY connection, stream",
        "deliveries": "SELECT store, webhook_id, topic, received_at FROM inbox ORDER BY received_at, webhook_id",
        "stock": "SELECT * FROM builtin_warehouse.stock ORDER BY item",
        "ledger": "SELECT * FROM builtin_warehouse.ledger ORDER BY sequence",
        "work": "SELECT key, reference, state, changed FROM builtin_warehouse.orders ORDER BY key",
        "work lines": "SELECT * FROM builtin_warehouse.order_lines ORDER BY key, line",
        "parcels": "SELECT * FROM builtin_warehouse.packages ORDER BY id",
    }
    with psycopg.connect(url) as connection:
        return {name: connection.execute(query.encode()).fetchall() for name, query in kept.items()}
