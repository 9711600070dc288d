"""Reading the lines of an order."""

from collections.abc import Callable

from shopify_standin.call import Call
from shopify_standin.domain.orders.discounts import discount_allocations
from shopify_standin.domain.orders.reading import attributes, tax_line
from shopify_standin.errors import JsonObject
from shopify_standin.model.goods import Product, Variant
from shopify_standin.model.sales import LineItem, Order
from shopify_standin.money import Bag, money_text
from shopify_standin.registry import Args, Fields, node

node("LineItem", lambda world, number: world.lines.get(number))

LINE = Fields("LineItem")
LINE.attributes(
    "title", "name", "quantity", "currentQuantity", "unfulfilledQuantity", "variantTitle", "sku", "vendor", "taxable",
    "requiresShipping", "isGiftCard",
    id="gid", refundableQuantity="current_quantity",
)  # fmt: skip
LINE.constant(
    nonFulfillableQuantity=0, lineItemGroup=None, sellingPlan=None, image=None,
    contract=None, staffMember=None, merchantEditable=True,
)  # fmt: skip

_BAGS: dict[str, Callable[[LineItem], Bag]] = {
    "originalUnitPriceSet": lambda x: x.unit_price,
    "discountedUnitPriceSet": lambda x: x.discounted_unit_price,
    "discountedUnitPriceAfterAllDiscountsSet": lambda x: x.net_unit_price,
    "originalTotalSet": lambda x: x.total,
    "discountedTotalSet": lambda x: x.total - x.own_discount,
    "priceAfterAllDiscountsBeforeTaxesSet": lambda x: x.current_total,
    "totalDiscountSet": lambda x: x.own_discount,
    "unfulfilledOriginalTotalSet": lambda x: x.unit_price * x.unfulfilled_quantity,
    "unfulfilledDiscountedTotalSet": lambda x: x.discounted_unit_price * x.unfulfilled_quantity,
}


def order_of(line: LineItem, call: Call) -> Order:
    """The order that the line is of."""
    return call.world.orders[line.order_id]


def _enter_bag(name: str, read: Callable[[LineItem], Bag]) -> None:
    def as_bag(line: LineItem, call: Call) -> JsonObject:
        return order_of(line, call).currencies.show(read(line))

    LINE.field(name)(as_bag)
    plain = name.removesuffix("Set")
    if plain not in {"discountedUnitPriceAfterAllDiscounts", "priceAfterAllDiscountsBeforeTaxes"}:
        LINE.field(plain)(lambda line: money_text(read(line).shop))


for _name, _read in _BAGS.items():
    _enter_bag(_name, _read)


@LINE.field("duties")
def duties(line: LineItem, call: Call) -> list[JsonObject]:
    """What customs ask for it."""
    return [
        {
            "id": duty.gid,
            "price": order_of(line, call).currencies.show(duty.price),
            "countryCodeOfOrigin": duty.country,
            "harmonizedSystemCode": duty.code,
            "taxLines": [],
        }
        for duty in line.duties
    ]


@LINE.field("discountAllocations")
def allocations(line: LineItem, call: Call) -> list[JsonObject]:
    """How much of which discount fell on the line."""
    return discount_allocations(order_of(line, call).currencies, line.allocations)


@LINE.field("fulfillableQuantity")
def fulfillable_quantity(line: LineItem, call: Call) -> int:
    """Units still to ship that are not on hold; a cancelled order keeps them (recorded 2026-04)."""
    parts = (call.world.fulfillment_orders[number] for number in order_of(line, call).fulfillment_order_ids)
    held = (part.lines for part in parts if part.status == "ON_HOLD")
    return line.unfulfilled_quantity - sum(x.remaining for rows in held for x in rows if x.line_item_id == line.id)


@LINE.field("fulfillmentStatus")
def line_status(line: LineItem) -> str:
    """How far shipping of the line has come."""
    if not line.fulfilled:
        return "unfulfilled"
    return "partial" if line.unfulfilled_quantity else "fulfilled"


@LINE.field("product")
def product(line: LineItem, call: Call) -> Product | None:
    """What was sold, while it exists."""
    return call.world.products.get(line.product_id)


@LINE.field("variant")
def variant(line: LineItem, call: Call) -> Variant | None:
    """The variant sold, while it exists."""
    return call.world.variants.get(line.variant_id)


@LINE.field("customAttributes")
def custom_attributes(line: LineItem) -> list[JsonObject]:
    """Properties that the customer chose."""
    return attributes(line.custom_attributes)


@LINE.field("taxLines")
def tax_lines(line: LineItem, args: Args, call: Call) -> list[JsonObject]:
    """Taxes on the line."""
    currencies = order_of(line, call).currencies
    return [tax_line(currencies, tax) for tax in line.tax_lines[: args.get("first")]]


@LINE.field("restockable", "canRestock")
def restockable(line: LineItem) -> bool:
    """Whether units could go back to stock."""
    return line.item_id is not None and line.current_quantity > 0


@LINE.field("weight")
def weight(line: LineItem) -> JsonObject | None:
    """Weight of one unit."""
    return {"value": float(line.grams), "unit": "GRAMS"} if line.grams else None
