"""The page of what is held: people take it on, put it aside, say it is done with, and put right what is one form."""

import html
import re
from collections.abc import Mapping
from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from tests.edge.edge_desk import Person, a_person, a_token, asked_for
from tests.edge.stock_seed import ACME, BLUE, BOWL, MUG, PLATE, RED, FakeOutside, a_shelf, linked, stocked, variant

from crossdock.model.cause import Cause, Hold
from crossdock.model.deed import Deed
from crossdock.model.flow import Flow
from crossdock.model.names import LocationId, ShopDomain
from crossdock.model.people import Role, Scope
from crossdock.store import audit, holds, locations
from crossdock.store.database import Database
from crossdock.store.reads import health, troubles

OURS = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
BLUE_MUG, LARGE_PLATE = (f"acme catalog {variant(number)}" for number in (BLUE, PLATE))


def _said(answer: httpx.Response) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", answer.text)))


def _in_order(answer: httpx.Response) -> list[str]:
    return re.findall(r'class="what"><code>([^<]*)</code>', answer.text)


def _listed(answer: httpx.Response) -> set[str]:
    return set(_in_order(answer))


ALL = {"ProductVariant/4", "ProductVariant/5", "ProductVariant/6", "InventoryItem/3"}


@pytest.fixture(autouse=True)
async def _shelf(database: Database, acme: ShopDomain) -> None:
    await a_shelf(database)


async def _open(database: Database) -> tuple[int, int]:
    """How many count as held, for the frame of every page and for alerts."""
    async with database.begin() as tx:
        [standing] = await health.standings(tx)
        return standing.held, sum(one.count for one in await troubles.troubles(tx) if one.topic.value == "holds")


async def _again(database: Database, detail: str) -> None:
    """The next look at the blue mug finds this."""
    async with database.begin() as tx:
        await holds.hold(tx, ACME, Flow.CATALOG, {variant(BLUE): Hold(Cause.ITEM_MISSING, detail)})


async def test_what_is_ticked_becomes_somebodys_task(
    web: httpx.AsyncClient, ada: Person, stranger: httpx.AsyncClient, database: Database
) -> None:
    grace = await a_person(database, Role.OPERATOR, "grace")
    form = ada.form | {"held": [BLUE_MUG, LARGE_PLATE], "to": grace.email}

    answer = await web.post("/holds/assign", data=form, headers=OURS)
    grace.sit_down(stranger)
    mine = await stranger.get("/holds?show=mine")

    async with database.begin() as tx:
        _, [entry, *_] = await audit.read(tx)
    assert (answer.status_code, _listed(mine)) == (303, {"ProductVariant/4", "ProductVariant/6"})
    assert (entry.deed, entry.after) == (
        Deed.HOLD_ASSIGNED,
        {"to": "grace@acme.test", "held": [variant(BLUE), variant(PLATE)]},
    )


async def test_what_is_snoozed_counts_nowhere_and_comes_back_by_itself(
    web: httpx.AsyncClient, ada: Person, database: Database
) -> None:
    before = await _open(database)

    await web.post("/holds/snooze", data=ada.form | {"held": [BLUE_MUG], "hours": "24"}, headers=OURS)
    snoozed = await _open(database)
    listed, aside = _listed(await web.get("/holds")), _listed(await web.get("/holds?show=snoozed"))
    async with database.begin() as tx:
        await tx.execute(text("UPDATE holds SET snoozed_until = snoozed_until - interval '25 hours'"))

    assert (before, snoozed, await _open(database)) == ((4, 4), (3, 3), (4, 4))
    assert (listed, aside) == (ALL - {"ProductVariant/4"}, {"ProductVariant/4"})
    assert _listed(await web.get("/holds")) == ALL


@pytest.mark.parametrize(("word", "form"), [("snooze", {"hours": "24"}), ("resolve", {"note": "Sold out."})])
async def test_what_is_put_aside_stays_so_until_a_look_finds_something_else(
    web: httpx.AsyncClient, ada: Person, database: Database, word: str, form: Mapping[str, str]
) -> None:
    await web.post(f"/holds/{word}", data=ada.form | {"held": [BLUE_MUG], **form}, headers=OURS)

    await _again(database, "“Enamel mug, blue”: no item has SKU mug-blue.")
    same = await _open(database)
    await _again(database, "“Enamel mug, blue”: no item has SKU mug-blau.")

    assert (same, await _open(database)) == ((3, 3), (4, 4))


