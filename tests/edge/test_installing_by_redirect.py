"""An app is installed by redirect: agreed to at Shopify, kept only where all that comes back fits what was begun."""

import asyncio
import html
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest
from sqlalchemy import text
from tests.edge.edge_desk import Person, a_person

from crossdock.app.hub import Hub, open_hub
from crossdock.app.serve import listen, serving
from crossdock.app.settings import settings_from
from crossdock.kit.errors import StoreUnusable
from crossdock.model.names import ShopDomain
from crossdock.store import stores
from crossdock.store.stores import Credentials
from shopify_standin.auth.routes import redirect_hmac
from shopify_standin.testing import RunningStandin, running_standin

OURS = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
SECRET = "dash-secret"
DOMAIN = ShopDomain("mugs.myshopify.com")


@dataclass
class Portal:
    """A hub's portal over HTTP, with an admin before it."""

    hub: Hub
    shop: RunningStandin
    web: httpx.AsyncClient
    ada: Person

    async def begin(self, secret: str = SECRET, address: str = "https://admin.shopify.com/store/mugs") -> str:
        """Begin to install, and return where to agree."""
        form = {"domain": address, "client_id": "dash", "client_secret": secret, "endpoint": self.shop.url}
        page = await self.web.post("/setup/install", data=self.ada.form | form, headers=OURS)
        assert page.status_code == 200, said_on(page)
        found = re.search(r'<a class="button main" href="([^"]+)"', page.text)
        assert found is not None
        return html.unescape(found[1])

    async def agree(self, address: str) -> dict[str, str]:
        """Agree at Shopify, and return what it leads back with."""
        answer = await asyncio.to_thread(self.shop.client.get, address)
        assert answer.status_code == 302
        back = urlsplit(answer.headers["location"])
        assert (back.netloc, back.path) == (self.web.base_url.netloc.decode(), "/setup/installed")
        return dict(parse_qsl(back.query, keep_blank_values=True))

    async def come_back(self, query: dict[str, str]) -> httpx.Response:
        return await self.web.get(f"/setup/installed?{urlencode(query)}", headers={"Accept": "text/html"})

    async def kept(self) -> Credentials | None:
        async with self.hub.database.begin() as tx:
            if await stores.find(tx, DOMAIN) is None:
                return None
            return await stores.credentials_of(tx, DOMAIN, self.hub.sealer)


def said_on(answer: httpx.Response) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", answer.text)))


def signed(query: dict[str, str], **changes: str) -> dict[str, str]:
    """What Shopify would send back with these changes."""
    told = {name: value for name, value in {**query, **changes}.items() if name != "hmac"}
    return {**told, "hmac": redirect_hmac(told, SECRET)}


@pytest.fixture
def shop() -> Iterator[RunningStandin]:
    with running_standin("mugs") as standin:
        standin.control("apps", client_id="dash", secret=SECRET, scopes=[])
        yield standin


@pytest.fixture
async def portal(database_url: str, tmp_path: Path, shop: RunningStandin) -> AsyncIterator[Portal]:
    listener = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    settings = settings_from(data=tmp_path, database_url=database_url, port=port, stand_ins=True)
    async with open_hub(settings, lambda _: None) as hub, serving(hub, listener):
        ada = await a_person(hub.database, name="ada")
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as web:
            ada.sit_down(web)
            yield Portal(hub, shop, web, ada)


async def test_a_store_is_installed_and_its_token_opens_it(portal: Portal) -> None:
    address = await portal.begin()
    asked = dict(parse_qsl(urlsplit(address).query))

    back = await portal.come_back(await portal.agree(address))

    kept = await portal.kept()
    assert "read_orders" in asked["scope"].split(",")
    assert (back.status_code, back.headers["location"]) == (303, f"/setup/connect?store={DOMAIN}")
    assert kept is not None
    assert kept.refresh_token is not None
    assert (kept.client_id, kept.secrets) == ("dash", (SECRET,))
    assert (await (await portal.hub.storefront(DOMAIN)).shop()).domain == DOMAIN


