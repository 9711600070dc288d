"""`/api/orders`: programs act on orders as people do, each with the scope that it needs; the API describes itself."""

import re
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import TypeAdapter
from tests.edge.edge_desk import a_token, asked_for
from tests.edge.portal_seed import ACME, a_morning, order_id
from tests.edge.stock_seed import a_shelf
from tests.edge.test_an_orders_page import KEY, TERMS, OneField, OneReplay

from crossdock.edge.visitors import served
from crossdock.model.answer import Answer, Word
from crossdock.model.cause import Cause, Hold
from crossdock.model.flow import Flow
from crossdock.model.money_move import Say
from crossdock.model.names import ShopDomain
from crossdock.model.people import Scope
from crossdock.store import answers, holds, money_moves, overrides, requests
from crossdock.store.database import Database

OURS = "/api/orders/acme/1020"


@pytest.fixture(autouse=True)
async def _order(app: FastAPI, database: Database, acme: ShopDomain) -> None:
    await a_morning(database)
    async with database.begin() as tx:
        await requests.agreed(tx, ACME, TERMS)
    app.state.desk = replace(app.state.desk, replays=OneReplay(), mappings=OneField())


@pytest.fixture
async def program(stranger: httpx.AsyncClient, database: Database) -> httpx.AsyncClient:
    """A program that may act."""
    stranger.headers.update(await a_token(database, Scope.OPERATE))
    return stranger


async def test_an_order_is_set_and_unset(program: httpx.AsyncClient, database: Database) -> None:
    wanted = {"fields": {"ship_to.zip": "24103", "fields.priority": "07"}, "why": "They moved."}
    done = await program.post(f"{OURS}/override", json=wanted)
    whole = (await program.get(OURS)).json()
    undone = await program.post(f"{OURS}/undo-override", json={"fields": ["ship_to.zip"]})

    async with database.begin() as tx:
        kept = (await overrides.of_orders(tx, ACME, [order_id(1020)]))[order_id(1020)]
    assert done.json() == {"order": "#1020", "fields": {"ship_to.zip": "24103", "fields.priority": "7"}}
    assert [one["override"]["field"] for one in whole["said"]["set_by_hand"]] == ["fields.priority", "ship_to.zip"]
    assert undone.json() == {"order": "#1020", "fields": ["ship_to.zip"]}
    assert kept.keys() == {"fields.priority"}


async def test_a_dry_replay_does_nothing_and_another_has_it_done(
    program: httpx.AsyncClient, database: Database
) -> None:
    dry = (await program.post(f"{OURS}/replay?dry=true")).json()
    before = await asked_for(database)
    done = (await program.post(f"{OURS}/replay")).json()

    assert dry["requests"][0]["differs"] == [
        {"title": "Note", "before": "Ring twice", "after": "Ring once", "who": "Shopify"}
    ]
    assert (dry["done"], done["done"]) == (False, True)
    assert before == []
    of_orders = {Flow.ORDERS, Flow.FULFILLMENTS, Flow.RETURNS, Flow.MONEY}
    assert {flow for _, flow, _ in await asked_for(database)} == of_orders


async def test_a_hold_is_answered_by_who_read_it(program: httpx.AsyncClient, database: Database) -> None:
    async with database.begin() as tx:
        lacks = Hold(Cause.FIELD_MISSING, "#1022 lacks: phone.")
        await holds.hold(tx, ACME, Flow.ORDERS, {order_id(1022): lacks})
    order = "/api/orders/acme/1022"

    stale = await program.post(f"{order}/release", json={"read": "#1022 lacks: e-mail."})
    wrong = await program.post(f"{order}/cancel", json={})
    done = await program.post(f"{order}/release", json={"read": "#1022 lacks: phone."})

    async with database.begin() as tx:
        said = await answers.of_orders(tx, ACME, Flow.ORDERS, [order_id(1022)])
    assert (stale.status_code, wrong.status_code, done.status_code) == (422, 422, 200)
    assert "Read what it is held for now" in stale.json()["error"]
    assert "is not held for what the warehouse does not ship" in wrong.json()["error"]
    assert said == {order_id(1022): Answer(Word.RELEASE, "#1022 lacks: phone.")}