async def test_what_is_resolved_says_how_and_can_be_opened_again(
    web: httpx.AsyncClient, ada: Person, database: Database
) -> None:
    await web.post("/holds/resolve", data=ada.form | {"held": [BLUE_MUG], "note": "Sold out."}, headers=OURS)
    resolved = await web.get("/holds?show=resolved")

    await web.post("/holds/reopen", data=ada.form | {"held": [BLUE_MUG]}, headers=OURS)

    async with database.begin() as tx:
        _, entries = await audit.read(tx)
    assert (_listed(resolved), "“Sold out.”" in _said(resolved)) == ({"ProductVariant/4"}, True)
    assert _listed(await web.get("/holds")) == ALL
    assert [one.deed for one in entries] == [Deed.HOLD_REOPENED, Deed.HOLD_RESOLVED]
    assert "Sold out." not in str([one.after for one in entries])


@pytest.mark.parametrize(
    ("word", "form", "why"),
    [
        ("resolve", {"held": [BLUE_MUG], "note": " "}, "Say in up to 500 characters how it was resolved"),
        ("snooze", {"hours": "4"}, "Nothing is chosen."),
        ("assign", {"held": [BLUE_MUG], "to": "nobody@acme.test"}, "nobody@acme.test"),
        ("retry", {"held": ["nonsense"]}, "What was ticked cannot be read."),
    ],
)
async def test_what_cannot_be_done_is_said_on_the_page(
    web: httpx.AsyncClient, ada: Person, word: str, form: Mapping[str, str], why: str
) -> None:
    answer = await web.post(f"/holds/{word}", data=ada.form | dict(form), headers=OURS)

    assert (answer.status_code, why in _said(answer)) == (422, True)


async def test_what_is_ticked_or_all_alike_is_looked_at_again(
    web: httpx.AsyncClient, ada: Person, database: Database
) -> None:
    await web.post("/holds/retry", data=ada.form | {"held": [LARGE_PLATE]}, headers=OURS)
    chosen = await asked_for(database)
    await web.post("/holds/look-again", data=ada.form | {"connection": "acme", "cause": "item_missing"}, headers=OURS)

    assert chosen == [("acme", Flow.CATALOG, variant(PLATE))]
    assert {key for _, _, key in await asked_for(database)} == {variant(BLUE), variant(PLATE)}


async def test_of_very_many_alike_some_are_shown_and_all_are_leafed_through(
    web: httpx.AsyncClient, stranger: httpx.AsyncClient, database: Database
) -> None:
    keys = [f"gid://shopify/Order/{number:04}" for number in range(250)]
    async with database.begin() as tx:
        why = Hold(Cause.RISKY, "Shopify advises against it.")
        await holds.hold(tx, ACME, Flow.ORDERS, dict.fromkeys(keys, why))

    pages = [await web.get("/holds")]
    link = re.search(r'href="([^"]*)">See all 250</a>', pages[0].text)
    while link:
        pages.append(await web.get(html.unescape(link[1])))
        link = re.search(r'href="([^"]*)" rel="next"', pages[-1].text)
    stranger.headers.update(await a_token(database, Scope.READ))
    these = {"connection": ACME, "cause": "risky", "limit": "200"}
    [first] = (await stranger.get("/api/holds", params=these)).json()["groups"]
    [rest] = (await stranger.get("/api/holds", params=these | {"after": first["group"]["after"]})).json()["groups"]
    whose = await stranger.get("/api/holds", params={"after": first["group"]["after"]})

    orders = [[one for one in _in_order(page) if one.startswith("Order/")] for page in pages]
    assert [len(some) for some in orders] == [20, 100, 100, 50]
    assert [f"gid://shopify/{one}" for some in orders[1:] for one in some] == keys
    assert [one["key"] for group in (first, rest) for one in group["group"]["objects"]] == keys
    assert (first["group"]["many"], rest["group"]["many"], rest["group"]["after"]) == (250, 250, None)
    assert (whose.status_code, "Give both, as they were." in whose.json()["error"]) == (422, True)


