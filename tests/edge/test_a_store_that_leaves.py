"""`app/uninstalled` and `shop/redact`: a store that left is paused, may come back, and is forgotten two days later."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text
from tests.edge import ada
from tests.edge.edge_desk import ACME, SECRET

from crossdock.backends.builtin import open_floor, plugin
from crossdock.edge.privacy.carry_out import carry_out
from crossdock.edge.privacy.take_up import take_up
from crossdock.kit.errors import NoAnswer, StoreUnusable, UsageError
from crossdock.kit.sealing import Sealer
from crossdock.model.connection import Connection
from crossdock.model.names import ShopDomain
from crossdock.model.privacy import PrivacyRequest, Standing
from crossdock.ports.backend import BackendContext, PersonalData
from crossdock.store import privacy, stores
from crossdock.store.database import Database
from crossdock.store.stores import Credentials, Store, Uninstalled

UNINSTALLED = {"id": 1, "myshopify_domain": ACME, "email": "owner@acme.example"}
SHOP_REDACT = {"shop_id": 1, "shop_domain": ACME}


@asynccontextmanager
async def a_full_store(web: httpx.AsyncClient, database: Database, url: str) -> AsyncIterator[PersonalData]:
    """A store about which every table knows something; its goods have all left."""
    async with open_floor(url) as floor, plugin.open(plugin.manifest.settings(), BackendContext(url)) as backend:
        await ada.ada_was_here(web, database, backend, floor)
        for order in await floor.orders():
            if order.state.may_still_ship:
                for step in (floor.release, floor.pick, floor.pack, floor.ship):
                    await step(order.reference)
        assert isinstance(backend, PersonalData)
        yield backend


async def the_store(database: Database) -> Store | None:
    async with database.begin() as tx:
        return await stores.find(tx, ACME)


async def days_pass(database: Database, days: int) -> None:
    async with database.begin() as tx:
        await tx.execute(text("UPDATE stores SET uninstalled_at = uninstalled_at - :ago"), {"ago": timedelta(days)})


async def forget(
    database: Database, backend: PersonalData | None = None, store_says: Exception | None = None
) -> PrivacyRequest:
    async def backend_of(_connection: Connection) -> PersonalData:
        assert backend is not None
        return backend

    async def ask_store(_domain: ShopDomain) -> object:
        if store_says is not None:
            raise store_says
        return "acme"

    await take_up(database)
    await carry_out(database, backend_of, ask_store)
    async with database.begin() as tx:
        return (await privacy.listed(tx))[0]


async def test_a_store_that_took_the_app_away_is_paused_and_its_token_forgotten(
    web: httpx.AsyncClient, database: Database, acme: ShopDomain, sealer: Sealer
) -> None:
    await ada.post(web, "app/uninstalled", UNINSTALLED)

    await take_up(database)

    store = await the_store(database)
    assert store is not None
    assert store.uninstalled_at is not None
    assert f"crossdock store add {acme}" in str(store.paused)
    async with database.begin() as tx:
        assert await tx.scalar(text("SELECT token FROM stores")) is None
        with pytest.raises(Uninstalled, match="Install it there again"):
            await stores.credentials_of(tx, acme, sealer)
        with pytest.raises(UsageError, match="crossdock store add"):
            await stores.resume(tx, acme)


async def test_what_shopify_still_says_of_it_is_still_believed(
    web: httpx.AsyncClient, database: Database, acme: ShopDomain
) -> None:
    await ada.post(web, "app/uninstalled", UNINSTALLED)
    await take_up(database)

    answer = await ada.post(web, "shop/redact", SHOP_REDACT, address="")

    assert answer.status_code == 200


async def test_a_new_token_ends_the_pause_and_an_old_message_does_not_end_it_again(
    web: httpx.AsyncClient, database: Database, acme: ShopDomain, sealer: Sealer
) -> None:
    await ada.post(web, "app/uninstalled", UNINSTALLED)
    async with database.begin() as tx:
        await stores.add(tx, acme, Credentials("new", (SECRET,)), sealer, api_version="2026-07")

    await take_up(database)

    store = await the_store(database)
    assert store is not None
    assert (store.paused, store.uninstalled_at) == (None, None)


async def test_the_end_of_another_shop_ends_nothing(
    web: httpx.AsyncClient, database: Database, acme: ShopDomain
) -> None:
    await ada.post(web, "app/uninstalled", {**UNINSTALLED, "myshopify_domain": "other.myshopify.com"})

    await take_up(database)

    store = await the_store(database)
    assert store is not None
    assert store.paused is None


async def test_after_two_days_no_row_of_the_store_is_left(
    stranger: httpx.AsyncClient, database: Database, database_url: str, acme: ShopDomain
) -> None:
    async with a_full_store(stranger, database, database_url) as backend:
        await ada.post(stranger, "app/uninstalled", UNINSTALLED)
        await ada.post(stranger, "shop/redact", SHOP_REDACT, address="")
        early = await forget(database, backend)
        await days_pass(database, 2)

        done = await forget(database, backend)

    assert (early.standing, done.standing) == (Standing.OPEN, Standing.DONE)
    left = {table for table, row in ada.everything_kept(database_url) if "acme" in row}
    assert left == {"public.privacy_requests"}
    names_of_people = {table for table, row in ada.everything_kept(database_url) if "bob" in row.lower()}
    assert ada.tables_that_name_her(database_url) | names_of_people == set()


async def test_a_store_that_never_said_that_it_left_is_asked(
    web: httpx.AsyncClient, database: Database, acme: ShopDomain
) -> None:
    async with database.begin() as tx:
        await tx.execute(text("UPDATE stores SET installed_at = installed_at - interval '1 year'"))
    await ada.post(web, "shop/redact", SHOP_REDACT, address="")

    silent = await forget(database, store_says=NoAnswer(f"{acme}: cannot be reached."))
    gone = await forget(database, store_says=StoreUnusable(f"{acme}: does not accept the token."))

    assert (silent.standing, gone.standing) == (Standing.OPEN, Standing.DONE)
    assert await the_store(database) is None


async def test_a_store_that_came_back_keeps_everything(
    web: httpx.AsyncClient, database: Database, acme: ShopDomain
) -> None:
    await ada.post(web, "shop/redact", SHOP_REDACT, address="")

    request = await forget(database)

    assert request.standing is Standing.DECLINED
    assert await the_store(database) is not None