async def test_a_refund_that_the_backend_asks_for_is_answered(program: httpx.AsyncClient, database: Database) -> None:
    what = "RR-1 asks for 10.00 EUR back"
    async with database.begin() as tx:
        await holds.hold(tx, ACME, Flow.MONEY, {order_id(1022): Hold(Cause.REFUND_ASKED, f"{what}: up to 0.00 EUR.")})
        await money_moves.asked(tx, ACME, order_id(1022), "RR-1", what)

    stale = await program.post("/api/orders/acme/1022/refund/approve", json={"read": "Something else."})
    done = await program.post("/api/orders/acme/1022/refund/decline", json={})
    none = await program.post("/api/orders/acme/1022/refund/booked", json={})

    async with database.begin() as tx:
        known = (await money_moves.of_orders(tx, ACME, [order_id(1022)]))[order_id(1022)]["RR-1"]
    assert (stale.status_code, done.status_code, none.status_code) == (422, 200, 422)
    assert done.json() == {"order": "#1022", "word": "decline", "about": f"{what}: up to 0.00 EUR."}
    assert "No refund of #1022 waits to be booked by hand." in none.json()["error"]
    assert known.answer is Say.DECLINE


async def test_what_left_is_not_sent_again_and_what_is_not_here_is_said_so(program: httpx.AsyncClient) -> None:
    left = await program.post(f"{OURS}/resend", json={"request": KEY})
    nowhere = await program.post("/api/orders/acme/1/retry")

    assert (left.status_code, nowhere.status_code) == (422, 404)
    assert "might ship the goods twice" in left.json()["error"]
    assert nowhere.json() == {"error": "acme has no order gid://shopify/Order/1. Orders are listed at /api/orders."}


async def test_a_token_that_only_reads_changes_nothing(stranger: httpx.AsyncClient, database: Database) -> None:
    stranger.headers.update(await a_token(database, Scope.READ))

    answers_ = [
        await stranger.post(f"{OURS}/{deed}", json={})
        for deed in (
            *("retry", "replay", "resend", "override", "undo-override", "leave", "cancel", "release"),
            *("refund/approve", "refund/decline", "refund/booked"),
        )
    ]

    assert {answer.status_code for answer in answers_} == {403}
    assert await asked_for(database) == []


async def test_the_description_names_every_call_with_its_answer_and_its_scope(
    app: FastAPI, program: httpx.AsyncClient
) -> None:
    routes = [
        (method.lower(), re.sub(r":\w+}", "}", path))
        for path, route in served(app.routes)
        if isinstance(route, APIRoute) and path.startswith("/api/") and path != "/api/openapi.json"
        for method in route.methods or ()
    ]

    said = (await program.get("/api/openapi.json")).json()

    described: dict[tuple[str, str], Any] = {
        (method, path): call for path, calls in said["paths"].items() for method, call in calls.items()
    }
    assert sorted(described) == sorted(routes)
    for call in described.values():
        assert call["responses"]["200"]["content"]["application/json"]["schema"].get("$ref")
        assert call["security"][0]["token"][0] in set(Scope)
    assert not [name for name in said["components"]["schemas"] if name.startswith("crossdock")]


@pytest.mark.parametrize(
    "address",
    [
        "/api/overview", "/api/orders", OURS, "/api/orders/acme/1022", "/api/holds", "/api/inventory",
        "/api/inventory/acme/MUG", "/api/catalog", "/api/catalog/duplicates", "/api/alerts", "/api/channels",
    ],
)  # fmt: skip
async def test_what_is_answered_is_what_is_described(
    app: FastAPI, program: httpx.AsyncClient, database: Database, address: str
) -> None:
    await a_shelf(database)
    [model] = {
        route.response_model
        for path, route in served(app.routes)
        if isinstance(route, APIRoute)
        and "GET" in (route.methods or ())
        and re.fullmatch(re.sub(r"\{[^}]*\}", ".+", path), address)
        and route.response_model is not None
    }

    answer = await program.get(address)

    assert answer.status_code == 200
    TypeAdapter(model).validate_python(answer.json())
