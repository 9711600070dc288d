"""
Placing an order: what `orderCreate` and the buying customers of the control API have in common.

The order is checked, priced, planned over the locations and, unless inventory is bypassed, its units are taken
out of `available` at once (Shopify docs, 2026-07; answers recorded 2026-04).
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shopify_standin.clock import moment_from
from shopify_standin.domain.addresses import address_from
from shopify_standin.domain.customers.associating import customer_for
from shopify_standin.domain.fulfillment_orders.planning import plan
from shopify_standin.domain.inventory.stock import reserve
from shopify_standin.domain.metafields.writing import set_inline
from shopify_standin.domain.orders.booking import book
from shopify_standin.domain.orders.checking import check_order
from shopify_standin.domain.orders.discounting import apply_code
from shopify_standin.domain.orders.telling import tell_order
from shopify_standin.domain.products.making import sorted_tags
from shopify_standin.errors import Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.places import Address
from shopify_standin.model.sales import LineItem, Order, Share, ShippingLine, TaxLine
from shopify_standin.money import NOTHING, Bag, Currencies
from shopify_standin.world import World

Given = dict[str, Any]
FIRST_NUMBER = 1001


@dataclass(frozen=True, slots=True)
class Terms:
    """What an `OrderCreateOrderInput` cannot say of an order that was agreed on before: addresses, and discounts."""

    shipping_address: Address | None
    billing_address: Address | None
    grant: Callable[[Order], None]
    """Gives an order, with its lines, the discounts agreed on."""


def place_order(world: World, given: Given, behaviour: str, terms: Terms | None = None) -> Order:
    """Make an order out of an `OrderCreateOrderInput`; raises Refused where Shopify would refuse it."""
    check_order(world, given)
    now = world.now()
    shop_currency = given.get("currency") or _currency_of(given) or world.shop.currency
    currencies = Currencies(shop_currency, given.get("presentmentCurrency") or shop_currency)
    number = FIRST_NUMBER + world.ids.used["Order"]
    order = Order(
        world.ids.next("Order"),
        number,
        given.get("name") or f"{world.shop.order_prefix}{number}{world.shop.order_suffix}",
        currencies,
        now,
        now,
        moment_from(given.get("processedAt")) or now,
    )
    _describe(world, order, given)
    order.lines = [
        _line(world, order, entry, ["order", "lineItems", str(index)]) for index, entry in enumerate(given["lineItems"])
    ]
    apply_code(order, given.get("discountCode"))
    if terms is not None:
        order.shipping_address, order.billing_address = terms.shipping_address, terms.billing_address
        terms.grant(order)
    order.plan = _planned(world, order, given)
    if behaviour != "BYPASS":
        _claim(world, order, obeying_policy=behaviour == "DECREMENT_OBEYING_POLICY")
    errors = set_inline(world, order, given.get("metafields"), ["order", "metafields"])
    if errors:
        raise Refused(*errors)
    order.customer_id = customer_for(world, given)
    _enter(world, order)
    _book_payments(world, order, given)
    tell_order(world, order, "ORDERS_CREATE")
    if order.financial_status == "PAID":
        tell_order(world, order, "ORDERS_PAID")
    return order


def _planned(world: World, order: Order, given: Given) -> list[Share]:
    """Who ships what; what was shipped already left from the place that the input names."""
    shipped = given.get("fulfillment")
    if shipped is None:
        return plan(world, order)
    number = number_of(shipped["locationId"], "Location")
    if number not in world.locations.rows:
        message = "Location does not exist"
        raise Refused(user_error(["order", "fulfillment", "locationId"], message, "INVALID"))
    return [Share(number, line.id, line.quantity) for line in order.lines]


def _enter(world: World, order: Order) -> None:
    world.orders.add(order)
    for line in order.lines:
        world.lines.add(line)


def _describe(world: World, order: Order, given: Given) -> None:
    order.email = given.get("email")
    order.phone = given.get("phone")
    order.note = given.get("note")
    order.tags = sorted_tags(given.get("tags") or [])
    order.custom_attributes = [(a["key"], a.get("value")) for a in given.get("customAttributes") or ()]
    order.po_number = given.get("poNumber")
    order.source_name = given.get("sourceName")
    order.source_identifier = given.get("sourceIdentifier")
    order.source_url = given.get("sourceUrl")
    order.referring_site = given.get("referringSite")
    order.accepts_marketing = bool(given.get("buyerAcceptsMarketing"))
    order.shipping_address = _address(world, given.get("shippingAddress"))
    order.billing_address = _address(world, given.get("billingAddress"))
    order.taxes_included = bool(given.get("taxesIncluded"))
    order.test = bool(given.get("test"))
    order.closed_at = moment_from(given.get("closedAt"))
    order.stated_financial_status = given.get("financialStatus")
    order.order_tax_lines = [_tax_line(tax) for tax in given.get("taxLines") or ()]
    order.shipping_lines = [
        ShippingLine(
            world.ids.next("ShippingLine"),
            entry["title"],
            bag_from(entry["priceSet"]),
            entry.get("code") or entry["title"],
            entry.get("source"),
            [_tax_line(tax) for tax in entry.get("taxLines") or ()],
        )
        for entry in given.get("shippingLines") or ()
    ]


def _line(world: World, order: Order, given: Given, path: list[str]) -> LineItem:
    if given["quantity"] < 1:
        raise Refused(user_error([*path, "quantity"], "Quantity must be greater than 0", "INVALID"))
    line = LineItem(
        world.ids.next("LineItem"),
        order.id,
        given.get("title") or "",
        given["quantity"],
        bag_from(given.get("priceSet")),
        variant_title=given.get("variantTitle"),
        sku=given.get("sku"),
        vendor=given.get("vendor"),
        requires_shipping=bool(given.get("requiresShipping")),
        taxable=given.get("taxable", True),
        is_gift_card=bool(given.get("giftCard")),
        custom_attributes=[(p["name"], p["value"]) for p in given.get("properties") or ()],
        tax_lines=[_tax_line(tax) for tax in given.get("taxLines") or ()],
        grams=grams_of(given.get("weight")),
    )
    if given.get("productId"):
        product = world.products.get(number_of(given["productId"], "Product"))
        if product is None:
            raise Refused(user_error([*path, "productId"], "Product does not exist", "INVALID"))
        line.product_id, line.title = product.id, line.title or product.title
    if given.get("variantId"):
        _sell_variant(world, order, line, given, path)
    if not line.title:
        raise Refused(user_error([*path, "title"], "Title can't be blank", "INVALID"))
    return line


_GRAMS = {"GRAMS": 1.0, "KILOGRAMS": 1000.0, "OUNCES": 28.349523125, "POUNDS": 453.59237}


def grams_of(given: Given | None) -> int:
    """A `WeightInput` in grams."""
    return 0 if given is None else round(given["value"] * _GRAMS[given["unit"]])


def _sell_variant(world: World, order: Order, line: LineItem, given: Given, path: list[str]) -> None:
    """Fill in from the variant whatever the input leaves open: the line keeps it as a snapshot."""
    variant = world.variants.get(number_of(given["variantId"], "ProductVariant"))
    if variant is None:
        raise Refused(user_error([*path, "variantId"], "Variant does not exist", "INVALID"))
    product, item = world.products[variant.product_id], world.items[variant.item_id]
    line.variant_id, line.product_id, line.item_id = variant.id, product.id, item.id
    line.title = line.title or product.title
    if line.variant_title is None and variant.title != "Default Title":
        line.variant_title = variant.title
    line.sku = line.sku or item.sku
    line.vendor = line.vendor or product.vendor
    line.grams = line.grams or item.grams
    if "priceSet" not in given:
        line.unit_price = Bag(variant.price, variant.price, order.currencies)
    if "requiresShipping" not in given or not given["requiresShipping"]:
        line.requires_shipping = item.requires_shipping


def _claim(world: World, order: Order, *, obeying_policy: bool) -> None:
    """Take the units out of `available`; with DENY nobody gets what is not there."""
    lines = {line.id: line for line in order.lines}
    if obeying_policy:
        wanted: dict[int, int] = {}
        for line in order.lines:
            if _must_be_there(world, line):
                wanted[line.item_id or 0] = wanted.get(line.item_id or 0, 0) + line.quantity
        if any(world.available(item_id) < units for item_id, units in wanted.items()):
            message = "Unable to claim inventory: not enough is available."
            raise Refused(user_error(["order", "lineItems"], message, "INVENTORY_CLAIM_FAILED"))
    for share in order.plan:
        line = lines[share.line_item_id]
        if line.item_id is not None and world.items[line.item_id].tracked:
            line.claimed = True
            reserve(world, line.item_id, share.location_id, share.units)


def _must_be_there(world: World, line: LineItem) -> bool:
    if line.item_id is None or line.variant_id is None:
        return False
    return world.items[line.item_id].tracked and world.variants[line.variant_id].inventory_policy == "DENY"


def _book_payments(world: World, order: Order, given: Given) -> None:
    for entry in given.get("transactions") or ():
        book(
            world, order, entry.get("kind") or "SALE", bag_from(entry["amountSet"]), entry.get("gateway") or "",
            status=entry.get("status") or "SUCCESS",
            processed_at=moment_from(entry.get("processedAt")),
            authorization_code=entry.get("authorizationCode"),
            test=bool(entry.get("test")), receipt=entry.get("receiptJson"),
        )  # fmt: skip


def bag_from(given: Given | None) -> Bag:
    """The amounts of a `MoneyBagInput`; the customer's is the shop's where it is not given."""
    if given is None:
        return NOTHING
    shop = given["shopMoney"]
    presentment = given.get("presentmentMoney") or shop
    currencies = Currencies(shop["currencyCode"], presentment["currencyCode"])
    return Bag(Decimal(str(shop["amount"])), Decimal(str(presentment["amount"])), currencies)


def _currency_of(given: Given) -> str | None:
    """The currency that the first priced line speaks of."""
    for entry in given["lineItems"]:
        if entry.get("priceSet"):
            return str(entry["priceSet"]["shopMoney"]["currencyCode"])
    return None


def _tax_line(given: Given) -> TaxLine:
    return TaxLine(
        given["title"], Decimal(str(given["rate"])), bag_from(given.get("priceSet")), given.get("channelLiable")
    )


def _address(world: World, given: Given | None) -> Address | None:
    return None if given is None else address_from(given).numbered(world.ids.next("MailingAddress"))
