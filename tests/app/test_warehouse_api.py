"""The built-in warehouse over HTTP: the whole way of an order, and sentences for what cannot be."""

from collections.abc import AsyncIterator

import httpx
import pytest
from cryptography.fernet import Fernet
from tests.edge.edge_desk import a_token

from crossdock.app.warehouse.api import warehouse_api
from crossdock.backends.builtin import plugin
from crossdock.backends.builtin.floor import open_floor
from crossdock.backends.builtin.plugin import BuiltinSettings
from crossdock.edge.desk import Desk
from crossdock.edge.web import web_app
from crossdock.inbox.accept import Acceptance
from crossdock.inbox.keyring import Keyring
from crossdock.kit.sealing import Sealer
from crossdock.model.names import ItemCode
from crossdock.model.people import Scope
from crossdock.ports.backend import BackendContext
from crossdock.store.database import Database
from crossdock.testing.builders import a_priced_request, a_request, a_request_line


@pytest.fixture
async def anybody(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """A program that shows no token."""
    keyring = Keyring(database, Sealer(Fernet.generate_key().decode()))
    async with open_floor(database.url) as floor:
        desk = Desk(database, keyring, Acceptance(database))
        app = web_app(desk, {"/api/warehouse": warehouse_api(floor)})
        base = "http://127.0.0.1:8700/api/warehouse"
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=base) as client:
            yield client


@pytest.fixture
async def api(anybody: httpx.AsyncClient, database: Database) -> httpx.AsyncClient:
    """A program that may work in a warehouse with a place and an item."""
    anybody.headers.update(await a_token(database, Scope.OPERATE))
    await anybody.post("/warehouses", json={"code": "MAIN", "name": "Main warehouse"})
    await anybody.post("/items", json=[{"code": "MUG", "title": "Enamel mug", "sku": "MUG-01"}])
    return anybody


async def _in_stock(api: httpx.AsyncClient) -> tuple[int, int]:
    (stock,) = (await api.get("/stock", params={"item": "MUG"})).json()
    return stock["on_hand"], stock["reserved"]


async def test_goods_come_in_are_counted_and_the_ledger_says_why(api: httpx.AsyncClient) -> None:
    await api.post("/stock/receive", json={"item": "MUG", "warehouse": "MAIN", "units": 20, "note": "Delivery 17"})
    await api.post("/stock/adjust", json={"item": "MUG", "warehouse": "MAIN", "units": -1, "note": "broken"})

    counted = await api.post("/stock/count", json={"item": "MUG", "warehouse": "MAIN", "units": 18})

    assert counted.json()["on_hand"] == 18
    reasons = [entry["movement"]["reason"] for entry in (await api.get("/items/MUG/ledger")).json()]
    assert len(reasons) == 3
    assert reasons[-1] == "receive"


async def test_a_kit_is_made_of_items_and_has_no_stock_of_its_own(api: httpx.AsyncClient) -> None:
    await api.post("/items", json=[{"code": "PAIR", "title": "Two mugs", "sku": "PAIR"}])
    await api.post("/stock/receive", json={"item": "MUG", "warehouse": "MAIN", "units": 5})

    made = await api.post("/kits", json={"item": "PAIR", "components": {"MUG": 2}})
    refused = await api.post("/stock/receive", json={"item": "PAIR", "warehouse": "MAIN", "units": 1})

    assert made.status_code == 204
    assert (await api.get("/kits")).json() == [{"item": "PAIR", "components": {"MUG": 2}, "available": {"MAIN": 2}}]
    assert (refused.status_code, "PAIR is a kit" in refused.json()["error"]) == (422, True)


async def test_an_order_goes_from_release_to_the_truck(api: httpx.AsyncClient, database: Database) -> None:
    await api.post("/stock/receive", json={"item": "MUG", "warehouse": "MAIN", "units": 5})
    async with plugin.open(BuiltinSettings(), BackendContext(database.url)) as backend:
        await backend.submit(a_request(a_request_line("MUG", 2), warehouse="MAIN"))
    assert await _in_stock(api) == (5, 2)

    (order,) = (await api.get("/orders", params={"state": "not_released"})).json()
    at = f"/orders/{order['reference']}"
    await api.post(f"{at}/release")
    await api.post(f"{at}/pick", json={})
    packed = (await api.post(f"{at}/pack", json={"boxes": [{"MUG": 2}]})).json()
    label = {"package": packed["parcels"][0]["id"], "carrier": "UPS", "tracking_number": "1Z999"}
    shipped = await api.post(f"{at}/ship", json={"labels": [label]})

    assert shipped.json()["state"] == "shipped"
    assert shipped.json()["parcels"][0]["tracking_number"] == "1Z999"
    assert await _in_stock(api) == (3, 0)


