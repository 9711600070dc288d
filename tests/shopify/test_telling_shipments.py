"""A package is told once; what Shopify says against it is sorted by how to recover."""

from dataclasses import replace

import pytest
from tests.shopify_answers import Bench, a_draft, fulfilled, gid, says

from crossdock.kit.errors import HubError, Recovery, TryAgain


async def test_a_package_is_told_with_its_lines_and_its_tracking(bench: Bench) -> None:
    bench.shopify.will("CreateFulfillment", says(fulfilled()))

    told = await bench.storefront.create_fulfillment(a_draft())

    assert told == gid("Fulfillment", 1)
    assert bench.shopify.asked[0].variables["fulfillment"] == {
        "lineItemsByFulfillmentOrder": [
            {
                "fulfillmentOrderId": gid("FulfillmentOrder", 1),
                "fulfillmentOrderLineItems": [{"id": gid("FulfillmentOrderLineItem", 1), "quantity": 2}],
            }
        ],
        "notifyCustomer": False,
        "trackingInfo": {"company": "DHL", "number": "JD01"},
    }


async def test_a_package_without_tracking_sends_none(bench: Bench) -> None:
    """An explicit null is a value to Shopify."""
    bench.shopify.will("CreateFulfillment", says(fulfilled()))

    await bench.storefront.create_fulfillment(replace(a_draft(), tracking_company=None, tracking_number=None))

    assert "trackingInfo" not in bench.shopify.asked[0].variables["fulfillment"]


@pytest.mark.parametrize(
    ("message", "recovery"),
    [
        ("Fulfillment order 1 has an unfulfillable status= closed.", Recovery.RETRY),
        ("Invalid fulfillment order line item quantity requested.", Recovery.RETRY),
        ("Fulfillment order does not exist.", Recovery.RETRY),
        ("Fulfillment order line item does not exist.", Recovery.RETRY),
        ("All fulfillment orders must be assigned to a single location. Multiple locations …", Recovery.HOLD),
        ("All fulfillment orders must belong to the same order. Multiple orders …", Recovery.HOLD),
        ("Quantity must be greater than 0", Recovery.HOLD),
        ("Something that Shopify never said before", Recovery.HOLD),
    ],
)
async def test_a_refusal_without_a_code_is_understood_by_its_text(
    bench: Bench, message: str, recovery: Recovery
) -> None:
    error = {"field": ["fulfillment"], "message": message}
    bench.shopify.will("CreateFulfillment", says({"fulfillmentCreate": {"fulfillment": None, "userErrors": [error]}}))

    with pytest.raises(HubError, match="The package JD01 was refused by Shopify") as caught:
        await bench.storefront.create_fulfillment(a_draft())

    assert caught.value.recovery is recovery
    assert message.rstrip(".") in str(caught.value)


async def test_an_answer_without_an_id_is_looked_into(bench: Bench) -> None:
    bench.shopify.will("CreateFulfillment", says({"fulfillmentCreate": {"fulfillment": None, "userErrors": []}}))

    with pytest.raises(TryAgain):
        await bench.storefront.create_fulfillment(a_draft())
