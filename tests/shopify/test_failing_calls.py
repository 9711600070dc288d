"""What may be repeated is retried, what must not be is given back, and a no is a no with a sentence."""

from datetime import UTC, datetime

import httpx
import pytest
from pydantic import ValidationError
from structlog.testing import capture_logs
from tests.shopify_answers import (
    STORE,
    TOKEN,
    Bench,
    Json,
    a_draft,
    an_address,
    an_order,
    complains,
    fails,
    fulfilled,
    gid,
    says,
    shop,
    throttles,
)

from crossdock.kit.errors import HubError, Recovery, Refused, StoreUnusable, TryAgain, UsageError
from crossdock.model.names import OrderId, ShopDomain
from crossdock.shopify.refusals import AccessDenied, OperationMisread, QueryTooDear, SearchMisread, VersionFellForward

ORDER = OrderId(gid("Order", 1))


@pytest.mark.parametrize(
    "failure",
    [
        fails(500),
        fails(503, "down for maintenance"),
        fails(200, "<html>not JSON</html>"),
        complains("INTERNAL_SERVER_ERROR", "Something went wrong, request id 1"),
        httpx.ReadTimeout("silent"),
        httpx.ConnectError("refused"),
        httpx.RemoteProtocolError("closed"),
        httpx.DecodingError("garbled"),
    ],
    ids=["500", "503", "no JSON", "internal error", "silence", "no connection", "broken off", "garbled"],
)
async def test_a_read_is_tried_again_after_a_failure(bench: Bench, failure: httpx.Response | Exception) -> None:
    bench.shopify.will("Shop", failure, says(shop()))

    assert (await bench.storefront.shop()).name == "Acme"


async def test_retries_back_off_and_end(bench: Bench) -> None:
    bench.shopify.always("Shop", lambda _: fails(502))

    with pytest.raises(TryAgain, match=r"HTTP 502.*Tried 5 times"):
        await bench.storefront.shop()

    assert bench.slept == [0.5, 1, 2, 4]


@pytest.mark.parametrize("failure", [fails(502), httpx.ReadTimeout("silent"), httpx.WriteError("broken")])
async def test_a_fulfillment_that_may_exist_is_not_created_again_blindly(
    bench: Bench, failure: httpx.Response | Exception
) -> None:
    """Shopify neither recognises a repeat nor keeps a reference; only a fresh read can tell."""
    bench.shopify.will("CreateFulfillment", failure)

    with pytest.raises(TryAgain, match="may have been done"):
        await bench.storefront.create_fulfillment(a_draft())

    assert bench.shopify.operations() == ["CreateFulfillment"]


@pytest.mark.parametrize("failure", [httpx.ConnectError("refused"), throttles(10, available=5), fails(429)])
async def test_a_fulfillment_that_cannot_exist_yet_is_sent_again(
    bench: Bench, failure: httpx.Response | Exception
) -> None:
    bench.shopify.will("CreateFulfillment", failure, says(fulfilled()))

    assert await bench.storefront.create_fulfillment(a_draft()) == gid("Fulfillment", 1)


@pytest.mark.parametrize(
    ("status", "remedy"),
    [
        (301, "present myshopify.com domain"),
        (401, "enter a new token"),
        (402, "Settle the store's bill"),
        (403, "Check in the store's admin"),
        (404, "Check the domain"),
        (423, "Shopify's support"),
    ],
)
async def test_a_store_that_refuses_every_call_says_what_to_do(bench: Bench, status: int, remedy: str) -> None:
    bench.shopify.will("Shop", fails(status, '{"errors":"no"}', {"Location": "https://elsewhere.example/"}))

    with pytest.raises(StoreUnusable, match=remedy) as caught:
        await bench.storefront.shop()

    assert caught.value.recovery is Recovery.PAUSE_STORE
    assert STORE in str(caught.value)
    assert len(bench.shopify.asked) == 1


async def test_a_missing_scope_is_named(bench: Bench) -> None:
    denied = complains(
        "ACCESS_DENIED",
        "Access denied for orders field.",
        data={"nodes": []},
        requiredAccess="`read_orders` access scope.",
    )
    bench.shopify.will("Orders", denied)

    with pytest.raises(AccessDenied, match="Give the app `read_orders` access scope and install it again"):
        await bench.storefront.orders([ORDER])


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("MAX_COST_EXCEEDED", QueryTooDear),
        ("RESOURCE_NOT_FOUND", Refused),
        ("undefinedField", OperationMisread),
        ("INVALID_VARIABLE", OperationMisread),
    ],
)
async def test_top_level_errors_have_a_type_each(bench: Bench, code: str, error: type[HubError]) -> None:
    bench.shopify.will("Orders", complains(code, "It will not do."))

    with pytest.raises(error):
        await bench.storefront.orders([ORDER])


async def test_a_search_that_shopify_misread_is_an_error_because_it_is_ignored(bench: Bench) -> None:
    """An unknown filter gives all orders there are (recorded 2026-04)."""
    answer: Json = {
        "data": {"orders": {"nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}},
        "extensions": {
            "search": [{"path": ["orders"], "warnings": [{"field": "updated", "message": "Invalid search field."}]}]
        },
    }
    bench.shopify.will("OrdersUpdated", httpx.Response(200, json=answer))

    with pytest.raises(SearchMisread, match=r"updated: Invalid search field\."):
        await bench.storefront.orders_updated(datetime(2026, 7, 1, tzinfo=UTC))


async def test_another_version_than_asked_for_stops_the_store(bench: Bench) -> None:
    bench.shopify.will("Shop", says(shop(), headers={"X-Shopify-API-Version": "2026-10"}))

    with pytest.raises(VersionFellForward, match="enter 2026-10 as the store's api_version") as caught:
        await bench.storefront.shop()

    assert caught.value.recovery is Recovery.PAUSE_STORE


async def test_deprecated_fields_are_logged_once_for_each_operation(bench: Bench) -> None:
    warned = {"X-Shopify-API-Deprecated-Reason": "https://shopify.dev/whatever"}
    bench.shopify.always("Shop", lambda _: says(shop(), headers=warned))

    with capture_logs() as logs:
        await bench.storefront.shop()
        await bench.storefront.shop()

    assert [(entry["event"], entry["operation"]) for entry in logs] == [("shopify_deprecated", "Shop")]


@pytest.mark.parametrize(
    "domain", ["evil.example", "acme.myshopify.com.evil.example", "acme.myshopify.com/x", "-a.myshopify.com", "a@b"]
)
def test_only_a_shops_own_host_is_ever_called(domain: str) -> None:
    with pytest.raises(UsageError, match=r"should look like acme\.myshopify\.com"):
        Bench(domain=ShopDomain(domain))


async def test_a_call_goes_to_the_stores_host_with_its_token(bench: Bench) -> None:
    bench.shopify.will("Shop", says(shop()))

    await bench.storefront.shop()

    (asked,) = bench.shopify.asked
    assert asked.url == "https://acme.myshopify.com/admin/api/2026-07/graphql.json"
    assert asked.token == TOKEN


async def test_an_answer_that_does_not_fit_shows_nothing_of_the_buyer(bench: Bench) -> None:
    odd = an_order(shippingAddress=an_address(firstName={"was": "Ada"}))
    bench.shopify.will("Orders", says({"nodes": [odd]}))

    with pytest.raises(ValidationError) as caught:
        await bench.storefront.orders([ORDER])

    assert "firstName" in str(caught.value)
    assert "Ada" not in str(caught.value)