async def test_goods_may_leave_from_another_warehouse_and_the_hub_is_told_which(
    api: httpx.AsyncClient, database: Database
) -> None:
    await api.post("/warehouses", json={"code": "ANNEX", "name": "Annex"})
    await api.post("/stock/receive", json={"item": "MUG", "warehouse": "ANNEX", "units": 5})
    request = a_request(a_request_line("MUG", 2), warehouse="MAIN")
    async with plugin.open(BuiltinSettings(), BackendContext(database.url)) as backend:
        at = f"/orders/{(await backend.submit(request)).reference}"
        await api.post(f"{at}/release")

        left = {"warehouse": "ANNEX", "units": {"MUG": 1}, "tracking_number": "1Z1"}
        shipped = await api.post(f"{at}/ship-from", json=left)
        refused = await api.post(f"{at}/ship-from", json={"warehouse": "ATTIC"})

        (package,) = (await backend.work_orders([request.key]))[request.key].packages
        free = (await backend.stock([ItemCode("MUG")])).available
    assert (shipped.json()["state"], package.warehouse, package.tracking_number) == ("picking", "ANNEX", "1Z1")
    assert (refused.status_code, "no warehouse ATTIC" in refused.json()["error"]) == (422, True)
    assert {place: units for (_, place), units in free.items()} == {"ANNEX": 4, "MAIN": -1}


async def test_an_order_says_what_it_costs_in_both_currencies_and_what_to_collect(
    api: httpx.AsyncClient, database: Database
) -> None:
    request = a_priced_request(a_request_line("MUG", 2))
    async with plugin.open(BuiltinSettings(), BackendContext(database.url)) as backend:
        order = await backend.submit(request)

    sheet = (await api.get(f"/orders/{order.reference}")).json()

    assert sheet["comes_to"] == {"shop": "31.56", "presentment": "5091"}
    assert sheet["request"]["to_collect"] == {"amount": "5091", "currency": "JPY"}
    assert sheet["request"]["payment"]["method"] == "cash_on_delivery"
    assert sheet["request"]["money"]["charges"][0]["kind"] == "shipping"


async def test_what_cannot_be_done_gets_a_sentence(api: httpx.AsyncClient) -> None:
    answers = [
        await api.post("/stock/receive", json={"item": "CUP", "warehouse": "MAIN", "units": 1}),
        await api.post("/orders/SO-000099/release"),
        await api.post("/stock/adjust", json={"item": "MUG", "warehouse": "MAIN", "units": -1}),
    ]

    assert [answer.status_code for answer in answers] == [422, 422, 422]
    assert "no item CUP" in answers[0].json()["error"]
    assert "no order SO-000099" in answers[1].json()["error"]
    assert "MUG" in answers[2].json()["error"]
    assert (await api.get("/stock")).json() == []


async def test_without_a_token_it_tells_and_does_nothing(anybody: httpx.AsyncClient) -> None:
    moved = {"item": "MUG", "warehouse": "MAIN", "units": 1000}

    answers = [
        await anybody.get("/stock"),
        await anybody.get("/openapi.json"),
        await anybody.post("/stock/receive", json=moved),
    ]

    assert [answer.status_code for answer in answers] == [401, 401, 401]
    assert all("crossdock tokens add" in answer.json()["error"] for answer in answers)


async def test_a_token_that_reads_moves_nothing(api: httpx.AsyncClient, database: Database) -> None:
    reads = await a_token(database, Scope.READ)
    moved = {"item": "MUG", "warehouse": "MAIN", "units": 1000}

    answer = await api.post("/stock/receive", json=moved, headers=reads)

    assert answer.status_code == 403
    assert "needs the role operator" in answer.json()["error"]
    assert (await api.get("/stock", headers=reads)).json() == []


async def test_the_description_names_every_act(api: httpx.AsyncClient) -> None:
    paths = (await api.get("/openapi.json")).json()["paths"]

    assert {"/stock/receive", "/stock/transfer", "/orders/{order}/ship", "/orders/{order}/short-ship"} <= paths.keys()
