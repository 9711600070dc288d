"""Every route says who may use it, and is refused with a sentence to everybody who may less."""

import re
from collections.abc import Iterator

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute
from tests.edge.edge_desk import Person, a_person, a_token

from crossdock.app.warehouse.api import warehouse_api
from crossdock.backends.builtin.floor import WarehouseFloor
from crossdock.edge import web as web_module
from crossdock.edge.desk import Desk
from crossdock.edge.visitors import Needs, NeedsMetrics, NeedsNobody, NeedsNothing, declared, served
from crossdock.edge.web import web_app
from crossdock.model.people import Role, Scope
from crossdock.store.database import Database

OPEN = {
    "GET /healthz",
    "GET /readyz",
    "GET /metrics",
    "GET /login",
    "POST /login",
    "GET /welcome/{token}",
    "POST /welcome/{token}",
    "GET /webhooks/echo/{word}",
}
"""All that anybody may ask for, beside webhooks (which are signed) and static files."""

OURS = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}


@pytest.fixture
def whole(app: FastAPI, database: Database) -> FastAPI:
    """The web application with everything that stands beside it; nobody gets as far as the warehouse's floor."""
    desk: Desk = app.state.desk
    return web_app(desk, {"/api/warehouse": warehouse_api(WarehouseFloor.__new__(WarehouseFloor))})


@pytest.fixture
async def stranger(whole: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=whole), base_url="http://crossdock.test")


def _routes(app: FastAPI) -> Iterator[tuple[str, str, APIRoute]]:
    """Every route by method and by path, its parameters filled in."""
    for path, route in served(app.routes):
        if isinstance(route, APIRoute):
            for method in sorted(route.methods or ()):
                yield method, path, route


def _address(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "1", path)


def test_what_is_open_is_what_is_meant_to_be(whole: FastAPI) -> None:
    found = {
        f"{method} {path}"
        for method, path, route in _routes(whole)
        if isinstance(declared(route), NeedsNothing | NeedsNobody | NeedsMetrics)
    }

    assert found == OPEN


def test_what_changes_something_needs_more_than_a_viewer(whole: FastAPI) -> None:
    theirs = {"POST /logout", "POST /account/password"}
    lenient = {
        f"{method} {path}"
        for method, path, route in _routes(whole)
        if method != "GET" and declared(route) == Needs(Role.VIEWER)
    }

    assert lenient == theirs


async def test_nobody_gets_anything_that_is_not_open(whole: FastAPI, stranger: httpx.AsyncClient) -> None:
    answers = {
        f"{method} {path}": (await stranger.request(method, _address(path))).status_code
        for method, path, _ in _routes(whole)
        if f"{method} {path}" not in OPEN
    }

    assert len(answers) > 30
    assert {route: status for route, status in answers.items() if status != 401} == {}


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
async def test_a_lesser_role_gets_a_sentence_at_every_route_that_needs_more(
    whole: FastAPI, stranger: httpx.AsyncClient, database: Database, role: Role
) -> None:
    person = await a_person(database, role)
    person.sit_down(stranger)

    answers = {
        f"{method} {path}": await stranger.request(
            method, _address(path), headers=OURS, data=person.form if method == "POST" and "/api/" not in path else None
        )
        for method, path, route in _routes(whole)
        if isinstance(need := declared(route), Needs) and not role.covers(need.role)
    }

    assert len(answers) >= 10
    assert {
        route: (answer.status_code, answer.text)
        for route, answer in answers.items()
        if answer.status_code != 403 or f"{person.email} is a" not in answer.text
    } == {}


@pytest.mark.parametrize("scope", [Scope.READ, Scope.OPERATE, Scope.METRICS])
async def test_a_token_opens_what_its_scope_says_and_no_more(
    whole: FastAPI, stranger: httpx.AsyncClient, database: Database, scope: Scope
) -> None:
    shown = await a_token(database, scope)

    statuses = {
        f"{method} {path}": (await stranger.request(method, _address(path), headers=shown)).status_code
        for method, path, route in _routes(whole)
        if isinstance(need := declared(route), Needs) and not (scope.role and scope.role.covers(need.role))
    }

    assert len(statuses) >= 10
    assert set(statuses.values()) == {403}


def test_a_route_that_says_nothing_is_not_served(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    forgetful = APIRouter()

    @forgetful.get("/alerts")
    async def list_alerts() -> None:
        """Say nothing about who may see them."""

    monkeypatch.setattr(web_module, "PORTAL", (*web_module.PORTAL, forgetful))

    with pytest.raises(TypeError, match=r"/alerts does not say who may use it\. Give .*list_alerts a parameter"):
        web_app(app.state.desk)


def test_what_cannot_ask_who_comes_is_not_served_beside_it(app: FastAPI) -> None:
    described = FastAPI(dependencies=[Depends(Needs(Role.ADMIN))])  # FastAPI serves its description to everybody

    with pytest.raises(TypeError, match=r"/api/carriers/openapi\.json is no route of FastAPI's"):
        web_app(app.state.desk, {"/api/carriers": described})


async def test_what_a_visitor_may_not_do_is_not_offered(
    stranger: httpx.AsyncClient, database: Database, ada: Person
) -> None:
    seen = {}
    for person in (await a_person(database, Role.VIEWER), ada):
        person.sit_down(stranger)
        seen[person.email] = (await stranger.get("/")).text

    assert 'href="/users"' not in seen["viewer@acme.test"]
    assert 'href="/users"' in seen["ada@acme.test"]
