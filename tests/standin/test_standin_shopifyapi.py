"""PyPI `ShopifyAPI`, the older official library, against the stand-in: unchanged but for the host that it reaches."""

import http.client
import json
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

import shopify  # type: ignore[import-untyped]
from shopify_standin.standin import CLIENT_ID
from shopify_standin.testing import RunningStandin


@pytest.fixture
def rerouted(standin: RunningStandin) -> Iterator[None]:
    """Lets every `https://` request of this process go to the stand-in, as DNS would have it."""
    port = urlsplit(standin.url).port

    class ToTheStandin(urllib.request.HTTPSHandler):
        def https_open(self, request: urllib.request.Request) -> Any:
            def connection(_host: str, **options: Any) -> http.client.HTTPConnection:
                return http.client.HTTPConnection("127.0.0.1", port, timeout=options["timeout"])

            return self.do_open(connection, request)

    urllib.request.install_opener(urllib.request.build_opener(urllib.request.ProxyHandler({}), ToTheStandin))
    try:
        yield
    finally:
        urllib.request.install_opener(urllib.request.build_opener())
        shopify.ShopifyResource.clear_session()


@pytest.mark.usefixtures("rerouted")
def test_a_session_asks_the_admin_api(standin: RunningStandin) -> None:
    shopify.ShopifyResource.activate_session(shopify.Session(standin.shop_domain, "2026-07", standin.token))

    answer = json.loads(
        shopify.GraphQL().execute(
            "query Named($first: Int!) { shop { name } locations(first: $first) { nodes { name } } }",
            {"first": 1},
            "Named",
        )
    )

    assert answer["data"]["shop"] == {"name": standin.shop_domain.split(".", maxsplit=1)[0]}
    assert len(answer["data"]["locations"]["nodes"]) == 1


@pytest.mark.usefixtures("rerouted")
def test_a_session_comes_by_its_token_through_the_signed_redirect(standin: RunningStandin) -> None:
    shopify.Session.setup(api_key=CLIENT_ID, secret=standin.secret)
    session = shopify.Session(standin.shop_domain, "2026-07")
    consent = urlsplit(session.create_permission_url(["read_orders"], "https://app.example/back", "n0nce"))

    back = httpx.get(f"{standin.url}{consent.path}?{consent.query}", trust_env=False).headers["location"]
    token = session.request_token(dict(parse_qsl(urlsplit(back).query)))

    assert standin.standin.registrar.grants[token].scopes == frozenset({"read_orders"})


@pytest.mark.usefixtures("rerouted")
def test_a_redirect_that_was_tampered_with_is_not_exchanged(standin: RunningStandin) -> None:
    shopify.Session.setup(api_key=CLIENT_ID, secret=standin.secret)
    session = shopify.Session(standin.shop_domain, "2026-07")
    parameters = {"code": "c", "shop": standin.shop_domain, "timestamp": "9999999999", "hmac": "0" * 64}

    with pytest.raises(shopify.ValidationException):
        session.request_token(parameters)
