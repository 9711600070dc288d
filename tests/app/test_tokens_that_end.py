"""A token that ends is replaced an hour before, and at once when a paused store is resumed."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crossdock.app.hub import Hub, open_hub
from crossdock.app.set_up_desk import SetUpDesk
from crossdock.app.settings import settings_from
from crossdock.edge.tying import NewStore
from crossdock.model.names import ShopDomain
from crossdock.model.people import Actor, Face
from crossdock.store import stores
from crossdock.store.stores import Credentials
from shopify_standin.testing import RunningStandin, running_standin

ROOT = Actor("root", Face.COMMAND_LINE)
DOMAIN = ShopDomain("standin.myshopify.com")


@pytest.fixture(scope="module")
def shop() -> Iterator[RunningStandin]:
    with running_standin() as standin:
        standin.control("apps", client_id="dash", secret="dash-secret", scopes=None)
        yield standin


@pytest.fixture
async def hub(database_url: str, tmp_path: Path, shop: RunningStandin) -> AsyncIterator[Hub]:
    settings = settings_from(data=tmp_path, database_url=database_url, stand_ins=True)
    async with open_hub(settings, lambda _: None) as opened:
        wanted = NewStore("standin", None, ("dash-secret",), shop.url, client_id="dash")
        await SetUpDesk(opened, ROOT).add_store(wanted)
        yield opened


async def _kept(hub: Hub) -> Credentials:
    async with hub.database.begin() as tx:
        return await stores.credentials_of(tx, DOMAIN, hub.sealer)


async def _let_it_end_in(hub: Hub, time: timedelta) -> None:
    kept = await _kept(hub)
    async with hub.database.begin() as tx:
        await stores.renew(tx, DOMAIN, kept.token, datetime.now(UTC) + time, hub.sealer)


async def test_a_token_with_hours_left_is_used_on(hub: Hub) -> None:
    before = await _kept(hub)

    assert await hub.storefront(DOMAIN) is await hub.storefront(DOMAIN)
    assert (await _kept(hub)).token == before.token


async def test_a_token_in_its_last_hour_is_replaced_before_the_store_is_asked(hub: Hub) -> None:
    before = await _kept(hub)
    await _let_it_end_in(hub, timedelta(minutes=50))

    shop = await (await hub.storefront(DOMAIN)).shop()

    after = await _kept(hub)
    assert shop.domain == DOMAIN
    assert after.token != before.token
    assert not after.ends_within(timedelta(hours=23), datetime.now(UTC))


async def test_a_store_that_was_resumed_gets_a_new_token_at_once(hub: Hub, shop: RunningStandin) -> None:
    await hub.storefront(DOMAIN)
    shop.control("uninstall", client_id="dash")
    async with hub.database.begin() as tx:
        await stores.pause(tx, DOMAIN, "Shopify does not accept the access token.")
        await stores.resume(tx, DOMAIN)

    assert (await (await hub.storefront(DOMAIN)).shop()).domain == DOMAIN
