"""The first page says what needs a person, then how each store stands; programs get the same figures."""

import html
import re
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text
from tests.edge.edge_desk import a_token
from tests.edge.overview_seed import a_day
from tests.edge.portal_seed import ACME, a_morning, a_row

from crossdock.model.names import ShopDomain
from crossdock.model.people import Scope
from crossdock.model.state import OrderState
from crossdock.store import orders
from crossdock.store.database import Database
from crossdock.store.reads import overview as reads
from crossdock.store.reads.overview import Stage


async def _text(web: httpx.AsyncClient, address: str) -> str:
    answer = await web.get(address)
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", answer.text)))


async def _overview(database: Database) -> reads.Overview:
    async with database.begin() as tx:
        return await reads.overview(tx)


async def test_what_needs_a_person_comes_first(web: httpx.AsyncClient, database: Database, acme: ShopDomain) -> None:
    await a_morning(database)
    async with database.begin() as tx:
        await orders.remember(tx, a_row(900, OrderState.AT_WAREHOUSE, timedelta(days=9)))
        await tx.execute(text("UPDATE orders SET state_since = placed_at WHERE name = '#900'"))

    said = await _text(web, "/")

    needs = said[said.index("Needs a person") : said.index("acme.myshopify.com")]
    assert "2 objects held: No item has this SKU or barcode acme catalog, the first for 19 minutes" in needs
    assert "1 object held: The location has no warehouse acme orders" in needs
    assert "1 order late: at the warehouse for more than 2 d acme, the first for 9 days" in needs


async def test_a_paused_store_and_a_silent_topic_need_a_person(
    web: httpx.AsyncClient, database: Database, acme: ShopDomain
) -> None:
    async with database.begin() as tx:
        await tx.execute(text("UPDATE stores SET paused = 'The token was revoked.'"))
        await tx.execute(
            text(
                "INSERT INTO unheard (store, topic, key, changed_at, found_at) "
                "SELECT :store, 'orders/updated', 'o' || i, ago, ago "
                "FROM generate_series(1, 3) AS i, (SELECT hub_now() - interval '1 hour' AS ago) AS t"
            ),
            {"store": acme},
        )

    said = await _text(web, "/")

    assert "acme.myshopify.com is paused. The token was revoked." in said
    assert "Webhooks orders/updated fell silent. acme.myshopify.com, since 60 minutes ago" in said


async def test_where_all_goes_by_itself_the_page_says_that_and_nothing_else_first(
    web: httpx.AsyncClient, acme: ShopDomain
) -> None:
    said = await _text(web, "/")

    assert "Nothing needs you. No hold, no late order, and everybody answers." in said
    assert "Needs a person" not in said


async def test_each_flow_says_up_to_when_it_is_complete_what_waits_and_what_is_held(
    web: httpx.AsyncClient, database: Database, acme: ShopDomain
) -> None:
    await a_morning(database)

    said = await _text(web, "/")

    assert re.search(r"Orders complete up to [\d :-]+ \d+ seconds behind nothing waits", said)
    assert re.search(r"Inventory not swept yet 1 waiting 1 due, the oldest for [\d.]+ s", said)
    assert re.search(r"Fulfillments not swept yet 1 waiting nothing held", said)
    assert re.search(
        r"Catalog complete up to .* behind nothing waits No item has this SKU or barcode 2 Orders per", said
    )


async def test_the_day_is_measured_stage_by_stage_and_hour_by_hour(
    web: httpx.AsyncClient, database: Database, acme: ShopDomain
) -> None:
    await a_day(database, many=60)

    seen = await _overview(database)
    said = await _text(web, "/")

    whole = {one.stage: one for one in seen.latencies if one.hour is None}
    quick = (Stage.HEARD, Stage.ACCEPTED, Stage.TOLD)
    assert [round(whole[stage].half.total_seconds(), 1) for stage in quick] == [1.5, 4.0, 3.0]
    assert timedelta(minutes=80) <= whole[Stage.SHIPPED].half < whole[Stage.SHIPPED].most <= timedelta(minutes=128)
    assert whole[Stage.HEARD].most == timedelta(seconds=2)
    assert sum(one.many for one in seen.latencies if one.hour and one.stage is Stage.HEARD) == whole[Stage.HEARD].many
    assert sum(one.many for one in seen.placed) == 60
    assert all(seen.since <= one.hour <= seen.at for one in seen.placed)
    assert "60 in the last 24 hours, at most 3 in one of them." in said
    assert "Accepted to shipped Half within 2 h, 95 % within 2 h, of " in said
    assert "Shopify's budget" in said
    assert "212 points in 1 call within the hour, of 180,000" in said
    assert "Stock changed by others, last day 1 time, 3 units" in said
    assert "Webhooks last heard a moment ago 1 within the hour" in said


@pytest.mark.parametrize("query", ["q=1020", "state=held", "connection=acme&after=x"])
async def test_links_from_when_the_orders_were_here_lead_to_them(
    web: httpx.AsyncClient, acme: ShopDomain, query: str
) -> None:
    answer = await web.get(f"/?{query}")

    assert (answer.status_code, answer.headers["location"]) == (307, f"/orders?{query}")


async def test_programs_get_the_same_figures(stranger: httpx.AsyncClient, database: Database, acme: ShopDomain) -> None:
    await a_morning(database)
    await a_day(database)
    shown = await a_token(database, Scope.READ)

    document = (await stranger.get("/api/overview", headers=shown)).json()

    assert {one["cause"]: one["many"] for one in document["holds"]} == {
        "item_missing": 2,
        "location_unmapped": 1,
        "item_ambiguous": 1,
    }
    assert [one["connection"] for one in document["standings"]] == [ACME]
    assert {one["stage"] for one in document["latencies"]} == {"heard", "accepted", "shipped", "told"}
