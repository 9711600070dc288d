"""`orders/*`: the REST order. It tells nothing of fulfillment orders."""

from typing import Any

from shopify_standin.clock import iso
from shopify_standin.errors import JsonObject
from shopify_standin.model.sales import Attributes, LineItem, Order, ShippingLine, TaxLine
from shopify_standin.money import NOTHING, Bag, money_text
from shopify_standin.webhooks.payloads.addresses import address_payload
from shopify_standin.webhooks.payloads.customers import customer_payload
from shopify_standin.webhooks.payloads.fulfillments import fulfillment_payload
from shopify_standin.world import World


def order_payload(world: World, order: Order) -> JsonObject:
    """The whole order."""
    customer = world.customers.get(order.customer_id)
    return {
        **_identity(order),
        **_money(order),
        "billing_address": address_payload(order.billing_address),
        "shipping_address": address_payload(order.shipping_address),
        "customer": None if customer is None else customer_payload(customer),
        "discount_applications": [],
        "discount_codes": [],
        "fulfillments": [fulfillment_payload(world, world.fulfillments[n]) for n in order.fulfillment_ids],
        "line_item_groups": [],
        "line_items": [line_payload(world, order, line) for line in order.lines],
        "payment_terms": None,
        "refunds": [],
        "returns": [],
        "shipping_lines": [_shipping_line(order, line) for line in order.shipping_lines],
        "tax_lines": [_tax_line(order, tax) for tax in order.tax_lines],
    }


def _identity(order: Order) -> JsonObject:
    return {
        "id": order.id,
        "admin_graphql_api_id": order.gid,
        "app_id": None,
        "cancel_reason": None if order.cancel_reason is None else order.cancel_reason.lower(),
        "cancelled_at": iso(order.cancelled_at),
        "closed_at": iso(order.closed_at),
        "confirmation_number": order.confirmation_number,
        "confirmed": True,
        "contact_email": order.email,
        "created_at": iso(order.created_at),
        "currency": order.currencies.shop,
        "email": order.email or "",
        "financial_status": None if order.financial_status is None else order.financial_status.lower(),
        "fulfillment_status": order.rest_fulfillment_status,
        "location_id": None,
        "name": order.name,
        "note": order.note,
        "note_attributes": _attributes(order.custom_attributes),
        "number": order.number - 1000,
        "order_number": order.number,
        "payment_gateway_names": sorted({t.gateway for t in order.transactions if t.gateway}),
        "phone": order.phone,
        "po_number": order.po_number,
        "presentment_currency": order.currencies.presentment,
        "processed_at": iso(order.processed_at),
        "source_identifier": order.source_identifier,
        "source_name": order.source_name or "web",
        "tags": ", ".join(order.tags),
        "tax_exempt": False,
        "taxes_included": order.taxes_included,
        "test": order.test,
        "updated_at": iso(order.updated_at),
        "user_id": None,
    }


def _money(order: Order) -> JsonObject:
    sums: dict[str, Bag] = {
        "current_subtotal_price": order.current_subtotal,
        "current_total_price": order.current_total,
        "current_total_discounts": NOTHING,
        "current_total_tax": order.tax,
        "subtotal_price": order.subtotal,
        "total_discounts": NOTHING,
        "total_line_items_price": order.subtotal,
        "total_price": order.total,
        "total_tax": order.tax,
    }
    result: dict[str, Any] = {}
    for name, bag in sums.items():
        result[name] = money_text(bag.shop)
        result[f"{name}_set"] = order.currencies.rest(bag)
    return result | {
        "total_outstanding": money_text(order.outstanding.shop),
        "total_shipping_price_set": order.currencies.rest(order.shipping),
        "current_shipping_price_set": order.currencies.rest(order.shipping),
        "total_tip_received": "0.00",
        "total_weight": sum(line.grams * line.quantity for line in order.lines),
    }


def line_payload(world: World, order: Order, line: LineItem) -> JsonObject:
    """One entry of `line_items`."""
    fulfilled = "fulfilled" if line.fulfilled and not line.unfulfilled_quantity else None
    return {
        "id": line.id,
        "admin_graphql_api_id": line.gid,
        "attributed_staffs": [],
        "current_quantity": line.current_quantity,
        "fulfillable_quantity": line.unfulfilled_quantity,
        "fulfillment_service": "manual",
        "fulfillment_status": fulfilled or ("partial" if line.fulfilled else None),
        "gift_card": line.is_gift_card,
        "grams": line.grams,
        "name": line.name,
        "price": money_text(line.unit_price.shop),
        "price_set": order.currencies.rest(line.unit_price),
        "product_exists": line.product_id in world.products.rows,
        "product_id": line.product_id,
        "properties": _attributes(line.custom_attributes),
        "quantity": line.quantity,
        "requires_shipping": line.requires_shipping,
        "sku": line.sku,
        "taxable": line.taxable,
        "title": line.title,
        "total_discount": "0.00",
        "total_discount_set": order.currencies.rest(NOTHING),
        "variant_id": line.variant_id,
        "variant_inventory_management": _management(world, line),
        "variant_title": line.variant_title,
        "vendor": line.vendor,
        "tax_lines": [_tax_line(order, tax) for tax in line.tax_lines],
        "duties": [],
        "discount_allocations": [],
    }


def _management(world: World, line: LineItem) -> str | None:
    item = world.items.get(line.item_id)
    return "shopify" if item is not None and item.tracked else None


def _shipping_line(order: Order, line: ShippingLine) -> JsonObject:
    return {
        "id": line.id,
        "carrier_identifier": None,
        "code": line.code,
        "current_discounted_price_set": order.currencies.rest(line.price),
        "discounted_price": money_text(line.price.shop),
        "discounted_price_set": order.currencies.rest(line.price),
        "is_removed": False,
        "phone": None,
        "price": money_text(line.price.shop),
        "price_set": order.currencies.rest(line.price),
        "requested_fulfillment_service_id": None,
        "source": line.source,
        "title": line.title,
        "tax_lines": [_tax_line(order, tax) for tax in line.tax_lines],
        "discount_allocations": [],
    }


def _tax_line(order: Order, tax: TaxLine) -> JsonObject:
    return {
        "title": tax.title,
        "rate": float(tax.rate),
        "price": money_text(tax.price.shop),
        "price_set": order.currencies.rest(tax.price),
        "channel_liable": tax.channel_liable,
    }


def _attributes(pairs: Attributes) -> list[JsonObject]:
    return [{"name": name, "value": value} for name, value in pairs]
