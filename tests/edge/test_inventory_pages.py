"""The pages of stock: each figure with its sum, what drifted, what waits for approval, one item's story, the mode."""

import html
import re
from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from tests.edge.edge_desk import Person, a_person, a_token, asked_for
from tests.edge.stock_seed import ACME, BERLIN, BOWL, LAMP, MUG, FakeOutside, a_shelf, stocked, would_empty

from crossdock.model.connection import StockMode
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, ShopDomain
from crossdock.model.people import Role, Scope
from crossdock.store import audit, connections, locations, stock_approvals
from crossdock.store.database import Database

OURS = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
AS_IT_SHOULD_BE = {(stocked(MUG), BERLIN): 10, (stocked(LAMP), BERLIN): -2, (stocked(BOWL), BERLIN): 5}


def _said(answer: httpx.Response) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", answer.text)))


def _items(answer: httpx.Response) -> list[str]:
    return re.findall(r"data-row>([A-Z]+)</a>", answer.text)


@pytest.fixture
def outside(app: FastAPI) -> FakeOutside:
    fake = FakeOutside(levels=AS_IT_SHOULD_BE)
    app.state.desk = replace(app.state.desk, both_sides=fake)
    return fake


@pytest.fixture(autouse=True)
async def _shelf(database: Database, acme: ShopDomain, outside: FakeOutside) -> None:
    await a_shelf(database)


async def test_every_linked_item_is_listed_with_its_sum(web: httpx.AsyncClient) -> None:
    page = await web.get("/inventory")

    assert _items(page) == ["BOWL", "LAMP", "MUG"]
    assert "11 at the warehouse, 1 sold and not yet seen, 0 buffer: publish 10" in _said(page)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=lamp", ["LAMP"]),
        ("q=MUG-01", ["MUG"]),
        ("q=oak", ["BOWL"]),
        ("q=100%25", []),
        ("show=drifted", ["BOWL"]),
        ("show=below_zero", ["LAMP"]),
        ("show=waiting", ["LAMP", "MUG"]),
        ("connection=other", []),
        ("after=acme+BOWL", ["LAMP", "MUG"]),
        ("show=nonsense&after=nowhere", ["BOWL", "LAMP", "MUG"]),
    ],
)
async def test_items_are_found_by_words_and_by_what_is_the_matter(
    web: httpx.AsyncClient, database: Database, query: str, found: list[str]
) -> None:
    await would_empty(database)

    assert _items(await web.get(f"/inventory?{query}")) == found


async def test_an_items_page_tells_its_sum_its_history_and_its_drift(web: httpx.AsyncClient) -> None:
    mug = _said(await web.get("/inventory/acme/MUG"))
    bowl = await web.get("/inventory/acme/BOWL")

    assert "From 12 to 10 units in 2 changes, 3 writes to Shopify; at least 9, at most 12." in mug
    assert "Shopify always held what was expected." in mug
    assert "3 more than expected; a person decides" in _said(bowl)
    assert "+3 edited in Shopify" in _said(bowl)


async def test_locations_are_called_by_their_names_once_they_are_known(
    web: httpx.AsyncClient, database: Database
) -> None:
    before = _said(await web.get("/inventory/acme/MUG"))
    async with database.begin() as tx:
        await locations.learn(tx, ConnectionId("acme"), {BERLIN: "Berlin Mitte"})

    assert f"Location {BERLIN.rsplit('/', 1)[-1]} " in before
    assert "Berlin Mitte Shopify may sell 10" in _said(await web.get("/inventory/acme/MUG"))
    assert "publish 10 at Berlin Mitte" in _said(await web.get("/inventory"))
    assert (await web.get("/api/inventory/acme/MUG")).json()["stocked"]["places"] == {BERLIN: "Berlin Mitte"}


async def test_an_item_that_is_not_linked_is_not_found(web: httpx.AsyncClient) -> None:
    answer = await web.get("/inventory/acme/GHOST")

    assert (answer.status_code, "No linked item of acme has the code GHOST" in _said(answer)) == (404, True)


@pytest.mark.parametrize(("word", "kind"), [("accept", "keep"), ("revert", "revert")])
async def test_an_operator_decides_about_an_edit(
    stranger: httpx.AsyncClient, database: Database, word: str, kind: str
) -> None:
    operator = await a_person(database, Role.OPERATOR)
    operator.sit_down(stranger)
    form = operator.form | {"connection": "acme", "item": stocked(BOWL), "word": word}

    answer = await stranger.post("/inventory/decide", data=form, headers=OURS)

    async with database.begin() as tx:
        told = (await tx.execute(text("SELECT kind FROM level_news"))).scalars().all()
        _, [entry, *_] = await audit.read(tx)
    assert (answer.status_code, answer.headers["location"]) == (303, "/inventory/acme/BOWL")
    assert told == [kind]
    assert entry.object == "acme BOWL"


async def test_what_was_not_edited_cannot_be_decided_about(web: httpx.AsyncClient, ada: Person) -> None:
    form = ada.form | {"connection": "acme", "item": "MUG", "word": "accept"}

    answer = await web.post("/inventory/decide", data=form, headers=OURS)

    assert (answer.status_code, "Nothing that the hub knows of was edited at MUG" in _said(answer)) == (422, True)


