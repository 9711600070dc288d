"""PyPI `shopifyapp`, Shopify's own library, against the stand-in: unchanged but for the host that it reaches."""

from collections.abc import Iterator

import httpx
import pytest
from shopify_app import RequestInput, ShopifyApp
from tests.standin.standin_asking import Shop
from tests.standin.standin_hooks import subscribe

from shopify_standin.receiving import Receiver
from shopify_standin.standin import CLIENT_ID
from shopify_standin.testing import RunningStandin


@pytest.fixture
def client(standin: RunningStandin) -> Iterator[httpx.Client]:
    """Goes to the stand-in whatever shop it is sent to, as DNS would have it."""
    served = httpx.URL(standin.url)

    def rerouted(request: httpx.Request) -> None:
        request.url = request.url.copy_with(scheme=served.scheme, host=served.host, port=served.port)

    with httpx.Client(event_hooks={"request": [rerouted]}, trust_env=False) as found:
        yield found


@pytest.fixture
def app(standin: RunningStandin) -> ShopifyApp:
    return ShopifyApp(CLIENT_ID, standin.secret)


def test_client_credentials_get_a_token_that_a_graphql_request_can_use(
    app: ShopifyApp, client: httpx.Client, standin: RunningStandin
) -> None:
    name = standin.shop_domain.split(".", maxsplit=1)[0]

    given = app.exchange_using_client_credentials(name, http_client=client)
    assert given.ok
    assert given.access_token is not None
    answer = app.admin_graphql_request(
        "{ shop { myshopifyDomain } }",
        shop=name,
        access_token=given.access_token.token,
        api_version="2026-07",
        http_client=client,
    )

    assert answer.ok
    assert answer.data == {"shop": {"myshopifyDomain": standin.shop_domain}}


def test_a_delivery_passes_the_library_s_verification(
    app: ShopifyApp, shop: Shop, standin: RunningStandin, receiver: Receiver
) -> None:
    mug = shop.variant("MUG", default=1)
    subscribe(shop, receiver, "ORDERS_CREATE")
    shop.order((mug, 1))

    headers, body = receiver.arrived.get(timeout=10)
    request: RequestInput = {"method": "POST", "url": receiver.url, "headers": headers, "body": body.decode()}

    told = app.verify_webhook_req(request)
    assert told.ok
    assert told.shop == standin.shop_domain.split(".", maxsplit=1)[0]
    request["body"] += " "
    assert not app.verify_webhook_req(request).ok


def test_a_wrong_secret_is_told_apart_by_the_library(client: httpx.Client, standin: RunningStandin) -> None:
    name = standin.shop_domain.split(".", maxsplit=1)[0]

    given = ShopifyApp(CLIENT_ID, "wrong").exchange_using_client_credentials(name, http_client=client)
    assert not given.ok
    assert given.log.code == "invalid_client"
