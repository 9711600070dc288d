"""The proof, where people and machines read it: up to when nothing was lost, what fell silent, what differs."""

import html
import re
from datetime import timedelta

import httpx
from pydantic import TypeAdapter
from sqlalchemy import text
from tests.edge.edge_desk import Person, a_token
from tests.edge.portal_seed import ACME, a_morning

from crossdock.edge.proof_report import ProofReport
from crossdock.model.deed import Deed
from crossdock.model.difference import Difference
from crossdock.model.flow import Flow
from crossdock.model.names import ShopDomain
from crossdock.model.people import Scope
from crossdock.store import audit, reconciliations, stores, unheard, watermarks
from crossdock.store.database import Database
from crossdock.store.reconciliations import Compared
from crossdock.store.unheard import MANY, Change

OURS = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
LOST = Difference(
    Flow.ORDERS,
    "gid://shopify/Order/1018",
    "#1018",
    "#1018 has 2 units to ship from Berlin, and no warehouse was asked.",
    "Compare the order on Shopify with the warehouse.",
)


async def _read(web: httpx.AsyncClient) -> str:
    answer = await web.get("/proof")
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", answer.text)))


async def _fall_silent(database: Database, store: ShopDomain) -> None:
    async with database.begin() as tx:
        now = await watermarks.now(tx)
        await unheard.found(tx, store, [Change("orders/create", f"order {n}", now) for n in range(MANY)])
        await tx.execute(text("UPDATE unheard SET found_at = found_at - interval '1 hour'"))


async def _compare(database: Database, cause: str | None) -> None:
    async with database.begin() as tx:
        began_at = await watermarks.now(tx) - timedelta(minutes=20)
        await reconciliations.finished(tx, ACME, began_at, Compared(1200, 1431, 10_000), 1)
        await reconciliations.found(tx, ACME, {LOST: cause})


async def test_without_a_connection_it_says_how_to_begin(web: httpx.AsyncClient) -> None:
    assert "Make one: crossdock connect DOMAIN" in await _read(web)


async def test_each_flow_says_up_to_when_and_what_holds_it_back(
    web: httpx.AsyncClient, database: Database, acme: ShopDomain
) -> None:
    await a_morning(database)
    async with database.begin() as tx:
        now = await watermarks.now(tx)
        await watermarks.advance(tx, ACME, watermarks.BACKEND, complete_to=now - timedelta(seconds=20))

    said = await _read(web)

    assert re.search(r"Orders complete up to \S+( \S+)? \d+ seconds behind nothing is due; 2 objects held", said)
    assert re.search(
        r"Fulfillments complete up to \S+( \S+)? 6 minutes behind Order/1020 waits for 6 minutes: "
        r"acme.myshopify.com did not answer within",
        said,
    )
    assert re.search(r"Catalog complete up to \S+( \S+)? 3 minutes behind nothing is due; 2 objects held", said)


async def test_a_flow_whose_sides_were_not_swept_claims_nothing(
    web: httpx.AsyncClient, database: Database, acme: ShopDomain
) -> None:
    await a_morning(database)

    assert "Inventory not swept yet" in await _read(web)


async def test_a_silent_topic_is_named_with_what_it_kept_back(
    web: httpx.AsyncClient, database: Database, acme: ShopDomain
) -> None:
    await _fall_silent(database, acme)

    said = await _read(web)

    assert "Webhooks orders/create fell silent" in said
    assert "the sweep found 3 changes that it should have told of" in said


async def test_the_latest_comparison_and_each_difference_are_told(
    web: httpx.AsyncClient, database: Database, acme: ShopDomain
) -> None:
    before = await _read(web)
    await _compare(database, None)
    at_first = await _read(web)
    await _compare(database, "Held: Berlin has no warehouse.")
    later = await _read(web)
    async with database.begin() as tx:
        await reconciliations.settled(tx, ACME, {LOST.object})
    at_last = await _read(web)

    assert "Not compared yet" in before
    assert "20 minutes ago : 1,200 orders, 1,431 packages and the stock of 10,000 items. 1 object differed." in at_first
    assert f"#1018 {LOST.sentence} It is being looked at again." in at_first
    assert f"{LOST.sentence} Held: Berlin has no warehouse." in later
    assert "1 object differed; all agree by now." in at_last


