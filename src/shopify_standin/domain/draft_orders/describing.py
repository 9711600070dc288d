"""What a `DraftOrderInput` says, brought into a draft (refusals and defaults assumed, 2026-07)."""

from decimal import Decimal
from typing import Any

from shopify_standin.domain.addresses import address_from
from shopify_standin.domain.orders.placing import grams_of
from shopify_standin.domain.products.making import sorted_tags
from shopify_standin.errors import Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.drafts import Draft, DraftDiscount, DraftLine
from shopify_standin.model.places import Address
from shopify_standin.world import World

Given = dict[str, Any]
ALL = 100
"""Per cent."""


def describe_draft(world: World, draft: Draft, given: Given) -> None:
    """Take over what an input says; what it leaves out stays. Raises Refused before anything changes."""
    expected = given.get("presentmentCurrencyCode")
    if expected is not None and expected != world.shop.currency:
        message = f"Currency must be {world.shop.currency}."
        raise Refused(user_error(["input", "presentmentCurrencyCode"], message))
    lines = None if given.get("lineItems") is None else _lines(world, draft, given["lineItems"])
    customer_id = _customer(world, given, draft.customer_id)
    shipping = given.get("shippingLine")
    price = (
        None if shipping is None else _price(world, shipping, ("priceWithCurrency", "price"), ["input", "shippingLine"])
    )
    if "appliedDiscount" in given:
        draft.discount = _discount(world, given["appliedDiscount"], ["input", "appliedDiscount"])
    draft.lines = draft.lines if lines is None else lines
    draft.customer_id = customer_id
    if "shippingLine" in given:
        draft.shipping_title = None if shipping is None else shipping.get("title") or "Shipping"
        draft.shipping_price = None if shipping is None else price or Decimal(0)
    _describe_rest(world, draft, given)
    draft.updated_at = world.now()


def _describe_rest(world: World, draft: Draft, given: Given) -> None:
    draft.email = given.get("email", draft.email)
    draft.phone = given.get("phone", draft.phone)
    draft.note = given.get("note", draft.note)
    draft.po_number = given.get("poNumber", draft.po_number)
    draft.source_name = given.get("sourceName", draft.source_name)
    if given.get("tags") is not None:
        draft.tags = sorted_tags(given["tags"])
    if given.get("customAttributes") is not None:
        draft.custom_attributes = [(a["key"], a.get("value")) for a in given["customAttributes"]]
    if "shippingAddress" in given:
        draft.shipping_address = _address(world, given["shippingAddress"])
    if "billingAddress" in given:
        draft.billing_address = _address(world, given["billingAddress"])
    customer = world.customers.get(draft.customer_id)
    if given.get("useCustomerDefaultAddress") and customer is not None:
        draft.shipping_address = draft.shipping_address or customer.default_address
        draft.billing_address = draft.billing_address or customer.default_address
    draft.tax_exempt = bool(given.get("taxExempt", draft.tax_exempt))
    draft.visible_to_customer = bool(given.get("visibleToCustomer", draft.visible_to_customer))
    draft.allows_codes = bool(given.get("allowDiscountCodesInCheckout", draft.allows_codes))
    accepts = given.get("acceptAutomaticDiscounts", draft.accepts_automatic_discounts)
    draft.accepts_automatic_discounts = bool(accepts)


def _customer(world: World, given: Given, known: int | None) -> int | None:
    if "purchasingEntity" in given:
        value, path = (given["purchasingEntity"] or {}).get("customerId"), ["input", "purchasingEntity", "customerId"]
    elif "customerId" in given:
        value, path = given["customerId"], ["input", "customerId"]
    else:
        return known
    if value is None:
        return None
    number = number_of(value, "Customer")
    if number not in world.customers.rows:
        raise Refused(user_error(path, "Customer does not exist"))
    return number


def _lines(world: World, draft: Draft, given: list[Given]) -> list[DraftLine]:
    if not given:
        raise Refused(user_error(None, "Add at least 1 product"))
    return [_line(world, draft, entry, ["input", "lineItems", str(index)]) for index, entry in enumerate(given)]


