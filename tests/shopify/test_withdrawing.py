"""What the warehouse does not ship is taken off at Shopify; its refusals are sorted by how to recover."""

import pytest
from tests.shopify_answers import Bench, gid, says

from crossdock.kit.errors import HubError, Recovery, TryAgain
from crossdock.model.names import LineItemId, OrderId, Units
from crossdock.model.withdrawal import JobId, Removal

ORDER = OrderId(gid("Order", 1))
REMOVAL = Removal(ORDER, {LineItemId(gid("LineItem", 7)): Units(2)}, restock=False, notify_customer=True)


def cancelling(*messages: str, job: str | None = None) -> dict[str, object]:
    errors = [{"code": "INVALID", "field": None, "message": message} for message in messages]
    return {"orderCancel": {"job": job and {"id": job}, "orderCancelUserErrors": errors}}


async def cancel(bench: Bench, *, refund: bool = False) -> JobId:
    return await bench.storefront.cancel_order(ORDER, restock=False, refund=refund, notify_customer=False)


@pytest.mark.parametrize("refund", [True, False])
async def test_a_cancellation_says_why_and_whether_money_goes_back_and_returns_its_job(
    bench: Bench, *, refund: bool
) -> None:
    bench.shopify.will("CancelOrder", says(cancelling(job=gid("Job", 3))))

    job = await cancel(bench, refund=refund)

    assert job == gid("Job", 3)
    assert bench.shopify.asked[0].variables == {
        "order": ORDER,
        "reason": "INVENTORY",
        "restock": False,
        "notifyCustomer": False,
        "refund": {"originalPaymentMethodsRefund": refund},
    }


@pytest.mark.parametrize(
    ("message", "recovery"),
    [
        ("Cannot cancel an order that has already been canceled", Recovery.RETRY),
        ("Cancellation is already in progress", Recovery.RETRY),
        ("Cannot cancel an order that has outstanding fulfillments", Recovery.HOLD),
        ("Something that Shopify never said before", Recovery.HOLD),
    ],
)
async def test_a_refused_cancellation_is_read_again_or_left_to_a_person(
    bench: Bench, message: str, recovery: Recovery
) -> None:
    bench.shopify.will("CancelOrder", says(cancelling(message)))

    with pytest.raises(HubError, match=message) as caught:
        await cancel(bench)

    assert caught.value.recovery is recovery


async def test_a_cancellation_without_a_job_is_looked_into(bench: Bench) -> None:
    bench.shopify.will("CancelOrder", says(cancelling()))

    with pytest.raises(TryAgain):
        await cancel(bench)


async def test_a_job_that_shopify_knows_no_more_has_ended(bench: Bench) -> None:
    bench.shopify.will(
        "Job",
        says({"job": {"id": gid("Job", 1), "done": True}}),
        says({"job": {"id": gid("Job", 2), "done": False}}),
        says({"job": None}),
    )

    done = await bench.storefront.jobs_done([JobId(gid("Job", number)) for number in (1, 2, 3)])

    assert done == {gid("Job", 1), gid("Job", 3)}


async def test_units_are_removed_in_one_edit_that_says_what_is_left(bench: Bench) -> None:
    edit = gid("CalculatedOrder", 5)
    bench.shopify.will("BeginOrderEdit", says({"orderEditBegin": {"calculatedOrder": {"id": edit}, "userErrors": []}}))
    bench.shopify.will("SetEditedQuantity", says({"orderEditSetQuantity": {"userErrors": []}}))
    bench.shopify.will("CommitOrderEdit", says({"orderEditCommit": {"order": {"id": ORDER}, "userErrors": []}}))

    await bench.storefront.remove_units(REMOVAL)

    _, staged, committed = (one.variables for one in bench.shopify.asked)
    assert staged == {"edit": edit, "line": gid("CalculatedLineItem", 7), "quantity": 2, "restock": False}
    assert committed["notifyCustomer"] is True


async def test_an_edit_that_shopify_refuses_is_not_committed(bench: Bench) -> None:
    error = {"field": ["quantity"], "message": "Quantity cannot be less than what was fulfilled"}
    begun = {"calculatedOrder": {"id": gid("CalculatedOrder", 5)}, "userErrors": []}
    bench.shopify.will("BeginOrderEdit", says({"orderEditBegin": begun}))
    bench.shopify.will("SetEditedQuantity", says({"orderEditSetQuantity": {"userErrors": [error]}}))

    with pytest.raises(HubError, match="what was fulfilled") as caught:
        await bench.storefront.remove_units(REMOVAL)

    assert caught.value.recovery is Recovery.HOLD
    assert [one.operation for one in bench.shopify.asked] == ["BeginOrderEdit", "SetEditedQuantity"]
