"""From where orders ship is said in a form: tried on past decisions, kept by admins, refused in a sentence."""

import html
import re

import httpx
import pytest
from tests.cli.test_routing_commands import FACTS, HAMBURG, LEIPZIG, ORDER
from tests.edge.edge_desk import Person, a_person, a_token

from crossdock.model.connection import Rules
from crossdock.model.names import ConnectionId, ShopDomain
from crossdock.model.people import Role, Scope
from crossdock.model.route import Route
from crossdock.model.routing import route
from crossdock.model.routing_rules import By, Mode, Otherwise, RoutingRules, RoutingStep
from crossdock.store import connections, locations, routes
from crossdock.store.database import Database

OURS = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
PAGE = "/connections/acme/routing"
ACME = ConnectionId("acme")
STEPS = {
    "by.0": "stock",
    "split.0": "true",
    "place.0": "2",
    "by.1": "tag",
    "tags.1": "express, fragile",
    "locations.1": "hamburg",
    "place.1": "1",
    "mode": "on",
    "otherwise": "hold",
}


@pytest.fixture(autouse=True)
async def _decided(database: Database, acme: ShopDomain) -> None:
    """One order was decided about: Leipzig, for it has everything."""
    made = Route(1, FACTS, route(FACTS, RoutingRules(steps=(RoutingStep(By.STOCK),))))
    async with database.begin() as tx:
        assert (await connections.get(tx, ACME)).store == acme
        await routes.decided(tx, ACME, {ORDER: made})
        await locations.learn(tx, ACME, {HAMBURG: "Hamburg", LEIPZIG: "Leipzig"})


def _said(answer: httpx.Response) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", answer.text)))


async def _routing(database: Database) -> RoutingRules:
    async with database.begin() as tx:
        return (await connections.get(tx, ACME)).rules.routing


async def test_steps_are_tried_then_kept_in_the_order_that_was_asked_for(
    web: httpx.AsyncClient, ada: Person, database: Database
) -> None:
    tried = _said(await web.post(f"{PAGE}/try", data=ada.form | STEPS, headers=OURS))
    untouched = await _routing(database)
    kept = await web.post(PAGE, data=ada.form | STEPS, headers=OURS)

    assert "1 order of the last 500 decisions would ship from elsewhere" in tried
    assert "Leipzig → Hamburg" in tried
    assert untouched == Rules().routing
    assert kept.status_code == 303
    assert await _routing(database) == RoutingRules(
        mode=Mode.ON,
        steps=(
            RoutingStep(By.TAG, (HAMBURG,), tags=("express", "fragile")),
            RoutingStep(By.STOCK, split=True),
        ),
        otherwise=Otherwise.HOLD,
    )
    page = await web.get(PAGE)
    assert 'value="Hamburg"' in page.text
    assert "Has everything: Leipzig (Hamburg lacks 1 MUG)." in _said(page)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"by.0": "tag", "tags.0": "b2b"}, "A step by tag in routing.steps names no locations."),
        ({"by.0": "prefer", "locations.0": "Bremen"}, "No location is called 'Bremen' here. Write its number."),
        ({"by.0": "country", "countries.0": "Germany", "locations.0": "1"}, "'GERMANY' is no country."),
        ({"by.0": "price"}, "No step goes by 'price'."),
        ({"mode": "maybe"}, "'maybe' is not a valid Mode here. Choose one of those that the form offers."),
    ],
)
async def test_what_cannot_be_is_refused_in_a_sentence_and_stays_in_the_form(
    web: httpx.AsyncClient, ada: Person, database: Database, typed: dict[str, str], sentence: str
) -> None:
    answer = await web.post(PAGE, data=ada.form | typed, headers=OURS)

    assert answer.status_code == 422
    assert sentence in _said(answer)
    assert all(f'value="{text}"' in answer.text for name, text in typed.items() if name.startswith("locations"))
    assert await _routing(database) == Rules().routing


@pytest.mark.parametrize(("role", "tries"), [(Role.VIEWER, 403), (Role.OPERATOR, 200)])
async def test_others_see_it_and_cannot_keep_it(
    stranger: httpx.AsyncClient, database: Database, role: Role, tries: int
) -> None:
    person = await a_person(database, role)
    person.sit_down(stranger)

    seen = await stranger.get(PAGE)
    tried = await stranger.post(f"{PAGE}/try", data=person.form | STEPS, headers=OURS)
    kept = await stranger.post(PAGE, data=person.form | STEPS, headers=OURS)

    assert "Leipzig" in _said(seen)
    assert "formaction" not in seen.text
    assert (tried.status_code, kept.status_code) == (tries, 403)
    assert await _routing(database) == Rules().routing


async def test_programs_explain_replay_and_set_it(stranger: httpx.AsyncClient, database: Database) -> None:
    shown = await a_token(database, Scope.ADMIN)
    rules = {"steps": [{"by": "prefer", "locations": ["1"]}]}

    explained = await stranger.get(f"/api/routing/acme/orders/{ORDER}", headers=shown)
    replayed = await stranger.post("/api/routing/acme/replay", headers=shown, json={"rules": rules, "last": 5})
    refused = await stranger.post("/api/routing/acme", headers=shown, json={"rules": {"steps": [{"by": "tag"}]}})
    kept = await stranger.post("/api/routing/acme", headers=shown, json={"rules": rules})

    assert explained.json()["decisions"][0]["routed"]["places"] == ["Leipzig"]
    assert [one["replayed"] for one in replayed.json()["differing"]] == ["Hamburg"]
    assert refused.status_code == 422
    assert kept.json() == (await stranger.get("/api/routing/acme", headers=shown)).json()
    assert (await _routing(database)).steps == (RoutingStep(By.PREFER, (HAMBURG,)),)
    assert LEIPZIG not in (await _routing(database)).steps[0].locations
