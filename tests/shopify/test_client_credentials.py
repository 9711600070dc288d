"""An app of the Dev Dashboard asks for its tokens with its own credentials, and is told which of them is wrong."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from crossdock.kit.errors import NoAnswer, StoreUnusable
from crossdock.model.names import ShopDomain
from crossdock.shopify.client_credentials import mint
from crossdock.shopify.token_requests import AppCredentials
from shopify_standin.testing import RunningStandin, running_standin

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
APP = AppCredentials("dash", "dash-secret")


@pytest.fixture(scope="module")
def shop() -> Iterator[RunningStandin]:
    with running_standin() as standin:
        standin.control("apps", client_id=APP.client_id, secret=APP.secret, scopes=["read_orders"])
        yield standin


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as client:
        yield client


async def test_a_token_is_good_for_a_day_and_opens_the_store(shop: RunningStandin, http: httpx.AsyncClient) -> None:
    minted = await mint(http, ShopDomain(shop.shop_domain), APP, NOW, endpoint=shop.url)

    assert minted.expires_at - NOW == timedelta(seconds=86_399)
    headers = {"X-Shopify-Access-Token": minted.token}
    assert (await http.get(f"{shop.url}/admin/oauth/access_scopes.json", headers=headers)).status_code == 200
    assert minted.token not in repr(minted)


@pytest.mark.parametrize(
    ("app", "sentence"),
    [
        (AppCredentials("dash", "wrong"), "does not accept the client secret"),
        (AppCredentials("other", "dash-secret"), "knows no app with the client id other"),
    ],
)
async def test_a_refusal_says_which_of_the_two_is_wrong(
    shop: RunningStandin, http: httpx.AsyncClient, app: AppCredentials, sentence: str
) -> None:
    with pytest.raises(StoreUnusable, match=sentence) as refused:
        await mint(http, ShopDomain(shop.shop_domain), app, NOW, endpoint=shop.url)

    assert app.secret not in str(refused.value)


async def test_a_store_that_does_not_answer_is_worth_another_try(http: httpx.AsyncClient) -> None:
    with pytest.raises(NoAnswer, match="cannot be reached"):
        await mint(http, ShopDomain("acme.myshopify.com"), APP, NOW, endpoint="http://127.0.0.1:9")
