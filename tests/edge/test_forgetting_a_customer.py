"""`customers/redact`: whatever names the customer goes, wherever it lies; every figure stays."""

from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import text
from tests.edge import ada
from tests.edge.edge_desk import ACME

from crossdock.backends.builtin import WarehouseFloor, open_floor, plugin
from crossdock.backends.guarded import CannotRedact
from crossdock.edge.privacy.carry_out import carry_out
from crossdock.edge.privacy.take_up import take_up
from crossdock.kit.errors import NoAnswer
from crossdock.model.cause import Cause
from crossdock.model.connection import Connection
from crossdock.model.names import ConnectionId, ShopDomain
from crossdock.model.outage import backend_party
from crossdock.model.privacy import PrivacyRequest, Standing, Wish
from crossdock.ports.backend import Backend, BackendContext, PersonalData
from crossdock.store import holds, privacy, requests
from crossdock.store.database import Database

REDACT = ada.privacy_payload(orders_to_redact=[9001])


@pytest.fixture
async def backend(database_url: str) -> AsyncIterator[Backend]:
    """The built-in warehouse as the hub opens it."""
    async with plugin.open(plugin.manifest.settings(), BackendContext(database_url)) as opened:
        yield opened


@pytest.fixture
async def floor(database_url: str) -> AsyncIterator[WarehouseFloor]:
    """Its floor."""
    async with open_floor(database_url) as opened:
        yield opened


@pytest.fixture
async def held(
    web: httpx.AsyncClient, database: Database, acme: ShopDomain, backend: Backend, floor: WarehouseFloor
) -> None:
    """Everything that is held of Ada, and something of Bob."""
    await ada.ada_was_here(web, database, backend, floor)


async def carry_on(database: Database, backend: Backend | Exception) -> PrivacyRequest:
    """Take up what came, do what can be done, and return the request as it stands."""

    async def backend_of(_connection: Connection) -> PersonalData:
        if isinstance(backend, Exception):
            raise backend
        assert isinstance(backend, PersonalData)
        return backend

    async def ask_store(_domain: ShopDomain) -> object:
        raise AssertionError("nobody asked to forget a store")

    await take_up(database)
    await carry_out(database, backend_of, ask_store)
    async with database.begin() as tx:
        return (await privacy.listed(tx))[0]


async def until_all_left(floor: WarehouseFloor) -> None:
    """Let the goods of every order leave."""
    for order in await floor.orders():
        if order.state.may_still_ship:
            for step in (floor.release, floor.pick, floor.pack, floor.ship):
                await step(order.reference)


@pytest.mark.usefixtures("held")
async def test_before_she_asks_many_tables_name_her(database_url: str) -> None:
    named = ada.tables_that_name_her(database_url)

    assert named == {
        "public.inbox", "public.timeline", "public.holds", "public.exchanges", "public.requests", "public.overrides",
        "builtin_warehouse.orders",
    }  # fmt: skip


@pytest.mark.usefixtures("held")
async def test_afterwards_no_table_names_her_and_every_figure_stays(
    web: httpx.AsyncClient, database: Database, database_url: str, backend: Backend, floor: WarehouseFloor
) -> None:
    await until_all_left(floor)
    assert (await ada.post(web, "customers/redact", REDACT)).status_code == 200
    before = ada.figures(database_url)

    request = await carry_on(database, backend)

    assert (request.wish, request.standing) == (Wish.ERASE, Standing.DONE)
    assert ada.tables_that_name_her(database_url) == set()
    assert ada.figures(database_url) == before


@pytest.mark.usefixtures("held")
async def test_others_are_not_touched(
    web: httpx.AsyncClient, database: Database, database_url: str, backend: Backend
) -> None:
    before = [row for row in ada.everything_kept(database_url) if "bob" in row[1].lower()]
    await ada.post(web, "customers/redact", REDACT)

    await carry_on(database, backend)

    assert len(before) >= 4
    assert [row for row in ada.everything_kept(database_url) if "bob" in row[1].lower()] == before


