"""Reading the lines of draft orders."""

from shopify_standin.call import Call
from shopify_standin.domain.draft_orders.reading import attributes, discount_fields, enter_money
from shopify_standin.errors import JsonObject
from shopify_standin.model.drafts import DraftLine
from shopify_standin.model.goods import Product, Variant
from shopify_standin.money import decimal_text
from shopify_standin.registry import Fields

LINE = Fields("DraftOrderLineItem")
LINE.attributes(
    "uuid", "title", "quantity", "sku", "requiresShipping", "taxable", id="gid", grams="grams", name="title",
)  # fmt: skip
LINE.constant(bundleComponents=[], components=[], fulfillmentService=None, image=None, isGiftCard=False, taxLines=[])

enter_money(LINE, "originalUnitPriceSet", lambda x: x.unit_price, "originalUnitPrice")
enter_money(LINE, "originalTotalSet", lambda x: x.total, "originalTotal")
enter_money(LINE, "discountedTotalSet", lambda x: x.total - x.off, "discountedTotal")
enter_money(LINE, "totalDiscountSet", lambda x: x.off, "totalDiscount")
enter_money(LINE, "discountedUnitPriceSet", lambda x: (x.total - x.off) / x.quantity, "discountedUnitPrice")
enter_money(LINE, "approximateDiscountedUnitPriceSet", lambda x: (x.total - x.off) / x.quantity)


@LINE.field("customAttributes", "customAttributesV2")
def custom_attributes(line: DraftLine) -> list[JsonObject]:
    """What else was noted."""
    return attributes(line.custom_attributes)


@LINE.field("appliedDiscount")
def line_discount(line: DraftLine, call: Call) -> JsonObject | None:
    """The line's own discount."""
    return discount_fields(line.discount, line.off, call)


@LINE.field("custom")
def custom(line: DraftLine) -> bool:
    """Whether it is no product."""
    return line.variant_id is None


@LINE.field("variant")
def variant_of(line: DraftLine, call: Call) -> Variant | None:
    """What is sold."""
    return call.world.variants.get(line.variant_id)


@LINE.field("product")
def product_of(line: DraftLine, call: Call) -> Product | None:
    """Whose variant it is."""
    variant = variant_of(line, call)
    return None if variant is None else call.world.products.get(variant.product_id)


@LINE.field("variantTitle")
def variant_title(line: DraftLine, call: Call) -> str | None:
    """The variant's title; none for the only variant of a product."""
    variant = variant_of(line, call)
    return None if variant is None or variant.title == "Default Title" else variant.title


@LINE.field("vendor")
def vendor(line: DraftLine, call: Call) -> str | None:
    """The product's vendor."""
    product = product_of(line, call)
    return None if product is None else product.vendor


@LINE.field("weight")
def weight(line: DraftLine) -> JsonObject:
    """Of one unit."""
    return {"value": float(line.grams), "unit": "GRAMS"}


@LINE.field("originalUnitPriceWithCurrency")
def unit_price(line: DraftLine, call: Call) -> JsonObject:
    """The price of one unit before discounts."""
    return {"amount": decimal_text(line.unit_price), "currencyCode": call.world.shop.currency}


@LINE.field("priceOverride")
def price_override(line: DraftLine, call: Call) -> JsonObject | None:
    """The price given in place of the variant's."""
    if line.overridden_price is None:
        return None
    return {"amount": decimal_text(line.overridden_price), "currencyCode": call.world.shop.currency}
