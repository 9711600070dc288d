"""Making, paying, cancelling, archiving and describing orders (messages recorded 2026-04)."""

from datetime import timedelta

from shopify_standin.domain.addresses import address_from
from shopify_standin.domain.fulfillment_orders.routing import route_later
from shopify_standin.domain.inventory.stock import release
from shopify_standin.domain.orders.placing import place_order
from shopify_standin.domain.orders.reading import markable_as_paid
from shopify_standin.domain.orders.telling import order_changed
from shopify_standin.domain.products.making import sorted_tags
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.notices import Job
from shopify_standin.model.sales import Order, Transaction
from shopify_standin.registry import Args, Fields, mutation
from shopify_standin.world import World

JOB = Fields("Job")
JOB.attributes("done", id="gid")


@mutation("orderCreate")
def order_create(world: World, args: Args) -> JsonObject:
    """Place an order; its fulfillment orders come at once, as recorded, unless the settings delay them."""
    options = args.get("options") or {}
    order = place_order(world, args["order"], options.get("inventoryBehaviour") or "BYPASS")
    route_later(world, order, default=timedelta())
    return {"order": order, "userErrors": []}


@mutation("orderMarkAsPaid")
def order_mark_as_paid(world: World, args: Args) -> JsonObject:
    """Note that the rest was paid by hand."""
    order = _order(world, args["input"]["id"], ["id"])
    if not markable_as_paid(order):
        raise Refused(user_error(["id"], "Order cannot be marked as paid."))
    now = world.now()
    owed = order.current_total - order.net_payment
    number = world.ids.next("OrderTransaction")
    order.transactions.append(
        Transaction(number, order.id, "SALE", "SUCCESS", "manual", owed, now, now, manual_gateway=True)
    )
    order_changed(world, order, "ORDERS_PAID")
    return {"order": order, "userErrors": []}


@mutation("orderCancel")
def order_cancel(world: World, args: Args) -> JsonObject:
    """Begin to cancel: a job does it after the answer."""
    if args.get("refund") is not None and args.get("refundMethod") is not None:
        message = "Only one of the arguments `refund` or `refund_method` is allowed."
        raise Refused(user_error(["refund"], message, "INVALID"))
    if len(args.get("staffNote") or "") > 255:
        message = "Staff note is too long. Maximum length is 255 characters."
        raise Refused(user_error(["staffNote"], message, "INVALID"))
    order = world.orders.get(number_of(args["orderId"], "Order"))
    if order is None:
        raise Refused(user_error(["orderId"], "Order does not exist", "NOT_FOUND"))
    if order.cancelled_at is not None:
        message = "Cannot cancel an order that has already been canceled"
        raise Refused(user_error(["orderId"], message, "INVALID"))
    if any(world.fulfillments[number].status == "SUCCESS" for number in order.fulfillment_ids):
        message = "Cannot cancel an order that has outstanding fulfillments"
        raise Refused(user_error(["orderId"], message, "INVALID"))
    job = Job(world.uuid("Job"))
    world.jobs[job.id] = job
    refunds = bool(args.get("refund") or (args.get("refundMethod") or {}).get("originalPaymentMethodsRefund"))
    world.agenda.add(
        world.now() + world.settings.job_delay,
        run_cancellation, job.id, order.id, args["reason"], args["restock"], refunds, args.get("staffNote"),
    )  # fmt: skip
    return {"job": {"id": job.gid, "done": False}, "orderCancelUserErrors": [], "userErrors": [], "jobResult": None}


def run_cancellation(
    world: World, job_id: str, order_id: int, reason: str, restock: bool, refund: bool, note: str | None
) -> None:
    """The job: stop what is to be shipped, put units back, give money back, and note the reason."""
    world.jobs[job_id].done = True
    order = world.orders[order_id]
    if order.cancelled_at is not None:
        return
    now = world.now()
    order.cancelled_at, order.cancel_reason, order.cancel_note = now, reason, note
    for number in order.fulfillment_order_ids:
        part = world.fulfillment_orders[number]
        if part.status in {"CLOSED", "CANCELLED"}:
            continue
        part.status, part.updated_at = "CLOSED", now
        for line in part.lines:
            sold = world.lines[line.line_item_id]
            if restock and sold.claimed and sold.item_id is not None:
                release(world, sold.item_id, part.assigned.location_id, line.remaining)
    if refund:
        _refund_everything(world, order)
    if order.net_payment.shop <= 0:
        order.closed_at = now  # a paid order stays open until its money is settled (recorded 2026-04)
    order_changed(world, order, "ORDERS_CANCELLED")


def _refund_everything(world: World, order: Order) -> None:
    now = world.now()
    for line in order.lines:
        line.removed = line.quantity
    for paid in [t for t in order.transactions if t.kind in {"SALE", "CAPTURE"} and t.status == "SUCCESS"]:
        number = world.ids.next("OrderTransaction")
        order.transactions.append(
            Transaction(number, order.id, "REFUND", "SUCCESS", paid.gateway, paid.amount, now, now, parent_id=paid.id)
        )


@mutation("orderClose")
def order_close(world: World, args: Args) -> JsonObject:
    """Archive; repeating it is no error."""
    order = _order(world, args["input"]["id"], ["id"])
    if order.closed_at is None:
        order.closed_at = world.now()
        order_changed(world, order)
    return {"order": order, "userErrors": []}


@mutation("orderOpen")
def order_open(world: World, args: Args) -> JsonObject:
    """Take out of the archive; repeating it is no error."""
    order = _order(world, args["input"]["id"], ["id"])
    if order.closed_at is not None:
        order.closed_at = None
        order_changed(world, order)
    return {"order": order, "userErrors": []}


@mutation("orderUpdate")
def order_update(world: World, args: Args) -> JsonObject:
    """Change what an order says of itself; lists given replace the whole list."""
    given = args["input"]
    order = _order(world, given["id"], ["id"])
    if given.get("tags") is not None:
        order.tags = sorted_tags(given["tags"])
    if given.get("customAttributes") is not None:
        order.custom_attributes = [(a["key"], a.get("value")) for a in given["customAttributes"]]
    order.note = given.get("note", order.note)
    order.email = given.get("email", order.email)
    order.phone = given.get("phone", order.phone)
    order.po_number = given.get("poNumber", order.po_number)
    if given.get("shippingAddress") is not None:
        order.shipping_address = address_from(given["shippingAddress"]).numbered(world.ids.next("MailingAddress"))
    order_changed(world, order)
    return {"order": order, "userErrors": []}


def _order(world: World, value: str, path: list[str]) -> Order:
    order = world.orders.get(number_of(value, "Order"))
    if order is None:
        raise Refused(user_error(path, "Order does not exist"))
    return order
