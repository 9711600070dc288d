"""`orders/*`: the REST order. It tells nothing of fulfillment orders."""

from typing import Any

from shopify_standin.clock import iso
from shopify_standin.errors import JsonObject
from shopify_standin.model.sales import Discount, Order, ShippingLine
from shopify_standin.money import NOTHING, Bag, money_text
from shopify_standin.webhooks.payloads.addresses import address_payload
from shopify_standin.webhooks.payloads.customers import customer_of_order
from shopify_standin.webhooks.payloads.fulfillments import fulfillment_of_order
from shopify_standin.webhooks.payloads.lines import allocations_payload, attributes_payload, line_payload, tax_payload
from shopify_standin.webhooks.payloads.refunds import refund_payload
from shopify_standin.world import World

_NEVER_KNOWN = (
    "browser_ip", "cart_token", "checkout_token", "client_details", "company", "current_total_additional_fees_set",
    "current_total_duties_set", "customer_locale", "device_id", "landing_site", "landing_site_ref",
    "merchant_business_entity_id", "merchant_of_record_app_id", "original_total_additional_fees_set",
    "original_total_duties_set", "reference", "token",
)  # fmt: skip
"""Keys of an order that a stand-in has nothing to say of: they are there, and null."""


def order_payload(world: World, order: Order) -> JsonObject:
    """The whole order."""
    customer = world.customers.get(order.customer_id)
    return {
        **dict.fromkeys(_NEVER_KNOWN),
        **_identity(order),
        **_money(order),
        "billing_address": address_payload(order.billing_address),
        "shipping_address": address_payload(order.shipping_address),
        "customer": None if customer is None else customer_of_order(world, customer),
        "order_status_url": f"https://{world.shop.domain}/orders/{order.id}",
        "discount_applications": [_discount(given) for given in order.discounts],
        "discount_codes": [_code(order, given) for given in order.discounts if given.code is not None],
        "fulfillments": [fulfillment_of_order(world, world.fulfillments[n]) for n in order.fulfillment_ids],
        "line_item_groups": [],
        "line_items": [line_payload(world, order, line) for line in order.lines],
        "payment_terms": None,
        "refunds": [refund_payload(world, order, world.refunds[number]) for number in order.refund_ids],
        "returns": [],
        "shipping_lines": [_shipping_line(order, line) for line in order.shipping_lines],
        "tax_lines": [tax_payload(order, tax) for tax in order.tax_lines],
    }


def _identity(order: Order) -> JsonObject:
    return {
        "id": order.id,
        "admin_graphql_api_id": order.gid,
        "app_id": None,
        "buyer_accepts_marketing": order.accepts_marketing,
        "duties_included": False,
        "estimated_taxes": False,
        "referring_site": order.referring_site,
        "source_url": order.source_url,
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
        "note_attributes": attributes_payload(order.custom_attributes),
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
        "current_total_discounts": order.discount,
        "current_total_tax": order.current_tax,
        "subtotal_price": order.subtotal,
        "total_discounts": order.discount,
        "total_line_items_price": sum((line.total for line in order.lines), NOTHING),
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
        "current_shipping_price_set": order.currencies.rest(order.current_shipping),
        "total_tip_received": "0.00",
        "total_cash_rounding_payment_adjustment_set": order.currencies.rest(NOTHING),
        "total_cash_rounding_refund_adjustment_set": order.currencies.rest(NOTHING),
        "total_weight": sum(line.grams * line.quantity for line in order.lines),
    }


def _shipping_line(order: Order, line: ShippingLine) -> JsonObject:
    return {
        "id": line.id,
        "carrier_identifier": None,
        "code": line.code,
        "current_discounted_price_set": order.currencies.rest(NOTHING if line.is_removed else line.discounted),
        "discounted_price": money_text(line.discounted.shop),
        "discounted_price_set": order.currencies.rest(line.discounted),
        "is_removed": line.is_removed,
        "phone": None,
        "price": money_text(line.price.shop),
        "price_set": order.currencies.rest(line.price),
        "requested_fulfillment_service_id": None,
        "source": line.source,
        "title": line.title,
        "tax_lines": [tax_payload(order, tax) for tax in line.tax_lines],
        "discount_allocations": allocations_payload(order, line.allocations),
    }


def _discount(given: Discount) -> JsonObject:
    value = given.percentage if given.percentage is not None else (given.amount or NOTHING).shop
    return {
        "target_type": "shipping_line" if given.on_shipping else "line_item",
        "type": "manual" if given.code is None else "discount_code",
        "value": str(value),
        "value_type": "fixed_amount" if given.percentage is None else "percentage",
        "allocation_method": "across",
        "target_selection": "explicit" if given.code is None else "all",
        **({"title": given.description} if given.code is None else {"code": given.code}),
    }


def _code(order: Order, given: Discount) -> JsonObject:
    shares = [share for line in order.lines for share in line.allocations]
    shares += [share for line in order.shipping_lines for share in line.allocations]
    amount = sum((share for one, share in shares if one == given), NOTHING)
    kind = "shipping" if given.on_shipping else "fixed_amount" if given.percentage is None else "percentage"
    return {"code": given.code, "amount": money_text(amount.shop), "type": kind}
