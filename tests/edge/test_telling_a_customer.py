"""`customers/data_request`: all that is held of a customer, in one document, until a day that is shown."""

import json
from dataclasses import replace
from datetime import timedelta

import httpx
from fastapi import FastAPI
from sqlalchemy import text
from tests.edge import ada
from tests.edge.edge_desk import a_person

from crossdock.backends.builtin import open_floor, plugin
from crossdock.edge.privacy import by_hand
from crossdock.edge.privacy.dossier import Dossier, dossier
from crossdock.edge.privacy.take_up import take_up
from crossdock.kit.errors import Refused
from crossdock.model.connection import Connection
from crossdock.model.deed import Deed
from crossdock.model.names import ConnectionId, ReturnKey, ShopDomain
from crossdock.model.people import Actor, Face
from crossdock.model.privacy import PrivacyRequest, Standing, Wish
from crossdock.ports.backend import BackendContext, PersonalData
from crossdock.store import audit, privacy, returns
from crossdock.store.database import Database
from crossdock.store.reads.person import OF_PEOPLE
from crossdock.store.schema import metadata

_SETTINGS, _GOODS, _STAFF, _FIGURES = "how the hub is set up", "goods and levels", "people of the hub", "figures"
NAMES_NO_CUSTOMER = {
    **dict.fromkeys(
        ("stores", "connections", "installs", "mappings", "location_maps", "locations", "retention"), _SETTINGS
    ),
    **dict.fromkeys(("links", "unlinked", "variants", "stock_ledger", "stock_drift", "stock_history"), _GOODS),
    **dict.fromkeys(("level_news", "stock_pushes", "stock_approvals"), _GOODS),
    **dict.fromkeys(("users", "sessions", "one_time_links", "login_attempts", "api_tokens", "audit"), _STAFF),
    **dict.fromkeys(("channels", "alerts", "alert_courses"), _STAFF),
    **dict.fromkeys(("watermarks", "unheard", "reconciliations", "asked_comparisons", "budgets", "outages"), _FIGURES),
    "news": "ids and the hub's own words, until the next drain",
    "alert_orders": "that an order was told of",
    "alert_messages": "names of orders, units and amounts",
}
"""Why a table is not in the document. `inbox` is, as deliveries; and the request itself is what is answered."""

ACME_WMS = ConnectionId("acme")
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


async def _trail(database: Database) -> list[tuple[str, Deed, str]]:
    async with database.begin() as tx:
        return [(one.actor.name, one.deed, one.object) for one in (await audit.read(tx))[1]]


async def test_the_document_has_all_that_is_held_of_her_and_nothing_of_others(
    web: httpx.AsyncClient, database: Database, database_url: str, acme: ShopDomain
) -> None:
    async with database.begin() as tx:
        await returns.know(tx, ACME_WMS, ada.THROUGH, ReturnKey("gid://shopify/Return/1"), None)
    told = await _dossier(web, database, database_url)

    acme_wms = told.connections["acme"]
    assert told.orders == (ada.THROUGH, ada.UNDER_WAY)
    assert {name: len(rows) for name, rows in acme_wms.items()} == {
        "orders": 2, "requests": 2, "packages": 0, "returns": 1, "routes": 0, "commitments": 0, "cancellations": 0,
        "answers": 0, "overrides": 4, "shadow_writes": 0, "timeline": 4, "holds": 2, "pending": 0, "differences": 0,
        "exchanges": 2, "money_moves": 0, "credit_documents": 0, "backend": 2,
    }  # fmt: skip
    assert [one["topic"] for one in told.deliveries] == [
        "orders/create", "fulfillments/create", "orders/create", "fulfillments/create", "customers/update",
    ]  # fmt: skip
    assert told.deliveries[0]["body"]["email"] == ada.EMAIL
    assert acme_wms["requests"][0]["lines"][0]["item"] == "MUG"
    assert "bob" not in json.dumps(told.connections).lower()


def test_every_table_is_in_the_document_or_was_judged_to_name_no_customer() -> None:
    judged = OF_PEOPLE | NAMES_NO_CUSTOMER.keys() | {"inbox", "privacy_requests"}

    assert metadata.tables.keys() - judged == set()
    assert judged - metadata.tables.keys() == set()
    assert OF_PEOPLE & NAMES_NO_CUSTOMER.keys() == set()


async def test_a_backend_that_cannot_say_is_named(
    web: httpx.AsyncClient, database: Database, database_url: str, acme: ShopDomain
) -> None:
    told = await _dossier(web, database, database_url, says=False)

    assert "Export it there by hand" in told.connections["acme"]["backend"]


async def test_the_page_shows_until_when_it_is_due_and_takes_an_admins_word_that_it_is_done(
    stranger: httpx.AsyncClient, database: Database, acme: ShopDomain
) -> None:
    request = await _asked(stranger, database)
    admin = await a_person(database)
    admin.sit_down(stranger)

    page = (await stranger.get("/privacy")).text
    refused = await stranger.post(f"/privacy/{request.id}/done", headers=SAME_ORIGIN)
    await stranger.post(f"/privacy/{request.id}/done", data=admin.form, headers=SAME_ORIGIN)
    after = (await stranger.get("/privacy")).text

    assert request.due_at - request.received_at == timedelta(days=30)
    assert f"{request.due_at:%Y-%m-%d %H:%M:%S} UTC" in page
    assert f"/privacy/{request.id}/export" in page
    assert refused.status_code == 403
    assert "Settled" in after
    assert ada.EMAIL not in page + after
    assert await _trail(database) == [(admin.email, Deed.PRIVACY_REQUEST_FINISHED, f"privacy request {request.id}")]


async def test_who_took_the_document_is_in_the_audit_trail_without_what_it_says(
    app: FastAPI, stranger: httpx.AsyncClient, database: Database, database_url: str, acme: ShopDomain
) -> None:
    told = await _dossier(stranger, database, database_url)

    async def dossier_of(_number: int) -> Dossier:
        return told

    app.state.desk = replace(app.state.desk, dossier=dossier_of)
    before = ada.tables_that_name_her(database_url)
    admin = await a_person(database)
    admin.sit_down(stranger)

    handed_over = await stranger.get(f"/privacy/{told.request}/export")

    assert handed_over.json()["deliveries"][0]["body"]["email"] == ada.EMAIL
    assert handed_over.headers["cache-control"] == "no-store"
    assert await _trail(database) == [(admin.email, Deed.PERSONAL_DATA_EXPORTED, f"privacy request {told.request}")]
    assert ada.tables_that_name_her(database_url) == before


async def test_what_is_settled_is_finished_once(web: httpx.AsyncClient, database: Database, acme: ShopDomain) -> None:
    request = await _asked(web, database)
    by = Actor("root", Face.COMMAND_LINE)

    async with database.begin() as tx:
        first = await by_hand.finish(tx, by, request.id, "Sent by post.")
        second = await by_hand.finish(tx, by, request.id, "Sent again.")

    assert (first.standing, first.said) == (Standing.DONE, "Sent by post.")
    assert second == first
    assert len(await _trail(database)) == 1


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
