"""Every call is kept, findable by what it was about, without secrets and without personal data."""

from dataclasses import asdict

import httpx
import pytest
from structlog.testing import capture_logs
from tests.shopify_answers import TOKEN, Bench, a_draft, an_order, complains, fails, gid, says, shop, throttles

from crossdock.kit.errors import HubError
from crossdock.model.names import OrderId

ORDER = OrderId(gid("Order", 1))


async def test_a_call_is_kept_with_its_price_its_request_id_and_what_it_was_about(bench: Bench) -> None:
    bench.shopify.will("Orders", says({"nodes": [an_order()]}, requested=151))

    await bench.storefront.orders([ORDER])

    (kept,) = bench.journal.kept
    assert (kept.operation, kept.status, kept.outcome, kept.request_id) == ("Orders", 200, "ok", "req-1")
    assert (kept.requested_cost, kept.actual_cost) == (151, 151)
    assert kept.subjects == (ORDER,)
    assert kept.request == {"ids": [ORDER]}
    assert kept.response["data"]["nodes"][0]["name"] == "#1001"


async def test_what_a_write_is_about_is_found_inside_its_input(bench: Bench) -> None:
    bench.shopify.will("CreateFulfillment", complains("INTERNAL_SERVER_ERROR"))

    with pytest.raises(HubError):
        await bench.storefront.create_fulfillment(a_draft())

    assert bench.journal.kept[0].subjects == (gid("FulfillmentOrder", 1), gid("FulfillmentOrderLineItem", 1))


async def test_every_try_is_kept_with_its_outcome(bench: Bench) -> None:
    bench.shopify.will("Shop", throttles(), fails(500), httpx.ReadTimeout("silent"), says(shop()))

    await bench.storefront.shop()

    kept = [(exchange.status, exchange.outcome) for exchange in bench.journal.kept]
    assert kept == [(200, "throttled"), (500, "failed"), (None, "failed"), (200, "ok")]


async def test_a_refusal_is_kept_too(bench: Bench) -> None:
    bench.shopify.will("Shop", fails(401, '{"errors": "[API] Invalid API key or access token"}'))

    with pytest.raises(HubError):
        await bench.storefront.shop()

    assert bench.journal.kept[0].outcome == "refused"


async def test_neither_the_token_nor_a_buyers_data_is_kept_or_logged(bench: Bench) -> None:
    bench.shopify.will("Orders", says({"nodes": [an_order()]}, headers={"X-Shopify-API-Deprecated-Reason": "soon"}))

    with capture_logs() as logs:
        await bench.storefront.orders([ORDER])

    seen = repr([asdict(exchange) for exchange in bench.journal.kept]) + repr(logs)
    for secret in (TOKEN, "ada@example.com", "Lovelace", "1 Mill Lane"):
        assert secret not in seen


async def test_a_very_large_answer_is_kept_by_its_size(bench: Bench) -> None:
    bench.shopify.will("Orders", says({"nodes": [an_order(note="x" * 300_000)]}))

    await bench.storefront.orders([ORDER])

    assert bench.journal.kept[0].response["bytes"] > 300_000