@pytest.mark.usefixtures("held")
async def test_what_is_done_twice_is_done_once(
    web: httpx.AsyncClient, database: Database, database_url: str, backend: Backend, floor: WarehouseFloor
) -> None:
    await until_all_left(floor)
    await ada.post(web, "customers/redact", REDACT)
    first = await carry_on(database, backend)
    after = list(ada.everything_kept(database_url))

    second = await carry_on(database, backend)

    assert second == first
    assert list(ada.everything_kept(database_url)) == after


@pytest.mark.usefixtures("held")
async def test_no_later_look_keeps_again_where_the_goods_went(
    web: httpx.AsyncClient, database: Database, database_url: str, backend: Backend, floor: WarehouseFloor
) -> None:
    await until_all_left(floor)
    await ada.post(web, "customers/redact", REDACT)
    await carry_on(database, backend)

    async with database.begin() as tx:
        await requests.agreed(tx, ada.CONNECTION, ada.terms_of(ada.THROUGH))

    assert ada.tables_that_name_her(database_url) == set()


@pytest.mark.usefixtures("held")
async def test_where_goods_are_to_go_is_kept_until_they_have_left(
    web: httpx.AsyncClient, database: Database, database_url: str, backend: Backend, floor: WarehouseFloor
) -> None:
    await ada.post(web, "customers/redact", REDACT)

    waiting = await carry_on(database, backend)
    names_her = ada.tables_that_name_her(database_url)
    await until_all_left(floor)
    done = await carry_on(database, backend)

    assert waiting.standing is Standing.OPEN
    assert "Goods may still leave for SO-000002" in str(waiting.said)
    assert names_her == {
        "builtin_warehouse.orders", "public.requests", "public.overrides", "public.privacy_requests",
    }  # fmt: skip
    assert done.standing is Standing.DONE
    assert ada.tables_that_name_her(database_url) == set()


@pytest.mark.usefixtures("held")
async def test_a_backend_that_cannot_forget_is_left_to_a_person(web: httpx.AsyncClient, database: Database) -> None:
    await ada.post(web, "customers/redact", REDACT)

    request = await carry_on(database, CannotRedact(backend_party(ConnectionId("acme"))))

    async with database.begin() as tx:
        held = await holds.held(tx, cause=Cause.PERSONAL_DATA_REMAINS)
        await privacy.finish(tx, request, "Done by hand.")
        lifted = await holds.held(tx, cause=Cause.PERSONAL_DATA_REMAINS)
    assert request.standing is Standing.BY_HAND
    assert "Erase the person's data there by hand. Orders there: SO-000001, SO-000002." in held[0].hold.detail
    assert "crossdock privacy done" in held[0].hold.remedy
    assert lifted == []


@pytest.mark.usefixtures("held")
async def test_a_backend_that_does_not_answer_is_asked_again(
    web: httpx.AsyncClient, database: Database, backend: Backend, floor: WarehouseFloor
) -> None:
    await until_all_left(floor)
    await ada.post(web, "customers/redact", REDACT)

    silent = await carry_on(database, NoAnswer("The backend of acme took longer than 30 seconds."))
    answered = await carry_on(database, backend)

    assert (silent.standing, answered.standing) == (Standing.OPEN, Standing.DONE)
    assert "took longer than 30 seconds" in str(silent.said)


@pytest.mark.usefixtures("held")
async def test_a_message_of_another_store_under_the_same_signature_erases_nothing(
    web: httpx.AsyncClient, database: Database, database_url: str, backend: Backend
) -> None:
    await ada.post(web, "customers/redact", {**REDACT, "shop_domain": "other.myshopify.com"})

    request = await carry_on(database, backend)

    assert request.standing is Standing.BY_HAND
    assert "names another store" in str(request.said)
    assert "builtin_warehouse.orders" in ada.tables_that_name_her(database_url)


async def test_the_privacy_topics_come_to_one_address_for_all_stores(
    web: httpx.AsyncClient, acme: ShopDomain, database: Database
) -> None:
    signed = await ada.post(web, "customers/redact", REDACT, address="")
    forged = await ada.post(web, "customers/redact", REDACT, address="", secret="guessed")

    async with database.begin() as tx:
        kept = (await tx.execute(text("SELECT store FROM inbox"))).scalars().all()
    assert (signed.status_code, forged.status_code) == (200, 401)
    assert kept == [ACME]
