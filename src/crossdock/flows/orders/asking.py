"""What a backend is asked for one fulfillment order, written out from the order as it is now. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from crossdock.flows.orders.collecting import payment_for, to_collect
from crossdock.flows.orders.parting import Asked, Told, part
from crossdock.flows.orders.sight import Linked
from crossdock.model.cause import Cause, Hold
from crossdock.model.change import Terms
from crossdock.model.connection import OrderRules
from crossdock.model.field_mapping import Filled
from crossdock.model.names import LocationId, RequestKey, WarehouseCode
from crossdock.model.order import FulfillmentOrder, FulfillmentOrderLine, Order
from crossdock.model.request import FulfillmentRequest, RequestLine


def terms_for(
    order: Order,
    fo: FulfillmentOrder | None,
    location: LocationId,
    *,
    key: RequestKey,
    name: str,
    warehouse: WarehouseCode,
    lines: Sequence[RequestLine],
    told: Told,
    rules: OrderRules,
    filled: Filled,
    mapping: int,
    by_hand: int = 0,
) -> Terms:
    """
    Return what a backend's order for `lines` rests on; `fo` is None where Shopify shows it no more.

    `told` are the order's requests as the backend was told them, this one too where it is not the first time.
    `filled` is what its fields say by version `mapping`.
    """
    payment = payment_for(order, rules.cash_on_delivery)
    asked = _asked(order, lines, told)
    of = {one.reference: one.line for one in asked}
    prices = {line.id: line.unit_price for line in order.lines}
    request = FulfillmentRequest(
        key=key,
        name=name,
        order=order.id,
        warehouse=warehouse,
        placed_at=order.created_at,
        ship_to=order.shipping_address,
        bill_to=order.billing_address,
        email=order.email,
        phone=order.phone,
        note=order.note,
        shipping_method=order.shipping_method,
        total=order.total,
        to_collect=to_collect(order, payment.method, key, asked, told),
        lines=tuple(
            replace(
                line,
                fields=filled.lines.get(line.reference, line.fields),
                unit_price=prices[of[line.reference]] if line.reference in of else line.unit_price,
            )
            for line in lines
        ),
        attributes=order.attributes,
        tags=order.tags,
        fulfill_by=None if fo is None else fo.fulfill_by,
        money=part(order, key, asked, told),
        payment=payment,
        method=None if fo is None else fo.method,
        fields=filled.fields,
    )
    return Terms(
        request=request,
        location=location,
        financial_status=order.financial_status,
        held=fo is not None and fo.held,
        cancelled=order.cancelled_at is not None,
        by_hand=by_hand,
        mapping=mapping,
        risky=order.risk in rules.hold_risk,
        priced=True,
    )


def _asked(order: Order, lines: Sequence[RequestLine], told: Told) -> Sequence[Asked]:
    """Of which order line each request line is; Shopify may not show it any more, and then an earlier look has."""
    of = {share.reference: share.line for one in told.values() if one.money is not None for share in one.money.lines}
    of |= {line.id: line.line_item for fo in order.fulfillment_orders for line in fo.lines}
    return [Asked(line.reference, of[line.reference], line.units) for line in lines if line.reference in of]


def request_line(order: Order, line: FulfillmentOrderLine, link: Linked) -> RequestLine:
    """Return what is asked for a line: all that remains of it."""
    price = next(one.unit_price for one in order.lines if one.id == line.line_item)
    return RequestLine(line.id, link.item, line.sku, line.title, line.remaining, price)


def no_item(order: Order, line: FulfillmentOrderLine) -> Hold:
    """Return the hold of an order whose line stands for no item that the backend has."""
    if line.variant is None:
        return Hold(Cause.ITEM_UNLINKED, f"{order.name}: “{line.title}” is no product of the store (any more).")
    detail = f"{order.name}: “{line.title}” (SKU {line.sku or 'none'}, {line.variant}) is not linked to an item."
    return Hold(Cause.ITEM_UNLINKED, detail, (line.variant,))
