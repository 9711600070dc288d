"""`/api/stock-mode`: a program compares all levels, has what differs published, and switches how stock is written."""

from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI
from pydantic import TypeAdapter
from tests.edge.edge_desk import a_token, asked_for
from tests.edge.stock_seed import ACME, BERLIN, LAMP, MUG, FakeOutside, a_shelf, stocked

from crossdock.edge import mode_changes
from crossdock.edge.drift_report import DriftReport
from crossdock.edge.mode_changes import Published, Switched
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, ShopDomain
from crossdock.model.people import Scope
from crossdock.store import audit, locations
from crossdock.store.database import Database

MODE = "/api/stock-mode/acme"
AGREED = {(stocked(MUG), BERLIN): 10, (stocked(LAMP), BERLIN): -2}
SEVEN_MORE = {(stocked(MUG), BERLIN): 17, (stocked(LAMP), BERLIN): -2}


@pytest.fixture
def outside(app: FastAPI) -> FakeOutside:
    fake = FakeOutside(levels=SEVEN_MORE)
    app.state.desk = replace(app.state.desk, both_sides=fake)
    return fake


@pytest.fixture
async def program(
    stranger: httpx.AsyncClient, database: Database, acme: ShopDomain, outside: FakeOutside
) -> httpx.AsyncClient:
    await a_shelf(database)
    stranger.headers.update(await a_token(database, Scope.ADMIN))
    return stranger


async def test_a_comparison_lists_what_differs_and_what_was_found_before(
    program: httpx.AsyncClient, database: Database
) -> None:
    async with database.begin() as tx:
        await locations.learn(tx, ConnectionId("acme"), {BERLIN: "Berlin Mitte"})

    said = (await program.post(f"{MODE}/compare")).json()
    whole = (await program.post(f"{MODE}/compare?every=true")).json()

    [mug] = said["listed"]
    [before] = said["found_before"]
    assert (said["levels"], said["differing"]) == (3, 1)
    assert (mug["item"], mug["place"], mug["shopify_has"], mug["believed"], mug["publish"]) == (
        "MUG", "Berlin Mitte", 17, 10, 10,
    )  # fmt: skip
    assert (mug["differs"], mug["moved"]) == (True, True)
    assert (before["code"], before["place"], before["units"], before["found"]) == ("BOWL", "Berlin Mitte", 3, 8)
    assert {one["item"] for one in whole["listed"]} == {"MUG", "LAMP", "BOWL"}
    assert await asked_for(database) == []
    TypeAdapter(DriftReport).validate_python(said)


async def test_what_differs_is_published_by_the_next_look(program: httpx.AsyncClient, database: Database) -> None:
    said = (await program.post(f"{MODE}/publish")).json()

    assert [(one["item"], one["shopify_has"]) for one in said["published"]] == [("MUG", 17)]
    assert await asked_for(database) == [("acme", Flow.INVENTORY, stocked(MUG))]
    TypeAdapter(Published).validate_python(said)


async def test_over_levels_that_differ_delta_mode_begins_only_where_that_is_said(
    program: httpx.AsyncClient, database: Database
) -> None:
    refused = await program.post(f"{MODE}/switch", json={"mode": "delta"})
    before = (await program.get(MODE)).json()
    adopted = (await program.post(f"{MODE}/switch", json={"mode": "delta", "adopt": True})).json()
    again = (await program.post(f"{MODE}/switch", json={"mode": "delta"})).json()

    async with database.begin() as tx:
        deeds = [one.deed.value for one in (await audit.read(tx))[1]]
    assert (refused.status_code, refused.json()["error"].startswith("Some levels differ.")) == (422, True)
    assert before == {"connection": ACME, "mode": "absolute"}
    assert (adopted["switched"], [one["item"] for one in adopted["differed"]]) == (True, ["MUG"])
    assert again == {"connection": ACME, "mode": "delta", "switched": False, "differed": []}
    assert deeds == ["rules changed"]
    TypeAdapter(Switched).validate_python(adopted)


async def test_where_nothing_differs_it_is_switched_at_once(program: httpx.AsyncClient, outside: FakeOutside) -> None:
    outside.levels = AGREED

    switched = (await program.post(f"{MODE}/switch", json={"mode": "delta"})).json()

    assert (switched["switched"], switched["differed"]) == (True, [])


async def test_what_cannot_be_done_is_refused_in_a_sentence(
    program: httpx.AsyncClient, database: Database, outside: FakeOutside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mode_changes, "AT_ONCE", 2)
    answers = [
        await program.post(f"{MODE}/switch", json={"mode": "absolute", "adopt": True}),
        await program.post(f"{MODE}/switch", json={"mode": "sometimes"}),
        await program.post(f"{MODE}/switch", json={"mode": "delta", "adopt": True}),
        await program.post(f"{MODE}/publish"),
        await program.post("/api/stock-mode/nowhere/compare"),
    ]

    said = [answer.json()["error"] for answer in answers]
    assert [answer.status_code for answer in answers] == [422] * 5
    assert said[0].startswith("Only delta mode begins from what Shopify has")
    assert "mode" in said[1]
    assert "acme has 3 linked items" in said[2]
    assert "acme has 3 linked items" in said[3]
    assert "There is no connection nowhere." in said[4]
    assert outside.asked == []


async def test_who_is_no_admin_neither_compares_nor_switches(program: httpx.AsyncClient, database: Database) -> None:
    program.headers.update(await a_token(database, Scope.OPERATE))

    answers = [
        await program.get(MODE),
        *[await program.post(f"{MODE}/{act}", json={"mode": "delta"}) for act in ("compare", "publish", "switch")],
    ]

    assert {answer.status_code for answer in answers} == {403}