async def test_a_page_that_was_emptied_meanwhile_leads_back_to_all_causes(web: httpx.AsyncClient) -> None:
    said = _said(await web.get("/holds?connection=acme&cause=risky"))

    assert "Nothing is left here All causes" in said


async def test_a_variant_is_linked_where_it_is_held(
    web: httpx.AsyncClient, ada: Person, app: FastAPI, database: Database
) -> None:
    app.state.desk = replace(app.state.desk, both_sides=FakeOutside())
    form = ada.form | {"connection": "acme", "variant": variant(PLATE), "item": "PLATE-L", "back": "/holds"}

    answer = await web.post("/catalog/link", data=form, headers=OURS)

    assert (answer.status_code, answer.headers["location"]) == (303, "/holds")
    assert (await linked(database))[str(PLATE)] == "PLATE-L"


async def test_a_location_is_mapped_where_it_is_held(
    web: httpx.AsyncClient, ada: Person, app: FastAPI, database: Database
) -> None:
    place = "gid://shopify/Location/77"
    outside = FakeOutside()
    app.state.desk = replace(app.state.desk, both_sides=outside)
    async with database.begin() as tx:
        hold = Hold(Cause.LOCATION_UNMAPPED, "#1 is to ship from Hamburg, which no warehouse serves.", (place,))
        await holds.hold(tx, ACME, Flow.ORDERS, {"gid://shopify/Order/1": hold})
        await locations.learn(tx, ACME, {LocationId(place): "Hamburg"})
    form = ada.form | {"connection": "acme", "location": place, "warehouse": "EAST"}

    offered = (await web.get("/holds")).text
    await web.post("/holds/map-location", data=form, headers=OURS)
    outside.silent = "The backend of acme has no warehouse 'WEST'."
    refused = await web.post("/holds/map-location", data=form | {"warehouse": "WEST"}, headers=OURS)

    assert f'name="location" value="{place}"' in offered
    assert "Warehouse for Hamburg" in offered
    assert outside.mapped == [(ada.email, place, "EAST")]
    assert (refused.status_code, "has no warehouse 'WEST'" in _said(refused)) == (422, True)


async def test_an_edit_of_stock_is_decided_where_it_is_held(web: httpx.AsyncClient) -> None:
    assert f'name="item" value="{stocked(BOWL)}"' in (await web.get("/holds")).text


async def test_a_viewer_sees_it_all_and_is_offered_nothing(stranger: httpx.AsyncClient, database: Database) -> None:
    viewer = await a_person(database, Role.VIEWER)
    viewer.sit_down(stranger)

    page = await stranger.get("/holds")

    assert (_listed(page), "<form" in page.text) == (ALL, False)


async def test_a_program_does_the_same(stranger: httpx.AsyncClient, database: Database) -> None:
    operate = await a_token(database, Scope.OPERATE)
    one = {"held": [{"connection": "acme", "flow": "catalog", "key": variant(RED)}]}

    done = [
        (await stranger.post(f"/api/holds/{word}", json=one | more, headers=operate)).json()
        for word, more in (("snooze", {"hours": 2}), ("reopen", {}), ("resolve", {"note": "Fine."}), ("retry", {}))
    ]
    gone = {"held": [{"connection": "acme", "flow": "catalog", "key": variant(MUG)}]}
    nobody = await stranger.post("/api/holds/snooze", json=gone | {"hours": 2}, headers=operate)
    groups = (await stranger.get("/api/holds?show=resolved", headers=operate)).json()["groups"]
    wrong = await stranger.post("/api/holds/resolve", json=one | {"note": ""}, headers=operate)

    assert done == [{"snoozed": 1}, {"reopened": 1}, {"resolved": 1}, {"marked": 1}]
    assert nobody.json() == {"snoozed": 0}
    assert [(each["group"]["cause"], each["group"]["objects"][0]["note"]) for each in groups] == [
        ("item_ambiguous", "Fine.")
    ]
    assert (wrong.status_code, "how it was resolved" in wrong.json()["error"]) == (422, True)