async def test_what_would_be_emptied_is_shown_and_approved(
    web: httpx.AsyncClient, ada: Person, database: Database
) -> None:
    await would_empty(database)

    before = _said(await web.get("/inventory"))
    answer = await web.post("/inventory/approve", data=ada.form | {"connection": "acme", "minutes": "30"}, headers=OURS)

    async with database.begin() as tx:
        approved = await stock_approvals.is_approved(tx, ACME)
        again = (await tx.execute(text("SELECT count(*) FROM news WHERE flow = 'inventory'"))).scalar_one()
    assert "2 items of acme would become empty" in before
    assert (answer.status_code, approved, again) == (303, True, 2)


async def test_an_item_is_looked_at_again(web: httpx.AsyncClient, ada: Person, database: Database) -> None:
    await web.post("/inventory/look-again", data=ada.form | {"connection": "acme", "item": "MUG"}, headers=OURS)

    assert await asked_for(database) == [("acme", Flow.INVENTORY, stocked(MUG))]


async def test_the_mode_is_switched_where_nothing_differs(
    web: httpx.AsyncClient, ada: Person, database: Database, outside: FakeOutside
) -> None:
    outside.levels = {level: units for level, units in AS_IT_SHOULD_BE.items() if level != (stocked(BOWL), BERLIN)}

    compared = _said(await web.post("/inventory-mode/acme/compare", data=ada.form, headers=OURS))
    switched = await web.post("/inventory-mode/acme/switch", data=ada.form | {"mode": "delta"}, headers=OURS)

    assert "3 levels read" in compared
    assert "acme is now in delta mode." in _said(switched)
    assert await _mode(database) is StockMode.DELTA


async def test_over_levels_that_differ_the_mode_is_switched_only_knowingly(
    web: httpx.AsyncClient, ada: Person, database: Database, outside: FakeOutside
) -> None:
    outside.levels = AS_IT_SHOULD_BE | {(stocked(MUG), BERLIN): 17}

    compared = _said(await web.post("/inventory-mode/acme/compare", data=ada.form, headers=OURS))
    refused = await web.post("/inventory-mode/acme/switch", data=ada.form | {"mode": "delta"}, headers=OURS)
    after = await _mode(database)
    adopting = ada.form | {"mode": "delta", "adopt": "true"}
    adopted = await web.post("/inventory-mode/acme/switch", data=adopting, headers=OURS)

    assert "7 units more than the hub knows of" in compared
    assert (refused.status_code, after) == (422, StockMode.ABSOLUTE)
    assert (adopted.status_code, await _mode(database)) == (200, StockMode.DELTA)


async def test_what_differs_is_published_by_the_next_look(
    web: httpx.AsyncClient, ada: Person, database: Database, outside: FakeOutside
) -> None:
    outside.levels = AS_IT_SHOULD_BE | {(stocked(MUG), BERLIN): 17}

    await web.post("/inventory-mode/acme/publish", data=ada.form, headers=OURS)

    assert ("acme", Flow.INVENTORY, stocked(MUG)) in await asked_for(database)


async def test_a_process_that_asks_nobody_says_so(web: httpx.AsyncClient, ada: Person, app: FastAPI) -> None:
    app.state.desk = replace(app.state.desk, both_sides=None)

    answer = await web.post("/inventory-mode/acme/compare", data=ada.form, headers=OURS)

    assert (answer.status_code, "Use the command line." in _said(answer)) == (422, True)


async def test_a_program_reads_and_decides_the_same(stranger: httpx.AsyncClient, database: Database) -> None:
    await would_empty(database)
    operate = await a_token(database, Scope.OPERATE)

    first = (await stranger.get("/api/inventory?limit=2", headers=operate)).json()
    rest = (await stranger.get("/api/inventory", params={"after": first["after"]}, headers=operate)).json()
    story = (await stranger.get("/api/inventory/acme/MUG", headers=operate)).json()
    decided = await stranger.post(
        "/api/inventory/acme/decide", json={"item": "BOWL", "word": "revert"}, headers=operate
    )
    approved = await stranger.post("/api/inventory/acme/approve", json={"minutes": 5}, headers=operate)
    looked = await stranger.post("/api/inventory/acme/look-again", json={"item": "MUG"}, headers=operate)
    wrong = await stranger.post("/api/inventory/acme/decide", json={"item": "MUG", "word": "maybe"}, headers=operate)

    assert ([one["item"] for one in first["items"]], [one["item"] for one in rest["items"]]) == (
        ["BOWL", "LAMP"],
        ["MUG"],
    )
    assert [one["publish"] for one in story["noted"]] == [10, 9, 12]
    assert decided.json()["levels"] == [{"location": BERLIN, "units": 3}]
    assert approved.json() == {"connection": "acme", "for_seconds": 300.0, "marked": 2}
    assert looked.json() == {"item": "MUG", "marked": 1}
    assert (wrong.status_code, wrong.json()["error"]) == (422, "'maybe' is no word for an edit. Say accept or revert.")


async def _mode(database: Database) -> StockMode:
    async with database.begin() as tx:
        return (await connections.get(tx, ACME)).rules.inventory.mode