async def test_what_comes_back_is_good_once(portal: Portal) -> None:
    query = await portal.agree(await portal.begin())
    await portal.come_back(query)

    again = await portal.come_back(query)

    assert again.status_code == 422
    assert "was finished already" in said_on(again)


async def test_an_installation_that_took_too_long_is_over(portal: Portal) -> None:
    query = await portal.agree(await portal.begin())
    async with portal.hub.database.begin() as tx:
        await tx.execute(text("UPDATE installs SET ends_at = hub_now()"))

    late = await portal.come_back(query)

    assert "took longer than ten minutes" in said_on(late)
    assert await portal.kept() is None


async def test_another_browser_cannot_finish_it(portal: Portal) -> None:
    query = await portal.agree(await portal.begin())
    grace = await a_person(portal.hub.database, name="grace")
    portal.web.cookies.clear()
    grace.sit_down(portal.web)

    answer = await portal.come_back(query)

    assert "was not begun in this browser" in said_on(answer)
    assert await portal.kept() is None


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"shop": "lamps.myshopify.com"}, "is not signed with this app's client secret"),
        ({"hmac": "0" * 64}, "is not signed with this app's client secret"),
        ({"hmac": ""}, "is not signed with this app's client secret"),
        ({"error": "access_denied"}, "it was not agreed to at Shopify"),
        ({"state": "guessed"}, "was not begun in this browser"),
    ],
)
async def test_what_was_altered_on_the_way_installs_nothing(
    portal: Portal, change: dict[str, str], sentence: str
) -> None:
    query = await portal.agree(await portal.begin())

    answer = await portal.come_back({**query, **change})

    assert answer.status_code == 422
    assert sentence in said_on(answer)
    assert await portal.kept() is None


async def test_a_store_that_was_not_meant_is_not_kept(portal: Portal) -> None:
    query = await portal.agree(await portal.begin())

    answer = await portal.come_back(signed(query, shop="lamps.myshopify.com"))

    assert f"it was begun for {DOMAIN}, and agreed to in lamps.myshopify.com" in said_on(answer)
    assert await portal.kept() is None


async def test_a_code_that_buys_nothing_is_told_with_what_to_do(portal: Portal) -> None:
    query = await portal.agree(await portal.begin())

    answer = await portal.come_back(signed(query, code="spent"))

    assert "begin the installation again" in said_on(answer)
    assert await portal.kept() is None


async def test_a_token_of_an_hour_is_renewed_once_however_many_ask(portal: Portal) -> None:
    await portal.come_back(await portal.agree(await portal.begin()))
    before = await portal.kept()
    assert before is not None
    await _let_it_end_in(portal, before, timedelta(minutes=5))

    await asyncio.gather(*(portal.hub.storefront(DOMAIN) for _ in range(4)))

    after = await portal.kept()
    assert after is not None
    assert (after.token == before.token, after.refresh_token == before.refresh_token) == (False, False)
    assert len(portal.shop.standin.registrar.refreshes) == 2
    await _let_it_end_in(portal, after, timedelta(minutes=5))
    assert (await (await portal.hub.storefront(DOMAIN)).shop()).domain == DOMAIN


async def test_a_token_that_cannot_be_renewed_says_to_install_again(portal: Portal) -> None:
    await portal.come_back(await portal.agree(await portal.begin()))
    kept = await portal.kept()
    assert kept is not None
    await _let_it_end_in(portal, kept, timedelta(minutes=5))
    portal.shop.standin.registrar.refreshes.clear()

    with pytest.raises(StoreUnusable, match="Install the app again by redirect"):
        await portal.hub.storefront(DOMAIN)


async def _let_it_end_in(portal: Portal, kept: Credentials, time: timedelta) -> None:
    ends = datetime.now(UTC) + time
    async with portal.hub.database.begin() as tx:
        await stores.renew(tx, DOMAIN, kept.token, ends, portal.hub.sealer, refresh_token=kept.refresh_token)
