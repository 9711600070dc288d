"""Order lines, their taxes and discounts inside payloads."""

from shopify_standin.errors import JsonObject
from shopify_standin.model.sales import Allocation, Attributes, LineItem, Order, TaxLine
from shopify_standin.money import money_text
from shopify_standin.world import World


def line_payload(world: World, order: Order, line: LineItem) -> JsonObject:
    """One entry of an order's `line_items`."""
    return {**sold_payload(world, order, line), "attributed_staffs": [], "current_quantity": line.current_quantity}


def sold_payload(world: World, order: Order, line: LineItem) -> JsonObject:
    """An order's line inside a fulfillment or a refund."""
    fulfilled = "fulfilled" if line.fulfilled and not line.unfulfilled_quantity else None
    return {
        "id": line.id,
        "admin_graphql_api_id": line.gid,
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
        "properties": attributes_payload(line.custom_attributes),
        "quantity": line.quantity,
        "requires_shipping": line.requires_shipping,
        "sku": line.sku,
        "taxable": line.taxable,
        "title": line.title,
        "total_discount": money_text(line.own_discount.shop),
        "total_discount_set": order.currencies.rest(line.own_discount),
        "variant_id": line.variant_id,
        "variant_inventory_management": _management(world, line),
        "variant_title": line.variant_title,
        "vendor": line.vendor,
        "tax_lines": [tax_payload(order, tax) for tax in line.tax_lines],
        "duties": [],
        "discount_allocations": allocations_payload(order, line.allocations),
    }


def _management(world: World, line: LineItem) -> str | None:
    item = world.items.get(line.item_id)
    return "shopify" if item is not None and item.tracked else None


def tax_payload(order: Order, tax: TaxLine) -> JsonObject:
    """One tax."""
    return {
        "title": tax.title,
        "rate": float(tax.rate),
        "price": money_text(tax.price.shop),
        "price_set": order.currencies.rest(tax.price),
        "channel_liable": tax.channel_liable,
    }


def allocations_payload(order: Order, allocations: list[Allocation]) -> list[JsonObject]:
    """How much of which discount fell on a line."""
    return [
        {
            "amount": money_text(amount.shop),
            "amount_set": order.currencies.rest(amount),
            "discount_application_index": given.index,
        }
        for given, amount in allocations
    ]


def attributes_payload(pairs: Attributes) -> list[JsonObject]:
    """Pairs of name and value."""
    return [{"name": name, "value": value} for name, value in pairs]
