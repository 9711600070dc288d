"""A store's credentials are kept under seal, and what is known of a store can be read without opening it."""

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

from crossdock.kit.errors import UsageError
from crossdock.kit.sealing import Sealer
from crossdock.model.names import ShopDomain
from crossdock.store import stores
from crossdock.store.database import Database
from crossdock.store.schema import stores as table

ACME = ShopDomain("acme.myshopify.com")
CREDENTIALS = stores.Credentials("shpat_of_acme", ("newer", "older"))


@pytest.fixture
def sealer() -> Sealer:
    return Sealer(Fernet.generate_key().decode())


async def _added(database: Database, sealer: Sealer) -> None:
    async with database.begin() as tx:
        await stores.add(tx, ACME, CREDENTIALS, sealer, api_version="2026-07", endpoint="http://127.0.0.1:9")


async def test_an_added_store_is_listed_and_its_credentials_open_again(database: Database, sealer: Sealer) -> None:
    await _added(database, sealer)

    async with database.begin() as tx:
        listed = await stores.listed(tx)
        credentials = await stores.credentials_of(tx, ACME, sealer)

    assert [(store.domain, store.api_version, store.endpoint) for store in listed] == [
        (ACME, "2026-07", "http://127.0.0.1:9")
    ]
    assert credentials == CREDENTIALS


async def test_neither_token_nor_secret_is_readable_in_the_database_or_in_a_log(
    database: Database, sealer: Sealer
) -> None:
    await _added(database, sealer)

    async with database.begin() as tx:
        row = (await tx.execute(select(table))).one()

    assert b"shpat" not in row.token
    assert all(secret not in sealed for secret in (b"newer", b"older") for sealed in row.secrets)
    assert "shpat" not in repr(CREDENTIALS)
    assert "newer" not in repr(CREDENTIALS)


async def test_adding_a_store_again_renews_its_credentials_and_ends_its_pause(
    database: Database, sealer: Sealer
) -> None:
    await _added(database, sealer)
    async with database.begin() as tx:
        await stores.pause(tx, ACME, "Shopify no longer accepts the token.")

    async with database.begin() as tx:
        await stores.add(tx, ACME, stores.Credentials("shpat_new", ("newest",)), sealer, api_version="2026-10")

    async with database.begin() as tx:
        store = await stores.get(tx, ACME)
        credentials = await stores.credentials_of(tx, ACME, sealer)
    assert (store.paused, store.api_version) == (None, "2026-10")
    assert credentials == stores.Credentials("shpat_new", ("newest",))


async def test_a_pause_keeps_its_first_reason_until_the_store_is_resumed(database: Database, sealer: Sealer) -> None:
    await _added(database, sealer)
    async with database.begin() as tx:
        await stores.pause(tx, ACME, "The shop is frozen.")
        await stores.pause(tx, ACME, "Something later.")
        paused = await stores.get(tx, ACME)

    async with database.begin() as tx:
        await stores.resume(tx, ACME)
        resumed = await stores.get(tx, ACME)

    assert paused.paused == "The shop is frozen."
    assert paused.paused_at is not None
    assert (resumed.paused, resumed.paused_at) == (None, None)


async def test_an_unknown_store_says_how_to_add_it(database: Database, sealer: Sealer) -> None:
    async with database.begin() as tx:
        assert await stores.find(tx, ACME) is None
        for asked in (stores.get(tx, ACME), stores.credentials_of(tx, ACME, sealer), stores.resume(tx, ACME)):
            with pytest.raises(stores.UnknownStore, match="crossdock store add acme"):
                await asked


async def test_another_sealing_key_is_named_as_the_trouble(database: Database, sealer: Sealer) -> None:
    await _added(database, sealer)
    other = Sealer(Fernet.generate_key().decode())

    async with database.begin() as tx:
        with pytest.raises(UsageError, match="sealed with another key"):
            await stores.credentials_of(tx, ACME, other)