def _line(world: World, draft: Draft, given: Given, path: list[str]) -> DraftLine:
    if given["quantity"] < 1:
        raise Refused(user_error([*path, "quantity"], "Quantity must be greater than or equal to 1"))
    line = DraftLine(
        world.ids.next("DraftOrderLineItem"),
        draft.id,
        given.get("uuid") or world.uuid("DraftOrderLineItem"),
        (given.get("title") or "").strip(),
        given["quantity"],
        Decimal(0),
        custom_attributes=[(a["key"], a.get("value")) for a in given.get("customAttributes") or ()],
    )
    if given.get("variantId"):
        _sell_variant(world, line, given, path)
    else:
        _sell_custom(world, line, given, path)
    line.discount = _discount(world, given.get("appliedDiscount"), [*path, "appliedDiscount"])
    return line


def _sell_variant(world: World, line: DraftLine, given: Given, path: list[str]) -> None:
    """What is sold tells everything but the price; fields for custom lines are passed over, as Shopify does."""
    variant = world.variants.get(number_of(given["variantId"], "ProductVariant"))
    if variant is None:
        number = number_of(given["variantId"], "ProductVariant")
        raise Refused(user_error([*path, "variantId"], f"Product with ID {number} is no longer available."))
    item = world.items[variant.item_id]
    line.variant_id, line.title = variant.id, world.products[variant.product_id].title
    line.sku, line.grams, line.requires_shipping = item.sku, item.grams, item.requires_shipping
    line.taxable = variant.taxable
    if given.get("priceOverride") is not None:
        line.overridden_price = _money(world, given["priceOverride"], [*path, "priceOverride"])
    line.unit_price = variant.price if line.overridden_price is None else line.overridden_price


def _sell_custom(world: World, line: DraftLine, given: Given, path: list[str]) -> None:
    if not line.title:
        raise Refused(user_error([*path, "title"], "Merchandise title is empty."))
    line.unit_price = _price(world, given, ("originalUnitPriceWithCurrency", "originalUnitPrice"), path) or Decimal(0)
    if line.unit_price < 0:
        raise Refused(user_error([*path, "originalUnitPrice"], "Cannot send negative price for line_item"))
    line.sku, line.grams = given.get("sku"), given.get("grams") or grams_of(given.get("weight"))
    line.requires_shipping = bool(given.get("requiresShipping", True))
    line.taxable = bool(given.get("taxable", True))


def _discount(world: World, given: Given | None, path: list[str]) -> DraftDiscount | None:
    if given is None:
        return None
    value, is_percentage = Decimal(str(given["value"])), given["valueType"] == "PERCENTAGE"
    _price(
        world, given, ("amountWithCurrency", "amount"), path
    )  # a discount is reckoned from its value; its amount must only be readable
    if value < 0 or (is_percentage and value > ALL):
        allowed = f"between 0 and {ALL}" if is_percentage else "positive"
        raise Refused(user_error([*path, "value"], f"Value must be {allowed}"))
    return DraftDiscount(value, is_percentage, given.get("title"), given.get("description") or "")


def _price(world: World, given: Given, names: tuple[str, str], path: list[str]) -> Decimal | None:
    """The amount with its currency, under the first name, else the plain one under its deprecated name."""
    name, deprecated = names
    if given.get(name) is not None:
        return _money(world, given[name], [*path, name])
    return None if given.get(deprecated) is None else Decimal(str(given[deprecated]))


def _money(world: World, given: Given, path: list[str]) -> Decimal:
    if given["currencyCode"] != world.shop.currency:
        raise Refused(user_error(path, f"Currency must be {world.shop.currency}."))
    return Decimal(str(given["amount"]))


def _address(world: World, given: Given | None) -> Address | None:
    return None if given is None else address_from(given).numbered(world.ids.next("MailingAddress"))
