"""
What field mappings are told of an order: one document, the same for a preview and for the real thing. Pure.

Its names are a promise to people who wrote expressions; `docs/reference/mappings.md` lists them. Nothing is taken away
or renamed; what is new is added.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from crossdock.model.extras import NO_LINE_EXTRAS, Buyer, LineExtras
from crossdock.model.names import FulfillmentOrderLineId, WarehouseCode
from crossdock.model.order import Address, FulfillmentOrderLine, Order, OrderLine
from crossdock.model.payment import Payment


def order_facts(
    order: Order, payment: Payment, warehouse: WarehouseCode | None, location: str | None
) -> Mapping[str, object]:
    """
    Return the document: texts, whole numbers, exact amounts (Decimal), yes or no, lists and objects of these.

    `warehouse` and `location` (its name) are those of one request; None where none is made. Times are texts in UTC
    (`2026-07-31T10:00:00Z`), days `2026-07-31`.
    """
    return {
        "name": order.name,
        "id": order.id.rpartition("/")[2],
        "placed_at": _moment(order.created_at),
        "placed_on": order.created_at.astimezone(UTC).date().isoformat(),
        "email": order.email,
        "phone": order.phone,
        "note": order.note,
        "tags": list(order.tags),
        "attributes": dict(order.attributes),
        "financial_status": order.financial_status,
        "test": order.test,
        "shipping_method": order.shipping_method,
        "shipping_code": order.shipping_code,
        "shipping_address": _address(order.shipping_address),
        "billing_address": _address(order.billing_address),
        "total": order.total.amount,
        "currency": order.total.currency,
        "payment": {
            "method": payment.method.value,
            "gateways": list(payment.gateways),
            "on_delivery": payment.on_delivery,
        },
        "lines": [_line(line, order) for line in order.lines if line.current_quantity > 0],
        "line": None,
        "metafields": order.extras.metafields,
        "customer": _customer(order.extras.customer),
        "warehouse": warehouse,
        "location": location,
    }


def line_facts(
    order: Order, lines: Sequence[FulfillmentOrderLine]
) -> Mapping[FulfillmentOrderLineId, Mapping[str, object]]:
    """Return what expressions for a line are told of it, as `line`: the same as they find of it among `lines`."""
    known = {line.id: line for line in order.lines}
    return {line.id: _line(known[line.line_item], order) for line in lines if line.line_item in known}


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def _line(line: OrderLine, order: Order) -> Mapping[str, object]:
    extras: LineExtras = order.extras.lines.get(line.id, NO_LINE_EXTRAS)
    return {
        "sku": line.sku,
        "title": line.title,
        "quantity": int(line.current_quantity),
        "price": line.unit_price.amount,
        "requires_shipping": line.requires_shipping,
        "properties": dict(extras.properties),
        "product": {"metafields": extras.product},
        "variant": {"metafields": extras.variant},
    }


def _customer(customer: Buyer | None) -> Mapping[str, object] | None:
    if customer is None:
        return None
    return {
        "id": customer.id,
        "note": customer.note,
        "tags": list(customer.tags),
        "metafields": customer.metafields,
    }


def _address(address: Address | None) -> Mapping[str, object] | None:
    if address is None:
        return None
    return {
        "first_name": address.first_name,
        "last_name": address.last_name,
        "company": address.company,
        "address1": address.address1,
        "address2": address.address2,
        "zip": address.zip,
        "city": address.city,
        "province_code": address.province_code,
        "country": address.country,
        "phone": address.phone,
    }
