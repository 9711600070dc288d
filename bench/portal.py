"""
How long the portal's pages take to answer with 100,000 orders and 100,000 linked items in the tables.

The web application in this process, asked without a network, over an embedded PostgreSQL with fsync on; the tables are
filled by SQL. A session's cookie is looked up for every page, as for a person. The baseline is `/healthz` in the same
run, which asks nothing of anybody.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import quote

import httpx
from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from crossdock.app.hub import Hub, open_hub
from crossdock.app.settings import settings_from
from crossdock.edge.desk import Desk
from crossdock.edge.doors import Doors
from crossdock.edge.recognizing import cookie_name
from crossdock.edge.web import web_app
from crossdock.inbox.accept import Acceptance
from crossdock.inbox.keyring import Keyring
from crossdock.kit.tokens import fingerprint, new_token
from crossdock.model.change import Terms
from crossdock.model.connection import Connection, Rules
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, LocationId, ShopDomain
from crossdock.model.order import Address
from crossdock.model.people import Role
from crossdock.store import connections, sessions, stores, users
from crossdock.testing.builders import a_request, a_request_line

BENCH: Final = ConnectionId("bench")
STORE: Final = ShopDomain("bench.myshopify.com")
BASELINE: Final = "/healthz"
HOME: Final = Address("Ada", "Buyer", None, "1 Main St", None, "London", "SW1Y 4JH", None, "GB", None)

PAGES: Final = (
    BASELINE,
    "/",
    "/api/overview",
    "/orders",
    "/orders?state=at_warehouse",
    "/orders?state=late",
    "/orders?placed=week",
    "/orders?after={middle}",
    "/orders?q=77123",
    "/orders?q=no such order",
    "/orders?q=7",
    "/orders?q=%231",
    "/orders?q=1Z00077123",
    "/orders?q=SKU-4711",
    "/orders?q=buyer77123@shop.example",
    "/orders/bench/77123",
    "/api/orders?limit=100",
    "/api/orders/bench/77123",
    "/holds",
    "/holds?show=resolved",
    "/inventory",
    "/inventory?after=bench ITEM-5",
    "/inventory?show=drifted",
    "/inventory?show=below_zero",
    "/inventory?q=SKU-47111",
    "/inventory?q=no such item",
    "/inventory?q=mug",
    "/inventory?q=zz",
    "/inventory/bench/ITEM-500",
    "/api/inventory?limit=100",
    "/catalog?show=linked",
    "/catalog?show=linked&q=SKU-47111",
    "/catalog?show=linked&q=mug",
    "/catalog?show=unlinked",
    "/catalog?show=unlinked&q=copper",
    "/catalog/duplicates",
    "/proof",
    "/connections/bench/shadow",
    "/alerts",
    "/privacy",
    "/users",
    "/audit",
)
"""What is asked for; 77123 is an order in the midst of them, `middle` a place in the list."""

# Placed over 90 days, so that a day has its share: about 1,100. One in a hundred of each kind that is not over.
_FILL: Final = (
    """
    INSERT INTO orders (connection, order_id, name, placed_at, updated_at, financial_status, fulfillment_status, state,
                        units, total, looked_at, heard_at, state_since)
    SELECT 'bench', 'gid://shopify/Order/' || i, '#' || i, at, at, 'PAID', 'FULFILLED',
           CASE i % 100 WHEN 1 THEN 'waiting' WHEN 2 THEN 'at_warehouse' WHEN 3 THEN 'held' WHEN 4 THEN 'short'
                        WHEN 5 THEN 'partly_shipped' ELSE 'shipped' END,
           1 + i % 5, '19.90 EUR', at, at + interval '2 seconds', at + interval '3 hours'
      FROM generate_series(1, :orders) AS i, LATERAL (
           SELECT hub_now() - interval '90 days' * (:orders - i) / :orders AS at) AS t
    """,
    """
    INSERT INTO requests (connection, key, order_id, name, warehouse, location, tried_at, accepted_at, reference, state,
                          terms)
    SELECT 'bench', 'gid://shopify/FulfillmentOrder/' || substr(name, 2), order_id, name, 'MAIN',
           'gid://shopify/Location/1', heard_at, heard_at + interval '1 second', 'SO-' || substr(name, 2), 'shipped',
           jsonb_set(jsonb_set(CAST(:terms AS jsonb),
                               '{request,email}', to_jsonb('buyer' || substr(name, 2) || '@shop.example')),
                     '{request,ship_to,last_name}', to_jsonb('Buyer ' || substr(name, 2)))
      FROM orders
    """,
    """
    INSERT INTO request_lines (connection, key, line, inventory_item, item, units)
    SELECT 'bench', key, key || '/' || n, 'gid://shopify/InventoryItem/' || item, 'ITEM-' || item, 1
      FROM requests, generate_series(1, 2) AS n,
           LATERAL (SELECT (CAST(substr(name, 2) AS bigint) * 7919 * n) % :items + 1 AS item) AS t
    """,
    """
    INSERT INTO commitments (connection, line, order_id, inventory_item, location, total, remaining)
    SELECT 'bench', line, order_id, inventory_item, 'gid://shopify/Location/1', request_lines.units,
           CASE WHEN orders.state = 'shipped' THEN 0 ELSE request_lines.units END
      FROM request_lines JOIN requests USING (connection, key) JOIN orders USING (connection, order_id)
    """,
    """
    INSERT INTO packages (connection, package, key, order_id, carrier, tracking_number, contents, tried_at, fulfillment,
                          told_at, shipped_at)
    SELECT 'bench', 'P-' || substr(requests.name, 2), key, order_id, 'UPS',
           '1Z' || lpad(substr(requests.name, 2), 8, '0'), '[]', left_at,
           'gid://shopify/Fulfillment/' || substr(requests.name, 2), left_at + interval '3 seconds', left_at
      FROM requests JOIN orders USING (connection, order_id),
           LATERAL (SELECT accepted_at + interval '2 hours' AS left_at) AS t
     WHERE orders.state = 'shipped'
    """,
    """
    INSERT INTO timeline (connection, order_id, at, flow, kind, sentence)
    SELECT 'bench', order_id, placed_at + interval '10 seconds' * n, 'orders', 'accepted',
           name || ': something happened that is told in a sentence of usual length.'
      FROM orders, generate_series(1, 4) AS n
    """,
    """
    INSERT INTO exchanges (store, operation, subjects, began_at, took_ms, status, outcome, requested_cost, actual_cost,
                           request, response)
    SELECT :store, 'Orders', ARRAY[order_id], placed_at + interval '1 second' * n, 80, 200, 'ok', 30, 22,
           '{"ids": []}', jsonb_build_object('data', repeat('x', 800))
      FROM orders, generate_series(1, 2) AS n WHERE placed_at > hub_now() - interval '30 days'
    """,
    """
    INSERT INTO inbox (store, webhook_id, topic, received_at, headers, body)
    SELECT :store, order_id || n, 'orders/updated', placed_at + interval '1 second' * n, '{}', ''
      FROM orders, generate_series(1, 3) AS n WHERE placed_at > hub_now() - interval '14 days'
    """,
    """
    INSERT INTO links (connection, variant, inventory_item, item, matched_by, sku)
    SELECT 'bench', 'gid://shopify/ProductVariant/' || i, 'gid://shopify/InventoryItem/' || i, 'ITEM-' || i, 'sku',
           'SKU-' || i
      FROM generate_series(1, :items) AS i
    """,
    """
    INSERT INTO variants (connection, variant, inventory_item, title, sku, words)
    SELECT 'bench', 'gid://shopify/ProductVariant/' || i, 'gid://shopify/InventoryItem/' || i, 'Enamel mug ' || i,
           'SKU-' || i, 'enamel mug ' || i || ' sku-' || i
      FROM generate_series(1, :items) AS i
    UNION ALL
    SELECT 'bench', 'gid://shopify/ProductVariant/2' || i, 'gid://shopify/InventoryItem/2' || i, 'Copper mug ' || i,
           'SKU-' || i, 'copper mug ' || i || ' sku-' || i
      FROM generate_series(1000000, 1000000 + :items / 20) AS i
    """,
    """
    INSERT INTO stock_ledger (connection, inventory_item, location, version, believed, committed, trust, read_from,
                              read_to, publish, backend_available, unseen, buffer, explained, sequence, decided_at)
    SELECT 'bench', 'gid://shopify/InventoryItem/' || i, 'gid://shopify/Location/' || place, 1, 5, 0, 'exact',
           hub_now(), hub_now(), CASE WHEN i % 500 = 0 THEN -1 ELSE 5 END, 5, 0, 0,
           '5 at the warehouse, 0 sold and not yet seen, 0 buffer: publish 5', 1, hub_now()
      FROM generate_series(1, :items) AS i, generate_series(1, 2) AS place
    """,
    """
    INSERT INTO stock_history (connection, inventory_item, location, at, publish, backend_available, unseen)
    SELECT connection, inventory_item, location, hub_now() - interval '1 day' * n, n, n + 1, 1
      FROM stock_ledger, generate_series(1, 3) AS n
    """,
    """
    INSERT INTO holds (connection, flow, key, cause, detail, needs)
    SELECT connection, 'catalog', variant, 'item_missing', 'No item has its SKU.', '{}'
      FROM variants WHERE title LIKE 'Copper%'
    """,
    """
    INSERT INTO holds (connection, flow, key, cause, detail, needs, since)
    SELECT 'bench', 'orders', order_id,
           (ARRAY['field_missing', 'item_unlinked', 'backend_refused', 'money_differs'])[1 + units % 4],
           name || ' is held for a reason that is told in a sentence.', '{}', state_since
      FROM orders WHERE state = 'held'
    """,
    """
    INSERT INTO pending (connection, flow, key, reason, due_at, first_due_at)
    SELECT 'bench', 'orders', order_id, 'it changed', hub_now(), hub_now() - interval '1 minute'
      FROM orders WHERE state = 'waiting'
    """,
    """
    INSERT INTO stock_drift (connection, inventory_item, location, units, found, done, found_at)
    SELECT 'bench', 'gid://shopify/InventoryItem/' || i, 'gid://shopify/Location/1', -1, 4, 'kept',
           hub_now() - interval '1 minute' * i
      FROM generate_series(1, 5000) AS i
    """,
)


async def fill(hub: Hub, orders: int, items: int) -> None:
    """Make a store, a connection, and rows in all tables that pages read."""
    async with hub.database.begin() as tx:
        await stores.add(tx, STORE, stores.Credentials("token", ("secret",)), hub.sealer, api_version="2026-07")
        connection = Connection(BENCH, STORE, "builtin", frozenset(Flow), Rules(), {})
        await connections.add(tx, connection, "{}", hub.sealer)
    request = replace(a_request(a_request_line("MUG", 2), a_request_line("LAMP", 1)), ship_to=HOME)
    terms = TypeAdapter(Terms).dump_json(Terms(request, LocationId("gid://shopify/Location/1"), "PAID")).decode()
    given = {"orders": orders, "items": items, "store": STORE, "terms": terms}
    for statement in _FILL:
        async with hub.database.begin() as tx:
            await tx.execute(text(statement), {name: value for name, value in given.items() if f":{name}" in statement})
    async with hub.database.statements() as tx:
        await tx.execute(text("VACUUM ANALYZE"))  # as a database has it that did not come into being this minute


async def logged_in(hub: Hub) -> str:
    """Return the cookie of an admin."""
    cookie = new_token()
    async with hub.database.begin() as tx:
        user = await users.add(tx, "Bench", "bench@example.com", Role.ADMIN, None)
        await sessions.begin(tx, user.id, fingerprint(cookie), None)
    return cookie


async def measured(web: httpx.AsyncClient, pages: Sequence[str], asks: int) -> Table:
    """Ask for every page in turn, `asks` rounds, and return how long each took."""
    middle = quote(f"{datetime.now(UTC) - timedelta(days=45):%Y-%m-%dT%H:%M:%S%z} bench gid://shopify/Order/1")
    took: dict[str, list[float]] = {page: [] for page in pages}
    for round_ in range(asks + 2):
        for page in pages:
            began = time.perf_counter()
            answer = await web.get(page.replace("{middle}", middle))
            ms = 1000 * (time.perf_counter() - began)
            if answer.status_code != httpx.codes.OK:
                raise RuntimeError(f"{page} answered {answer.status_code}: {answer.text[:400]}")
            if round_ >= 2:
                took[page].append(ms)
    drawn = Table(title="The portal's pages", title_style="bold")
    for column in ("page", "p50", "p95", "target"):
        drawn.add_column(column, justify="left" if column == "page" else "right")
    for page, some in took.items():
        name = f"baseline: {page}" if page == BASELINE else page
        target = "" if page == BASELINE else "p95 < 200 ms"
        p95 = statistics.quantiles(some, n=20, method="inclusive")[-1]
        drawn.add_row(name, f"{statistics.median(some):.1f} ms", f"{p95:.1f} ms", target)
    return drawn


async def run(orders: int, items: int, asks: int) -> Table:
    with tempfile.TemporaryDirectory(prefix="crossdock-bench-") as folder:
        data = Path(folder)
        data.chmod(0o755)  # noqa: ASYNC240 - nothing else runs yet
        settings = settings_from(data=data).model_copy(update={"database_url": None, "public_url": None})
        async with open_hub(settings, lambda _: None) as hub:
            await fill(hub, orders, items)
            keyring = Keyring(hub.database, hub.sealer)
            app = web_app(Desk(hub.database, keyring, Acceptance(hub.database), Doors(hosts=frozenset({"bench"}))))
            cookies = {cookie_name(secure=False): await logged_in(hub)}
            transport = httpx.ASGITransport(app=app)
            async with httpx.AsyncClient(transport=transport, base_url="http://bench", cookies=cookies) as web:
                return await measured(web, PAGES, asks)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=100_000)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--asks", type=int, default=40)
    given = parser.parse_args()
    Console().print(asyncio.run(run(given.orders, given.items, given.asks)))


if __name__ == "__main__":
    main()
