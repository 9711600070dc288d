"""`draft_orders/*`: the REST draft order."""

from decimal import Decimal

from shopify_standin.clock import iso
from shopify_standin.errors import JsonObject
from shopify_standin.model.drafts import Draft, DraftDiscount, DraftLine
from shopify_standin.money import money_text
from shopify_standin.webhooks.payloads.addresses import address_payload
from shopify_standin.webhooks.payloads.customers import customer_of_order
from shopify_standin.webhooks.payloads.lines import attributes_payload
from shopify_standin.world import World


def draft_payload(world: World, draft: Draft) -> JsonObject:
    """The whole draft."""
    customer = world.customers.get(draft.customer_id)
    return {
        "id": draft.id,
        "admin_graphql_api_id": draft.gid,
        "name": draft.name,
        "status": draft.status.lower(),
        "note": draft.note,
        "email": draft.email,
        "tags": ", ".join(draft.tags),
        "note_attributes": attributes_payload(draft.custom_attributes),
        "currency": world.shop.currency,
        "taxes_included": False,
        "tax_exempt": draft.tax_exempt,
        "tax_lines": [],
        "payment_terms": None,
        "api_client_id": None,
        "created_on_api_version_handle": None,
        "allow_discount_codes_in_checkout?": draft.allows_codes,
        "b2b?": False,
        "created_at": iso(draft.created_at),
        "updated_at": iso(draft.updated_at),
        "completed_at": iso(draft.completed_at),
        "invoice_sent_at": iso(draft.invoice_sent_at),
        "invoice_url": f"https://{world.shop.domain}/invoices/{draft.id}",
        "order_id": draft.order_id,
        "line_items": [_line(world, line) for line in draft.lines],
        "applied_discount": _discount(draft.discount, draft.order_discount),
        "shipping_line": _shipping(draft),
        "shipping_address": address_payload(draft.shipping_address),
        "billing_address": address_payload(draft.billing_address),
        "customer": None if customer is None else customer_of_order(world, customer),
        "subtotal_price": money_text(draft.subtotal),
        "total_price": money_text(draft.total),
        "total_tax": "0.00",
    }


def _line(world: World, line: DraftLine) -> JsonObject:
    variant = world.variants.get(line.variant_id)
    product = None if variant is None else world.products[variant.product_id]
    title = None if variant is None or variant.title == "Default Title" else variant.title
    return {
        "id": line.id,
        "admin_graphql_api_id": line.gid,
        "variant_id": line.variant_id,
        "product_id": None if product is None else product.id,
        "title": line.title,
        "variant_title": title,
        "name": f"{line.title} - {title}" if title else line.title,
        "sku": line.sku,
        "vendor": None if product is None else product.vendor,
        "quantity": line.quantity,
        "requires_shipping": line.requires_shipping,
        "taxable": line.taxable,
        "gift_card": False,
        "fulfillment_service": "manual",
        "grams": line.grams,
        "tax_lines": [],
        "applied_discount": _discount(line.discount, line.off),
        "properties": attributes_payload(line.custom_attributes),
        "custom": line.variant_id is None,
        "price": money_text(line.unit_price),
    }


def _discount(given: DraftDiscount | None, amount: Decimal) -> JsonObject | None:
    if given is None:
        return None
    return {
        "title": given.title,
        "description": given.description,
        "value": str(given.value),
        "value_type": "percentage" if given.is_percentage else "fixed_amount",
        "amount": money_text(amount),
    }


def _shipping(draft: Draft) -> JsonObject | None:
    if draft.shipping_price is None:
        return None
    return {"title": draft.shipping_title, "custom": True, "handle": None, "price": money_text(draft.shipping_price)}