async def test_machines_are_told_the_same(web: httpx.AsyncClient, database: Database, acme: ShopDomain) -> None:
    await a_morning(database)
    await _fall_silent(database, acme)
    await _compare(database, None)

    said = (await web.get("/metrics")).text

    behind = re.search(r'crossdock_proof_behind_seconds\{connection="acme",flow="catalog"\} (\S+)', said)
    assert behind is not None
    assert 180 <= float(behind[1]) < 240
    assert 'crossdock_proof_behind_seconds{connection="acme",flow="inventory"} +Inf' in said
    assert 'crossdock_unheard_changes{store="acme.myshopify.com",topic="orders/create"} 3.0' in said
    assert 'crossdock_differences{connection="acme"} 1.0' in said


async def test_programs_are_told_the_same_of_all_connections_or_of_one(
    stranger: httpx.AsyncClient, database: Database, acme: ShopDomain
) -> None:
    stranger.headers.update(await a_token(database, Scope.READ))
    await a_morning(database)
    await _fall_silent(database, acme)
    await _compare(database, "Held: Berlin has no warehouse.")

    said = (await stranger.get("/api/proof")).json()
    of_acme = (await stranger.get("/api/proof?connection=acme%00")).json()
    unknown = await stranger.get("/api/proof?connection=nowhere")

    flows = {one["flow"]: one for one in said["flows"]}
    assert flows["fulfillments"]["longest"]["key"] == "gid://shopify/Order/1020"
    assert flows["fulfillments"]["behind_seconds"] is None
    assert 180 <= flows["catalog"]["behind_seconds"] < 240
    assert flows["orders"]["held"] == 2
    assert (flows["inventory"]["complete_to"], flows["inventory"]["noticed_to"]) == (None, None)
    assert [(one["topic"], one["changes"]) for one in said["silent_topics"]] == [("orders/create", 3)]
    assert [one["compared"] for one in said["compared"]] == [{"orders": 1200, "packages": 1431, "items": 10_000}]
    assert [(one["difference"]["title"], one["cause"]) for one in said["differences"]] == [
        ("#1018", "Held: Berlin has no warehouse.")
    ]
    assert [one["flow"] for one in of_acme["flows"]] == list(flows)
    assert (unknown.status_code, "There is no connection nowhere." in unknown.json()["error"]) == (422, True)
    TypeAdapter(ProofReport).validate_python(said)


async def test_who_asks_for_a_comparison_is_told_that_it_comes_and_what_came_of_it(
    web: httpx.AsyncClient, ada: Person, stranger: httpx.AsyncClient, database: Database, acme: ShopDomain
) -> None:
    offered = await _read(web)
    await web.post("/proof/reconcile", data=ada.form | {"connection": ACME}, headers=OURS)
    by_page = await _read(web)
    stranger.cookies.clear()
    stranger.headers.update(await a_token(database, Scope.OPERATE))
    asked = (await stranger.post(f"/api/proof/{ACME}/reconcile")).json()
    said = (await stranger.get("/api/proof")).json()
    await _compare(database, None)
    of_before = (await stranger.get("/api/proof")).json()["asked"]
    async with database.begin() as tx:
        await reconciliations.finished(tx, ACME, await watermarks.now(tx), Compared(), 0)

    assert "Compare now" in offered
    assert "A comparison was asked for a moment ago ; a worker begins it within a minute." in by_page
    assert "Compare now" not in by_page
    assert said["asked"] == of_before == [asked]
    assert (await stranger.get("/api/proof")).json()["asked"] == []
    async with database.begin() as tx:
        deeds = [(one.deed, one.object, one.actor.name) for one in (await audit.read(tx))[1]]
    assert deeds == [
        (Deed.REPAIR_ASKED, ACME, "program operate"),
        (Deed.REPAIR_ASKED, ACME, ada.email),
    ]


async def test_no_comparison_is_promised_where_the_hub_does_not_work(
    stranger: httpx.AsyncClient, database: Database, acme: ShopDomain
) -> None:
    stranger.headers.update(await a_token(database, Scope.OPERATE))
    async with database.begin() as tx:
        await stores.pause(tx, acme, "Stocktaking.")

    paused = await stranger.post(f"/api/proof/{ACME}/reconcile")
    unknown = await stranger.post("/api/proof/nowhere/reconcile")

    assert (paused.status_code, paused.json()["error"]) == (
        422,
        "acme.myshopify.com is paused: Stocktaking. Resume it first; then ask again.",
    )
    assert (unknown.status_code, "There is no connection nowhere." in unknown.json()["error"]) == (422, True)
    assert (await stranger.get("/api/proof")).json()["asked"] == []
