"""`/api/privacy`: an admin's program reads requests, hands over what is held, and has customers forgotten."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI
from pydantic import TypeAdapter
from structlog.testing import capture_logs
from tests.edge import ada
from tests.edge.edge_desk import ACME, a_token

from crossdock.backends.builtin import open_floor, plugin
from crossdock.edge.privacy.dossier import Dossier, dossier
from crossdock.edge.privacy.take_up import take_up
from crossdock.model.connection import Connection
from crossdock.model.deed import Deed
from crossdock.model.names import ShopDomain
from crossdock.model.people import Scope
from crossdock.model.privacy import Person
from crossdock.ports.backend import BackendContext, PersonalData
from crossdock.store import audit, privacy
from crossdock.store.audit import Entry
from crossdock.store.database import Database

WHOM = {"store": f" {ACME.upper()}", "customer": ada.CUSTOMER, "email": ada.EMAIL, "orders": [9001]}


@pytest.fixture
async def program(stranger: httpx.AsyncClient, database: Database, acme: ShopDomain) -> httpx.AsyncClient:
    stranger.headers.update(await a_token(database, Scope.ADMIN))
    return stranger


async def _to_be_told(program: httpx.AsyncClient, database: Database) -> int:
    """Have Shopify ask, as it does, to tell Ada what is held of her; return the request's number."""
    asked = ada.privacy_payload(orders_requested=[9001], data_request={"id": 5})
    await ada.post(program, "customers/data_request", asked)
    await take_up(database)
    async with database.begin() as tx:
        return (await privacy.listed(tx))[0].id


async def _trail(database: Database) -> Sequence[Entry]:
    async with database.begin() as tx:
        return (await audit.read(tx))[1]


@pytest.fixture
async def _adas(app: FastAPI, program: httpx.AsyncClient, database: Database, database_url: str) -> AsyncIterator[None]:
    """All that is held of Ada, here and in the built-in warehouse, and a desk that gathers it."""
    async with (
        open_floor(database_url) as floor,
        plugin.open(plugin.manifest.settings(), BackendContext(database_url)) as backend,
    ):
        await ada.ada_was_here(program, database, backend, floor)

        async def backend_of(_connection: Connection) -> PersonalData:
            assert isinstance(backend, PersonalData)
            return backend

        async def dossier_of(number: int) -> Dossier:
            async with database.begin() as tx:
                request = await privacy.get(tx, number)
            return await dossier(database, request, backend_of)

        app.state.desk = replace(app.state.desk, dossier=dossier_of)
        yield


@pytest.mark.usefixtures("_adas")
async def test_what_is_held_is_handed_over_and_then_said_to_be_done(
    program: httpx.AsyncClient, database: Database
) -> None:
    number = await _to_be_told(program, database)

    [waits] = (await program.get("/api/privacy")).json()["requests"]
    with capture_logs() as logged:
        held = await program.get(f"/api/privacy/{number}/export")
        done = (await program.post(f"/api/privacy/{number}/done", json={"note": "Sent by post."})).json()
    after = (await program.get(f"/api/privacy/{number}")).json()

    trail = await _trail(database)
    assert (waits["wish"], waits["standing"], waits["person"]["email"]) == ("export", "open", ada.EMAIL)
    assert ada.STREET in json.dumps(held.json()["connections"]["acme"]["backend"])
    assert held.headers["cache-control"] == "no-store"
    assert (done["standing"], done["said"], done["person"]["email"]) == ("done", "Sent by post.", None)
    assert after == done
    assert [(one.deed, one.object) for one in trail] == [
        (Deed.PRIVACY_REQUEST_FINISHED, f"privacy request {number}"),
        (Deed.PERSONAL_DATA_EXPORTED, f"privacy request {number}"),
    ]
    assert not any(needle in f"{trail} {json.dumps(logged, default=str)}" for needle in ada.NEEDLES)
    TypeAdapter(Dossier).validate_python(held.json())


async def test_who_is_to_be_forgotten_is_asked_for_and_written_down_by_number(
    program: httpx.AsyncClient, database: Database
) -> None:
    with capture_logs() as logged:
        asked = (await program.post("/api/privacy/erase", json=WHOM)).json()

    async with database.begin() as tx:
        [waiting] = await privacy.to_erase(tx)
    trail = await _trail(database)
    assert (asked["id"], asked["wish"], asked["standing"], asked["store"]) == (waiting.id, "erase", "open", ACME)
    assert waiting.person == Person(f"gid://shopify/Customer/{ada.CUSTOMER}", ada.EMAIL, None, (ada.THROUGH,))
    assert [(one.deed, one.object) for one in trail] == [(Deed.ERASURE_ASKED, f"privacy request {waiting.id}")]
    assert not any(needle in f"{trail} {json.dumps(logged, default=str)}" for needle in ada.NEEDLES)


async def test_what_cannot_be_done_is_refused_without_what_was_sent(
    program: httpx.AsyncClient, database: Database
) -> None:
    number = (await program.post("/api/privacy/erase", json=WHOM)).json()["id"]
    answers = [
        await program.post("/api/privacy/erase", json={"store": ACME, "email": " "}),
        await program.post("/api/privacy/erase", json=WHOM | {"store": "none.myshopify.com"}),
        await program.post("/api/privacy/erase", json=WHOM | {"customer": ada.EMAIL}),
        await program.post(f"/api/privacy/{number}/done"),
        await program.get(f"/api/privacy/{number + 1}/export"),
        await program.post(f"/api/privacy/{number + 1}/done"),
    ]

    said = [answer.json()["error"] for answer in answers]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 404, 404]
    assert said[0].startswith("Say who is to be forgotten")
    assert "There is no store none.myshopify.com." in said[1]
    assert "customer" in said[2]
    assert f"The hub is not done with request {number} itself." in said[3]
    assert said[4] == said[5] == f"There is no privacy request {number + 1}. They are listed at /api/privacy."
    assert ada.EMAIL not in " ".join(said)


async def test_who_is_no_admin_reads_and_does_nothing_of_it(program: httpx.AsyncClient, database: Database) -> None:
    program.headers.update(await a_token(database, Scope.OPERATE))

    answers = [
        *[await program.get(f"/api/privacy{path}") for path in ("", "/1", "/1/export")],
        await program.post("/api/privacy/1/done"),
        await program.post("/api/privacy/erase", json=WHOM),
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert await _trail(database) == []


async def test_how_long_things_are_kept_is_read_and_set_all_or_none(
    program: httpx.AsyncClient, database: Database
) -> None:
    before = (await program.get("/api/retention")).json()
    refused = await program.put("/api/retention", json={"days": {"inbox": 14, "audit": 1}})
    misspelled = await program.put("/api/retention", json={"days": {"letters": 14}})
    between = (await program.get("/api/retention")).json()
    after = (await program.put("/api/retention", json={"days": {"inbox": 14, "stock": before["days"]["stock"]}})).json()

    assert before["days"]["inbox"] == before["guide"]["inbox"]["days"] == 30
    assert (refused.status_code, refused.json()["error"]) == (422, "audit cannot be kept for 1 days. Give 90 to 3650.")
    assert (misspelled.status_code, "letters" in misspelled.json()["error"]) == (422, True)
    assert (between, after["days"]) == (before, before["days"] | {"inbox": 14})
    async with database.begin() as tx:
        entries = (await audit.read(tx))[1]
    assert [(one.object, one.before, one.after) for one in entries if one.deed is Deed.RETENTION_CHANGED] == [
        ("inbox", {"days": 30}, {"days": 14})
    ]
