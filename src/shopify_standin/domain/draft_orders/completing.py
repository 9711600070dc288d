"""
`draftOrderComplete`: a draft becomes an order.

The order is paid by hand, or its payment is pending (recorded 2026-04); its units are taken out of `available`,
whatever the policy says, and it is routed like a customer's purchase (assumed, 2026-07).
"""

from decimal import Decimal
from typing import Any

from shopify_standin.domain.draft_orders.reserving import give_back
from shopify_standin.domain.draft_orders.writing import draft_named, tell_draft
from shopify_standin.domain.fulfillment_orders.routing import ROUTING_DELAY, route_later
from shopify_standin.domain.orders.booking import MANUAL
from shopify_standin.domain.orders.placing import Terms, place_order
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.model.drafts import Draft, DraftDiscount, DraftLine
from shopify_standin.model.sales import Discount, Order
from shopify_standin.money import CENT, Bag
from shopify_standin.registry import Args, mutation
from shopify_standin.world import World

SOURCE = "shopify_draft_order"


@mutation("draftOrderComplete")
def draft_order_complete(world: World, args: Args) -> JsonObject:
    """Make the order; a draft becomes one order only."""
    draft = draft_named(world, args["id"], ["id"])
    if draft.status == "COMPLETED":
        raise Refused(user_error(["id"], "This order has been paid"))
    gone = next((x for x in draft.lines if x.variant_id and x.variant_id not in world.variants.rows), None)
    if gone is not None:
        raise Refused(user_error(None, f"Product with ID {gone.variant_id} is no longer available."))
    source = args.get("sourceName") or draft.source_name or SOURCE
    given = _order_input(world, draft, source, pending=args["paymentPending"])
    terms = Terms(
        shipping_address=draft.shipping_address,
        billing_address=draft.billing_address,
        grant=lambda order: _grant(order, draft),
    )
    give_back(world, draft)
    order = place_order(world, given, "DECREMENT_IGNORING_POLICY", terms)
    route_later(world, order, default=ROUTING_DELAY)
    draft.status, draft.completed_at, draft.order_id = "COMPLETED", world.now(), order.id
    draft.updated_at = world.now()
    tell_draft(world, draft, "DRAFT_ORDERS_UPDATE")
    return {"draftOrder": draft, "userErrors": []}


def _order_input(world: World, draft: Draft, source: str, *, pending: bool) -> dict[str, Any]:
    """The draft as an `OrderCreateOrderInput`, but for addresses and discounts."""
    given: dict[str, Any] = {
        "currency": world.shop.currency,
        "lineItems": [_line_input(world, line) for line in draft.lines],
        "email": draft.email,
        "phone": draft.phone,
        "note": draft.note,
        "poNumber": draft.po_number,
        "sourceName": source,
        "tags": draft.tags,
        "customAttributes": [{"key": key, "value": value} for key, value in draft.custom_attributes],
    }
    customer = world.customers.get(draft.customer_id)
    if customer is not None:
        given |= {"customerId": customer.gid, "email": draft.email or customer.email}
    if draft.shipping_price is not None:
        price = _money(world, draft.shipping_price)
        given["shippingLines"] = [{"title": draft.shipping_title, "priceSet": price}]
    if draft.total:
        status = "PENDING" if pending else "SUCCESS"
        paid = {"kind": "SALE", "status": status, "gateway": MANUAL, "amountSet": _money(world, draft.total)}
        return given | {"transactions": [paid]}
    return given | {"financialStatus": "PAID"}


def _line_input(world: World, line: DraftLine) -> dict[str, Any]:
    given: dict[str, Any] = {
        "title": line.title,
        "quantity": line.quantity,
        "priceSet": _money(world, line.unit_price),
        "sku": line.sku,
        "taxable": line.taxable,
        "requiresShipping": line.requires_shipping,
        "weight": {"value": line.grams, "unit": "GRAMS"},
        "properties": [{"name": key, "value": value} for key, value in line.custom_attributes],
    }
    variant = world.variants.get(line.variant_id)
    return given if variant is None else given | {"variantId": variant.gid}


def _money(world: World, amount: Decimal) -> dict[str, Any]:
    return {"shopMoney": {"amount": str(amount), "currencyCode": world.shop.currency}}


def _grant(order: Order, draft: Draft) -> None:
    """Give the order the draft's discounts: each line its own, then the whole draft's by what the lines come to."""
    for sold, line in zip(order.lines, draft.lines, strict=True):
        if line.discount is not None and line.off:
            sold.allocations.append((_entered(order, line.discount), Bag(line.off, line.off)))
    if draft.discount is None or not draft.order_discount:
        return
    given, left = _entered(order, draft.discount), draft.order_discount
    ratio = draft.order_discount / draft.lines_subtotal
    for index, (sold, line) in enumerate(zip(order.lines, draft.lines, strict=True), start=1):
        share = left if index == len(draft.lines) else ((line.total - line.off) * ratio).quantize(CENT)
        left -= share
        sold.allocations.append((given, Bag(share, share)))


def _entered(order: Order, given: DraftDiscount) -> Discount:
    value = {"percentage": given.value} if given.is_percentage else {"amount": Bag(given.value, given.value)}
    made = Discount(len(order.discounts), given.title or given.description or "Custom discount", **value)
    order.discounts.append(made)
    return made
