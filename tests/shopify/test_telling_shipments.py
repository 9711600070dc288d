"""A package is told once; what Shopify says against it is sorted by how to recover."""

from dataclasses import replace

import pytest
from tests.shopify_answers import Bench, a_draft, fulfilled, gid, says

from crossdock.kit.errors import HubError, Recovery, Refused, TryAgain
from crossdock.model.names import FulfillmentId
from crossdock.model.request import DeliveryEvent, DeliveryStatus, Tracking
from crossdock.testing.builders import NOON

FULFILLMENT = FulfillmentId(gid("Fulfillment", 1))


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


async def test_corrected_tracking_is_sent_with_what_is_known_and_the_switch_for_the_mail(bench: Bench) -> None:
    bench.shopify.will(
        "CorrectTracking", says({"fulfillmentTrackingInfoUpdate": {"fulfillment": None, "userErrors": []}})
    )

    await bench.storefront.correct_tracking(FULFILLMENT, Tracking("DHL", "JD02"), notify_customer=True)

    assert bench.shopify.asked[0].variables == {
        "id": FULFILLMENT,
        "tracking": {"company": "DHL", "number": "JD02"},
        "notifyCustomer": True,
    }


async def test_a_cancellation_that_was_made_before_is_none_to_complain_of(bench: Bench) -> None:
    error = {"field": ["id"], "message": "Fulfillment has already been cancelled."}
    bench.shopify.will("CancelFulfillment", says({"fulfillmentCancel": {"fulfillment": None, "userErrors": [error]}}))

    await bench.storefront.cancel_fulfillment(FULFILLMENT)

    assert [one.operation for one in bench.shopify.asked] == ["CancelFulfillment"]


@pytest.mark.parametrize(
    ("message", "error"), [("Fulfillment not found.", TryAgain), ("It has an open return.", Refused)]
)
async def test_a_cancellation_that_shopify_refuses_says_why(bench: Bench, message: str, error: type[HubError]) -> None:
    said = {"fulfillmentCancel": {"fulfillment": None, "userErrors": [{"field": ["id"], "message": message}]}}
    bench.shopify.will("CancelFulfillment", says(said))

    with pytest.raises(error, match=message.rstrip(".")):
        await bench.storefront.cancel_fulfillment(FULFILLMENT)


async def test_an_event_is_reported_in_shopifys_words_with_its_time(bench: Bench) -> None:
    bench.shopify.will("ReportEvent", says({"fulfillmentEventCreate": {"fulfillmentEvent": None, "userErrors": []}}))

    await bench.storefront.report_event(FULFILLMENT, DeliveryEvent(DeliveryStatus.OUT_FOR_DELIVERY, NOON))

    (asked,) = bench.shopify.asked
    sent = asked.variables["event"]
    assert (sent["fulfillmentId"], sent["status"]) == (FULFILLMENT, "OUT_FOR_DELIVERY")
    assert sent["happenedAt"].startswith(f"{NOON:%Y-%m-%dT%H:%M:%S}")


async def test_events_of_a_kind_that_is_not_known_yet_are_left_out(bench: Bench) -> None:
    at = f"{NOON:%Y-%m-%dT%H:%M:%SZ}"
    events = [{"status": "DELIVERED", "happenedAt": at}, {"status": "TELEPORTED", "happenedAt": at}]
    node = {"__typename": "Fulfillment", "id": FULFILLMENT, "events": {"nodes": events}}
    bench.shopify.will("FulfillmentEvents", says({"nodes": [node]}))

    found = await bench.storefront.delivery_events([FULFILLMENT])

    assert found == {FULFILLMENT: [DeliveryEvent(DeliveryStatus.DELIVERED, NOON)]}
