"""`customers/data_request`: all that is held of a customer, in one document, until a day that is shown."""

import json
from datetime import timedelta

import httpx
from fastapi import FastAPI
from sqlalchemy import text
from tests.edge import ada

from crossdock.backends.builtin import open_floor, plugin
from crossdock.edge.privacy.dossier import Dossier, dossier
from crossdock.edge.privacy.take_up import take_up
from crossdock.kit.errors import Refused
from crossdock.model.connection import Connection
from crossdock.model.names import ShopDomain
from crossdock.model.privacy import PrivacyRequest, Standing, Wish
from crossdock.ports.backend import BackendContext, PersonalData
from crossdock.store import privacy
from crossdock.store.database import Database

SAME_ORIGIN = {"sec-fetch-site": "same-origin"}


async def _asked(web: httpx.AsyncClient, database: Database) -> PrivacyRequest:
    await ada.post(web, "customers/data_request", ada.privacy_payload(orders_requested=[9001], data_request={"id": 5}))
    await take_up(database)
    async with database.begin() as tx:
        return (await privacy.listed(tx))[0]


async def _dossier(web: httpx.AsyncClient, database: Database, url: str, *, says: bool = True) -> Dossier:
    async with (
        open_floor(url) as floor,
        plugin.open(plugin.manifest.settings(), BackendContext(url)) as backend,
    ):

        async def backend_of(_connection: Connection) -> PersonalData:
            assert isinstance(backend, PersonalData)
            if not says:
                raise Refused("It cannot say.")
            return backend

        await ada.ada_was_here(web, database, backend, floor)
        return await dossier(database, await _asked(web, database), backend_of)


async def test_the_document_has_all_that_is_held_of_her_and_nothing_of_others(
    web: httpx.AsyncClient, database: Database, database_url: str, acme: ShopDomain
) -> None:
    told = await _dossier(web, database, database_url)

    acme_wms = told.connections["acme"]
    assert told.orders == (ada.THROUGH, ada.UNDER_WAY)
    assert {name: len(rows) for name, rows in acme_wms.items()} == {
        "orders": 2, "requests": 2, "packages": 0, "timeline": 4, "holds": 2, "differences": 0, "exchanges": 2,
        "backend": 2,
    }  # fmt: skip
    assert [one["topic"] for one in told.deliveries] == [
        "orders/create", "fulfillments/create", "orders/create", "fulfillments/create", "customers/update",
    ]  # fmt: skip
    assert told.deliveries[0]["body"]["email"] == ada.EMAIL
    assert acme_wms["requests"][0]["lines"][0]["item"] == "MUG"
    assert "bob" not in json.dumps(told.connections).lower()


async def test_a_backend_that_cannot_say_is_named(
    web: httpx.AsyncClient, database: Database, database_url: str, acme: ShopDomain
) -> None:
    told = await _dossier(web, database, database_url, says=False)

    assert "Export it there by hand" in told.connections["acme"]["backend"]


async def test_the_page_shows_until_when_and_hands_it_over(
    app: FastAPI, web: httpx.AsyncClient, database: Database, acme: ShopDomain
) -> None:
    request = await _asked(web, database)

    page = (await web.get("/privacy")).text
    refused = await web.post(f"/privacy/{request.id}/done")
    await web.post(f"/privacy/{request.id}/done", headers=SAME_ORIGIN)
    after = (await web.get("/privacy")).text

    assert request.due_at - request.received_at == timedelta(days=30)
    assert f"{request.due_at:%Y-%m-%d %H:%M:%S} UTC" in page
    assert f"/privacy/{request.id}/export" in page
    assert refused.status_code == 403
    assert "Settled" in after
    assert ada.EMAIL not in page + after


async def test_what_identified_her_is_forgotten_once_it_is_handed_over(
    web: httpx.AsyncClient, database: Database, database_url: str, acme: ShopDomain
) -> None:
    request = await _asked(web, database)
    async with database.begin() as tx:
        await privacy.finish(tx, request, "Sent by post.")
        done = await privacy.get(tx, request.id)

    assert (done.wish, done.standing, done.said) == (Wish.EXPORT, Standing.DONE, "Sent by post.")
    assert ada.tables_that_name_her(database_url) == set()


async def test_a_repeated_delivery_asks_once(web: httpx.AsyncClient, database: Database, acme: ShopDomain) -> None:
    await _asked(web, database)
    async with database.begin() as tx:
        await tx.execute(
            text("UPDATE inbox SET taken_up_at = NULL, body = :body"),
            {"body": json.dumps(ada.privacy_payload()).encode()},
        )

    await take_up(database)

    async with database.begin() as tx:
        assert len(await privacy.listed(tx)) == 1
