"""The lines of an order as it is to become, and what differs in them."""

from typing import Any

from shopify_standin.domain.order_edits.beginning import order_of
from shopify_standin.errors import JsonObject
from shopify_standin.model.edits import Edit, EditDiscount, EditLine
from shopify_standin.model.goods import Variant
from shopify_standin.money import NOTHING, Currencies, decimal_text
from shopify_standin.world import World


def staged_changes_of(world: World, edit: Edit, line: EditLine) -> list[JsonObject]:
    """What differs in one line from the order."""
    order = order_of(world, edit)
    found: list[JsonObject] = []
    if line.line_item_id is None and line.variant_id is None:
        price = order.currencies.show(line.unit_price)["presentmentMoney"]
        found.append(
            {
                "__typename": "OrderStagedChangeAddCustomItem",
                "title": line.title,
                "quantity": line.quantity,
                "originalUnitPrice": price,
            }
        )
    elif line.line_item_id is None:
        variant = world.variants.get(line.variant_id)
        found.append({"__typename": "OrderStagedChangeAddVariant", "quantity": line.quantity, "variant": variant})
    elif line.quantity != line.before:
        sold = world.lines[line.line_item_id]
        kind = "Increment" if line.quantity > line.before else "Decrement"
        change: JsonObject = {"delta": abs(line.quantity - line.before), "lineItem": sold, "restock": line.restock}
        found.append({"__typename": f"OrderStagedChange{kind}Item", **change})
    if line.discount is not None:
        found.append(
            {
                "__typename": "OrderStagedChangeAddLineItemDiscount",
                "id": f"gid://shopify/OrderStagedChangeAddLineItemDiscount/{line.discount.change_id}",
                "description": line.discount.description,
                "value": _value(order.currencies, line.discount),
            }
        )
    return found


def line_fields(world: World, edit: Edit, line: EditLine) -> JsonObject:
    """A `CalculatedLineItem`."""
    currencies = order_of(world, edit).currencies
    variant: Variant | None = world.variants.get(line.variant_id)
    sold = world.lines.get(line.line_item_id)
    item = None if variant is None else world.items.get(variant.item_id)
    return {
        "id": line.gid,
        "title": line.title,
        "quantity": line.quantity,
        "sku": sold.sku if sold else (item.sku if item else None),
        "variant": variant,
        "variantTitle": sold.variant_title if sold else None,
        "customAttributes": [],
        "image": None,
        "originalUnitPriceSet": currencies.show(line.unit_price),
        "discountedUnitPriceSet": currencies.show(line.discounted_unit_price),
        "editableQuantity": line.quantity - line.locked,
        "editableQuantityBeforeChanges": max(0, line.before - line.locked),
        "editableSubtotalSet": currencies.show(line.discounted_unit_price * (line.quantity - line.locked)),
        "uneditableSubtotalSet": currencies.show(line.discounted_unit_price * line.locked),
        "hasStagedLineItemDiscount": line.discount is not None,
        "calculatedDiscountAllocations": _allocations(currencies, line),
        "discountAllocations": [],
        "restockable": item is not None,
        "restocking": line.restock,
        "stagedChanges": staged_changes_of(world, edit, line),
    }


def _allocations(currencies: Currencies, line: EditLine) -> list[JsonObject]:
    if line.discount is None:
        return []
    amount = line.discount.off(line.unit_price) * line.quantity
    return [
        {
            "allocatedAmountSet": currencies.show(amount),
            "discountApplication": application_fields(currencies, line.discount),
        }
    ]


def application_fields(currencies: Currencies, given: EditDiscount) -> JsonObject:
    """A `CalculatedManualDiscountApplication`."""
    return {
        "__typename": given.TYPE,
        "id": given.gid,
        "description": given.description,
        "allocationMethod": "EACH",
        "appliedTo": "LINE",
        "targetSelection": "EXPLICIT",
        "targetType": "LINE_ITEM",
        "value": _value(currencies, given),
    }


def _value(currencies: Currencies, given: EditDiscount) -> dict[str, Any]:
    if given.percentage is not None:
        return {"__typename": "PricingPercentageValue", "percentage": float(given.percentage)}
    amount = decimal_text((given.amount or NOTHING).presentment)
    return {"__typename": "MoneyV2", "amount": amount, "currencyCode": currencies.presentment}
