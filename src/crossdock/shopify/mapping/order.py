"""Orders with their lines, fulfillment orders and fulfillments."""

from collections.abc import Sequence

from crossdock.model.names import (
    FulfillmentHoldId,
    FulfillmentId,
    FulfillmentOrderId,
    FulfillmentOrderLineId,
    InventoryItemId,
    LineItemId,
    LocationId,
    OrderId,
    Sku,
    Units,
    VariantId,
)
from crossdock.model.order import (
    Address,
    Fulfillment,
    FulfillmentHold,
    FulfillmentOrder,
    FulfillmentOrderLine,
    Order,
    OrderLine,
)
from crossdock.model.point import Point
from crossdock.shopify.generated.fragments import (
    AddressFields,
    FulfillmentFields,
    FulfillmentLineFields,
    FulfillmentOrderFields,
    FulfillmentOrderFieldsFulfillmentHolds,
    FulfillmentOrderLineFields,
    OrderFields,
    OrderFieldsShippingAddress,
    OrderLineFields,
    ShippingLineFields,
)
from crossdock.shopify.mapping.money import Refunded, to_money, to_order_money, to_payments
from crossdock.shopify.mapping.text import filled

HOLD_HANDLE = "crossdock"
"""Our name for the one hold that we have on a fulfillment order; Shopify refuses a second of the same name."""


def to_order(
    order: OrderFields,
    lines: Sequence[OrderLineFields],
    fulfillment_orders: Sequence[FulfillmentOrder],
    fulfillments: Sequence[Fulfillment],
    shipping_lines: Sequence[ShippingLineFields],
    refunds: Sequence[Refunded],
) -> Order:
    """
    Return the order, whole: `lines` and the rest are all pages of what `order` itself holds the first page of.

    The shipping method is that of the first shipping line.
    """
    shipping = shipping_lines[0] if shipping_lines else None
    return Order(
        id=OrderId(order.id),
        name=order.name,
        created_at=order.created_at,
        updated_at=order.updated_at,
        cancelled_at=order.cancelled_at,
        closed_at=order.closed_at,
        financial_status=order.display_financial_status,
        fulfillment_status=order.display_fulfillment_status,
        test=order.test,
        email=filled(order.email),
        phone=filled(order.phone),
        note=filled(order.note),
        tags=tuple(order.tags),
        attributes=tuple((attribute.key, attribute.value) for attribute in order.custom_attributes),
        money=to_order_money(order, lines, shipping_lines, refunds),
        payments=to_payments(order),
        shipping_method=filled(shipping.title) if shipping else None,
        shipping_code=filled(shipping.code) if shipping else None,
        shipping_address=to_address(order.shipping_address),
        billing_address=to_address(order.billing_address),
        lines=tuple(to_line(line) for line in lines),
        fulfillment_orders=tuple(fulfillment_orders),
        fulfillments=tuple(fulfillments),
        return_status=order.return_status,
        risk=order.risk.recommendation,
        goes_to=_point(order.shipping_address),
    )


def to_line(line: OrderLineFields) -> OrderLine:
    """Return one line; its title is the variant's full one, its price that after all discounts."""
    return OrderLine(
        id=LineItemId(line.id),
        variant=VariantId(line.variant.id) if line.variant else None,
        sku=_sku(line.sku),
        title=line.name,
        quantity=Units(line.quantity),
        current_quantity=Units(line.current_quantity),
        requires_shipping=line.requires_shipping,
        unit_price=to_money(line.discounted_unit_price_after_all_discounts_set),
    )


def to_fulfillment_order(
    fulfillment_order: FulfillmentOrderFields, lines: Sequence[FulfillmentOrderLineFields]
) -> FulfillmentOrder:
    """Return the fulfillment order with all pages of its lines."""
    place = fulfillment_order.assigned_location
    return FulfillmentOrder(
        id=FulfillmentOrderId(fulfillment_order.id),
        status=fulfillment_order.status,
        request_status=fulfillment_order.request_status,
        location=LocationId(place.location.id) if place.location else None,
        location_name=place.name,
        at_service=place.location is not None and place.location.is_fulfillment_service,
        supported_actions=frozenset(supported.action for supported in fulfillment_order.supported_actions),
        fulfill_by=fulfillment_order.fulfill_by,
        lines=tuple(_fulfillment_order_line(line, is_over=fulfillment_order.status in _OVER) for line in lines),
        method=fulfillment_order.delivery_method.method_type if fulfillment_order.delivery_method else None,
        holds=tuple(to_hold(hold) for hold in fulfillment_order.fulfillment_holds),
    )


def to_hold(hold: FulfillmentOrderFieldsFulfillmentHolds) -> FulfillmentHold:
    """Return the hold; another program may share our app, and puts holds of its own."""
    ours = hold.held_by_requesting_app and hold.handle == HOLD_HANDLE
    return FulfillmentHold(FulfillmentHoldId(hold.id), ours, filled(hold.reason_notes))


def to_fulfillment(fulfillment: FulfillmentFields, lines: Sequence[FulfillmentLineFields]) -> Fulfillment:
    """Return the fulfillment with all pages of its lines; Shopify allows one tracking company for all its numbers."""
    tracking = fulfillment.tracking_info
    return Fulfillment(
        id=FulfillmentId(fulfillment.id),
        name=fulfillment.name,
        status=fulfillment.status,
        tracking_company=next((info.company for info in tracking if info.company), None),
        tracking_numbers=tuple(info.number for info in tracking if info.number),
        lines=tuple((LineItemId(line.line_item.id), Units(line.quantity or 0)) for line in lines),
        tracking_urls=tuple(info.url for info in tracking if info.url),
    )


def to_address(address: AddressFields | None) -> Address | None:
    """Return the address; None where the order has none."""
    if address is None:
        return None
    return Address(
        first_name=filled(address.first_name),
        last_name=filled(address.last_name),
        company=filled(address.company),
        address1=filled(address.address_1),
        address2=filled(address.address_2),
        city=filled(address.city),
        zip=filled(address.zip_),
        province_code=filled(address.province_code),
        country=filled(address.country_code_v_2),
        phone=filled(address.phone),
    )


def _point(address: OrderFieldsShippingAddress | None) -> Point | None:
    if address is None or address.latitude is None or address.longitude is None:
        return None
    return Point(address.latitude, address.longitude)


_OVER = frozenset({"CLOSED", "CANCELLED"})
"""
Nothing more is shipped of such a fulfillment order. That of a cancelled order goes on saying that all its units remain
(recorded 2026-04), though Shopify has let go of them.
"""


def _fulfillment_order_line(line: FulfillmentOrderLineFields, *, is_over: bool) -> FulfillmentOrderLine:
    variant_title = filled(line.variant_title)
    let_go = line.remaining_quantity if is_over else 0
    return FulfillmentOrderLine(
        id=FulfillmentOrderLineId(line.id),
        line_item=LineItemId(line.line_item.id),
        variant=VariantId(line.variant.id) if line.variant else None,
        inventory_item=InventoryItemId(line.inventory_item_id) if line.inventory_item_id else None,
        sku=_sku(line.sku),
        title=f"{line.product_title} - {variant_title}" if variant_title else line.product_title,
        total=Units(line.total_quantity - let_go),
        remaining=Units(line.remaining_quantity - let_go),
    )


def _sku(text: str | None) -> Sku | None:
    found = filled(text)
    return Sku(found) if found else None
