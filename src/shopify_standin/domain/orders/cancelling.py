"""
`orderCancel`: checked at once, done by a job after the answer (refusals recorded 2026-04; `jobResult` 2026-10).

Shipments and returns stand in the way only once money is involved: orders without any payment state were cancelled
in spite of both (recorded 2026-04).
"""

from typing import Any

from shopify_standin.call import Call
from shopify_standin.clock import moment_from
from shopify_standin.domain.orders.booking import book
from shopify_standin.domain.orders.finding import order_named
from shopify_standin.domain.orders.telling import order_changed
from shopify_standin.domain.orders.withdrawing import let_go
from shopify_standin.domain.store_credit import credit
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.model.notices import Job
from shopify_standin.model.sales import Order
from shopify_standin.registry import Args, Fields, mutation
from shopify_standin.world import World

MAX_STAFF_NOTE = 255

JOB = Fields("Job")
JOB.attributes("done", id="gid")


@JOB.field("query")
def job_query(job: Job, call: Call) -> World | None:
    """The shop once the job is done, to read what it did."""
    return call.world if job.done else None


@mutation("orderCancel")
def order_cancel(world: World, args: Args) -> JsonObject:
    """Begin to cancel."""
    _check_arguments(args)
    order = order_named(world, args["orderId"], ["orderId"], "NOT_FOUND")
    _check_order(world, order)
    job = Job(world.uuid("Job"))
    world.jobs[job.id] = job
    order.cancel_job_id = job.id
    world.agenda.add(
        world.now() + world.settings.job_delay,
        run_cancellation, job.id, order.id, args["reason"], args["restock"], _refund_way(args), args.get("staffNote"),
        _credit_end(args),
    )  # fmt: skip
    result = {"id": _result_id(job), "done": False, "errors": [], "order": order, "status": "STARTED"}
    return {
        "job": {"id": job.gid, "done": False, "query": None},
        "jobResult": result,
        "orderCancelUserErrors": [],
        "userErrors": [],
    }


def _result_id(job: Job) -> str:
    return f"gid://shopify/OrderCancelJobResult/{job.id}"


def _check_arguments(args: Args) -> None:
    if args.get("refund") is not None and args.get("refundMethod") is not None:
        message = "Only one of the arguments `refund` or `refund_method` is allowed."
        raise Refused(user_error(["refund"], message, "INVALID"))
    if len(args.get("staffNote") or "") > MAX_STAFF_NOTE:
        message = f"Staff note is too long. Maximum length is {MAX_STAFF_NOTE} characters."
        raise Refused(user_error(["staffNote"], message, "INVALID"))


def _check_order(world: World, order: Order) -> None:
    if order.cancelled_at is not None:
        message = "Cannot cancel an order that has already been canceled"
        raise Refused(user_error(["orderId"], message, "INVALID"))
    if order.cancel_job_id is not None and not world.jobs[order.cancel_job_id].done:
        raise Refused(user_error(None, "Cancellation is already in progress", "INVALID"))
    if order.financial_status is None:
        return
    if any(world.returns[number].status in {"REQUESTED", "OPEN"} for number in order.return_ids):
        raise Refused(user_error(["orderId"], "Cannot cancel an order that has returns", "INVALID"))
    if any(world.fulfillments[number].status == "SUCCESS" for number in order.fulfillment_ids):
        message = "Cannot cancel an order that has outstanding fulfillments"
        raise Refused(user_error(["orderId"], message, "INVALID"))


def _refund_way(args: Args) -> str | None:
    """How money goes back: `original`, `credit` or not at all."""
    method: dict[str, Any] = args.get("refundMethod") or {}
    if method.get("storeCreditRefund") is not None:
        return "credit"
    return "original" if args.get("refund") or method.get("originalPaymentMethodsRefund") else None


def _credit_end(args: Args) -> str | None:
    """When store credit that is given back expires."""
    found: str | None = ((args.get("refundMethod") or {}).get("storeCreditRefund") or {}).get("expiresAt")
    return found


def run_cancellation(
    world: World,
    job_id: str,
    order_id: int,
    reason: str,
    restock: bool,
    way: str | None,
    note: str | None,
    credit_end: str | None,
) -> None:
    """The job: stop what is to be shipped, put units back, give money back, and note the reason."""
    world.jobs[job_id].done = True
    order = world.orders.get(order_id)
    if order is None or order.cancelled_at is not None:
        return
    now = world.now()
    order.cancelled_at, order.cancel_reason, order.cancel_note = now, reason, note
    _stop_shipping(world, order, restock=restock)
    if way is not None:
        _give_back(world, order, way, credit_end)
    if order.net_payment.shop <= 0:
        # A paid order stays open, with its units, until its money is settled (recorded 2026-04).
        order.closed_at = now
        for line in order.lines:
            line.remove(line.current_quantity)
    order_changed(world, order, "ORDERS_CANCELLED")


def _stop_shipping(world: World, order: Order, *, restock: bool) -> None:
    if not order.fulfillment_order_ids:
        # Not routed yet, and it never will be: its units wait where the plan took them from.
        for share in order.plan:
            let_go(world, world.lines[share.line_item_id], share.location_id, share.units, restock=restock)
    for number in order.fulfillment_order_ids:
        part = world.fulfillment_orders[number]
        if not part.is_open:
            continue
        part.status, part.updated_at = "CLOSED", world.now()
        for line in part.lines:
            sold = world.lines[line.line_item_id]
            let_go(world, sold, part.assigned.location_id, line.remaining, restock=restock)


def _give_back(world: World, order: Order, way: str, credit_end: str | None) -> None:
    """Refund every payment by its own way, or all of them as store credit."""
    paid = [t for t in order.transactions if t.kind in {"SALE", "CAPTURE"} and t.status == "SUCCESS"]
    customer = world.customers.get(order.customer_id)
    for payment in paid:
        gateway = payment.gateway
        if way == "credit" and customer is not None:
            end = moment_from(credit_end)
            credit(world, customer.gid, payment.amount.shop, order.currencies.shop, "ORDER_CANCELLATION", end)
            gateway = "shopify_store_credit"
        book(world, order, "REFUND", payment.amount, gateway, parent=payment)
