"""An order is found by what people have in hand: its name, a tracking number, a SKU, or who it is for, while kept."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text
from tests.edge.ada import EMAIL, LAST, THROUGH, UNDER_WAY, ada_was_here
from tests.edge.edge_desk import a_token
from tests.edge.portal_seed import a_morning, a_row

from crossdock.backends.builtin.floor import open_floor
from crossdock.backends.builtin.plugin import BuiltinPlugin, BuiltinSettings
from crossdock.model.lateness import LATE_AFTER, is_late
from crossdock.model.names import ConnectionId, RequestKey, ShopDomain
from crossdock.model.people import Scope
from crossdock.model.state import OrderState
from crossdock.ports.backend import BackendContext
from crossdock.store import erasure, orders
from crossdock.store.database import Database
from crossdock.store.reads import orders as reads

ACME = ConnectionId("acme")


@pytest.fixture
async def morning(database: Database, acme: ShopDomain) -> None:
    await a_morning(database)
    async with database.begin() as tx:
        await tx.execute(
            text(
                "INSERT INTO links (connection, variant, inventory_item, item, matched_by, sku) VALUES "
                "('acme', 'v1', 'gid://shopify/InventoryItem/1', '4711', 'sku', 'Mug-Red'),"
                "('acme', 'v2', 'gid://shopify/InventoryItem/2', '4712', 'sku', 'LAMP')"
            )
        )
        await tx.execute(
            text(
                "INSERT INTO commitments (connection, line, order_id, inventory_item, location, total, remaining) "
                "VALUES "
                "('acme', 'l1', 'gid://shopify/Order/1024', 'gid://shopify/InventoryItem/2', 'here', 2, 2),"
                "('acme', 'l2', 'gid://shopify/Order/1014', 'gid://shopify/InventoryItem/2', 'here', 2, 0)"
            )
        )


@pytest.fixture
async def people(web: httpx.AsyncClient, database: Database, acme: ShopDomain) -> AsyncIterator[None]:
    context = BackendContext(database.url)
    async with BuiltinPlugin().open(BuiltinSettings(), context) as backend, open_floor(database.url) as floor:
        await ada_was_here(web, database, backend, floor)
        yield


async def _names(database: Database, wanted: reads.Filter) -> list[str]:
    async with database.begin() as tx:
        return [one.name for one in (await reads.page(tx, wanted)).orders]


@pytest.mark.parametrize(
    ("looked_for", "names"),
    [
        ("1020", ["#1020"]),
        ("00340434161094042551", ["#1020"]),
        ("0034 0434 1610 9404 2552", ["#1020"]),
        ("0034043416109404255", []),
        ("mug-red", ["#1020"]),
        ("4711", ["#1020"]),
        ("LAMP", ["#1024"]),
        ("nobody@example.com", []),
    ],
)
async def test_an_order_is_found_by_name_tracking_number_sku_or_item(
    database: Database, morning: None, looked_for: str, names: list[str]
) -> None:
    assert await _names(database, reads.Filter(text=looked_for)) == names


async def test_a_search_is_narrowed_like_any_list(database: Database, morning: None) -> None:
    found = await _names(database, reads.Filter(text="102", state=OrderState.AT_WAREHOUSE))

    assert found == ["#1023", "#1021"]


async def test_a_customer_is_found_while_a_request_holds_them_and_no_longer(database: Database, people: None) -> None:
    names = sorted([f"#{THROUGH.rpartition('/')[2]}", f"#{UNDER_WAY.rpartition('/')[2]}"])
    before = [sorted(await _names(database, reads.Filter(text=word))) for word in (EMAIL.upper(), LAST)]

    async with database.begin() as tx:
        keys = [RequestKey(row.key) for row in await tx.execute(text("SELECT key FROM requests"))]
        await erasure.forget_people(tx, ACME, keys)

    assert before == [names, names]
    assert await _names(database, reads.Filter(text=EMAIL)) == []


async def test_what_is_late_in_the_list_is_what_the_rule_calls_late(database: Database, acme: ShopDomain) -> None:
    async with database.begin() as tx:
        for number, state in enumerate(OrderState):
            for around, minutes in ((10, -1), (20, 1)):
                await orders.remember(tx, a_row(100 * around + number, state, timedelta(days=30)))
                limit = LATE_AFTER.get(state, timedelta(days=20)) + timedelta(minutes=minutes)
                await tx.execute(
                    text("UPDATE orders SET state_since = hub_now() - :ago WHERE name = :name"),
                    {"ago": limit, "name": f"#{100 * around + number}"},
                )
        page = await reads.page(tx, reads.Filter())
        late = await reads.page(tx, reads.Filter(late=True))
        counts = await reads.counts(tx)

    by_rule = {one.name for one in page.orders if is_late(one.state, one.state_since, page.at)}
    assert {one.name for one in late.orders} == {one.name for one in page.orders if one.late} == by_rule
    assert counts.late == len(by_rule) == len(LATE_AFTER)


async def test_the_clock_of_a_state_goes_on_through_looks_and_begins_anew_with_the_next_state(
    database: Database, acme: ShopDomain
) -> None:
    waiting = a_row(1, OrderState.WAITING, timedelta(hours=8))
    async with database.begin() as tx:
        await orders.remember(tx, waiting)
        first = (await reads.page(tx, reads.Filter())).orders[0].state_since
        await orders.remember(tx, a_row(1, OrderState.WAITING, timedelta(hours=4)))
        second = (await reads.page(tx, reads.Filter())).orders[0].state_since
        moved = a_row(1, OrderState.AT_WAREHOUSE, timedelta(hours=2))
        await orders.remember(tx, moved)
        third = (await reads.page(tx, reads.Filter())).orders[0].state_since

    assert (first, second, third) == (waiting.placed_at, waiting.placed_at, moved.looked_at)


@pytest.mark.parametrize(
    ("query", "names"),
    [("placed=day", 8), ("placed=week", 11), ("placed=nonsense", 11), ("state=late", 1), ("connection=%00", 11)],
)
async def test_the_list_is_narrowed_by_when_orders_were_placed(
    web: httpx.AsyncClient, morning: None, query: str, names: int
) -> None:
    assert (await web.get(f"/orders?{query}")).text.count("data-row>") == names


async def test_programs_list_orders_page_by_page_and_read_one_by_its_id(
    stranger: httpx.AsyncClient, database: Database, morning: None
) -> None:
    shown = await a_token(database, Scope.READ)

    names, after = [], ""
    while True:
        document = (await stranger.get(f"/api/orders?limit=4{after}", headers=shown)).json()
        names += [one["name"] for one in document["orders"]]
        if document["after"] is None:
            break
        after = f"&after={httpx.QueryParams({'x': document['after']})['x'].replace('+', '%2B').replace(' ', '%20')}"
    one = (await stranger.get("/api/orders/acme/1020", headers=shown)).json()

    assert names == [f"#{number}" for number in range(1024, 1013, -1)]
    assert one["story"]["order"]["name"] == "#1020"
    assert one["decision"]["why"].startswith("acme.myshopify.com did not answer within 30 seconds.")
    assert [exchange["operation"] for exchange in one["story"]["exchanges"]] == ["Orders", "CreateFulfillment"]


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/api/orders?after=nonsense", 422, "after is no place in the list."),
        ("/api/orders/acme/4711", 404, "acme has no order gid://shopify/Order/4711."),
        ("/api/orders/acme/%00", 404, "acme has no order"),
    ],
)
async def test_what_a_program_asks_wrongly_is_answered_with_a_sentence(
    stranger: httpx.AsyncClient, database: Database, acme: ShopDomain, path: str, status: int, sentence: str
) -> None:
    shown = await a_token(database, Scope.READ)

    answer = await stranger.get(path, headers=shown)

    assert (answer.status_code, sentence in answer.json()["error"]) == (status, True)
