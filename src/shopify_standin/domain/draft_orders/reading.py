"""Reading draft orders."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from shopify_standin.call import Call
from shopify_standin.clock import iso
from shopify_standin.connections import connection, count
from shopify_standin.domain.orders.shipping_lines import shipping_line_fields
from shopify_standin.errors import JsonObject
from shopify_standin.ids import number_of
from shopify_standin.model.customers import Customer
from shopify_standin.model.drafts import ZERO, Draft, DraftDiscount
from shopify_standin.model.sales import Attributes, Order, ShippingLine
from shopify_standin.money import Bag, Currencies, money_text
from shopify_standin.registry import Args, Fields, node, query
from shopify_standin.search import filters
from shopify_standin.search.search import Search
from shopify_standin.world import World

node("DraftOrder", lambda world, number: world.drafts.get(number))

DRAFT = Fields("DraftOrder")
DRAFT.attributes(
    "name", "status", "email", "phone", "poNumber", "tags", "taxExempt", "visibleToCustomer", "shippingAddress",
    "billingAddress", id="gid", legacyResourceId="id", note2="note", allowDiscountCodesInCheckout="allows_codes",
    acceptAutomaticDiscounts="accepts_automatic_discounts",
)  # fmt: skip
DRAFT.constant(
    taxLines=[], taxesIncluded=False, totalTax="0.00", discountCodes=[], platformDiscounts=[], warnings=[],
    paymentTerms=None, deposit=None, hasTimelineComment=False, transformerFingerprint=None,
    invoiceEmailTemplateSubject="Complete your purchase", ready=True,
)  # fmt: skip
_SEARCH = Search(
    {
        "id": filters.number(lambda x, _: x.id),
        "status": filters.choice(
            lambda x, _: x.status,
            open=["OPEN"], invoice_sent=["INVOICE_SENT"], completed=["COMPLETED"],
        ),
        "tag": filters.text(lambda x, _: x.tags),
        "customer_id": filters.number(lambda x, _: x.customer_id),
        "source": filters.text(lambda x, _: x.source_name),
        "created_at": filters.moment(lambda x, _: x.created_at),
        "updated_at": filters.moment(lambda x, _: x.updated_at),
    },
    filters.words(lambda x, _: [x.name, x.email, *(line.title for line in x.lines)]),
)  # fmt: skip
_SORT: dict[str, Callable[[Draft], Any] | None] = {
    "ID": None,
    "RELEVANCE": None,
    "NUMBER": lambda x: x.id,
    "STATUS": lambda x: x.status,
    "TOTAL_PRICE": lambda x: x.total,
    "UPDATED_AT": lambda x: x.updated_at,
    "CUSTOMER_NAME": lambda x: x.email,
}


@query("draftOrder")
def draft_order(world: World, args: Args) -> Draft | None:
    """One draft."""
    return world.drafts.get(number_of(args["id"], "DraftOrder"))


@query("draftOrders")
def draft_orders(world: World, args: Args, call: Call) -> JsonObject:
    """Drafts, also those that became orders."""
    found = _SEARCH.select(world.drafts, args.get("query"), call, ["draftOrders"])
    return connection(found, args, _SORT[args["sortKey"]])


@query("draftOrdersCount")
def draft_orders_count(world: World, args: Args, call: Call) -> JsonObject:
    """How many drafts a query selects."""
    return count(_SEARCH.select(world.drafts, args.get("query"), call, ["draftOrdersCount"]), args.get("limit"))


def shown(amount: Decimal, call: Call) -> JsonObject:
    """A MoneyBag of an amount in the shop's currency."""
    currency = call.world.shop.currency
    return Currencies(currency, currency).show(Bag(amount, amount))


def enter_money(fields: Fields, name: str, read: Callable[[Any], Decimal], plain: str | None = None) -> None:
    """A MoneyBag field, and the plain amount under its deprecated name."""
    fields.field(name)(lambda row, call: shown(read(row), call))
    if plain is not None:
        fields.field(plain)(lambda row: money_text(read(row)))


enter_money(DRAFT, "totalPriceSet", lambda x: x.total, "totalPrice")
enter_money(DRAFT, "subtotalPriceSet", lambda x: x.subtotal, "subtotalPrice")
enter_money(DRAFT, "totalShippingPriceSet", lambda x: x.shipping_price or ZERO, "totalShippingPrice")
enter_money(DRAFT, "totalDiscountsSet", lambda x: x.lines_total - x.subtotal)
enter_money(DRAFT, "totalLineItemsPriceSet", lambda x: x.lines_total)
enter_money(DRAFT, "lineItemsSubtotalPrice", lambda x: x.lines_subtotal)
enter_money(DRAFT, "totalTaxSet", lambda _: ZERO)
enter_money(DRAFT, "amountDueNowSet", lambda x: x.total)
enter_money(DRAFT, "amountDueLaterSet", lambda _: ZERO)


@DRAFT.field("currencyCode", "presentmentCurrencyCode")
def currency_code(_draft: Draft, call: Call) -> str:
    """The shop's; drafts in other currencies are refused."""
    return call.world.shop.currency


@DRAFT.field("createdAt")
def created_at(draft: Draft) -> str | None:
    """When it was made."""
    return iso(draft.created_at)


@DRAFT.field("updatedAt")
def updated_at(draft: Draft) -> str | None:
    """When it was changed last."""
    return iso(draft.updated_at)


@DRAFT.field("completedAt")
def completed_at(draft: Draft) -> str | None:
    """When it became an order."""
    return iso(draft.completed_at)


@DRAFT.field("invoiceSentAt")
def invoice_sent_at(draft: Draft) -> str | None:
    """When the customer was sent an invoice."""
    return iso(draft.invoice_sent_at)


@DRAFT.field("reserveInventoryUntil")
def reserved_until(draft: Draft) -> str | None:
    """How long its units are kept."""
    return iso(draft.reserved_until)


@DRAFT.field("invoiceUrl")
def invoice_url(draft: Draft, call: Call) -> str:
    """Where the customer would pay."""
    return f"https://{call.world.shop.domain}/invoices/{draft.id}"


@DRAFT.field("order")
def order_of(draft: Draft, call: Call) -> Order | None:
    """What became of it."""
    return call.world.orders.get(draft.order_id)


@DRAFT.field("customer", "purchasingEntity")
def customer_of(draft: Draft, call: Call) -> Customer | None:
    """Who is to buy."""
    return call.world.customers.get(draft.customer_id)


@DRAFT.field("lineItems")
def line_items(draft: Draft, args: Args) -> JsonObject:
    """What is to be sold."""
    return connection(draft.lines, args)


@DRAFT.field("totalQuantityOfLineItems")
def total_quantity(draft: Draft) -> int:
    """Units of all lines."""
    return sum(line.quantity for line in draft.lines)


@DRAFT.field("totalWeight")
def total_weight(draft: Draft) -> str:
    """Grams of all units."""
    return str(sum(line.grams * line.quantity for line in draft.lines))


@DRAFT.field("billingAddressMatchesShippingAddress")
def same_address(draft: Draft) -> bool:
    """Whether both addresses say the same."""
    here, there = draft.billing_address, draft.shipping_address
    return here == there or (here is not None and there is not None and here.formatted == there.formatted)


@DRAFT.field("allVariantPricesOverridden")
def all_overridden(draft: Draft) -> bool:
    """Whether every variant is sold at a price of its own here."""
    return bool(draft.lines) and all(line.overridden_price is not None for line in draft.lines)


@DRAFT.field("anyVariantPricesOverridden")
def any_overridden(draft: Draft) -> bool:
    """Whether some variant is."""
    return any(line.overridden_price is not None for line in draft.lines)


@DRAFT.field("shippingLine")
def shipping_line(draft: Draft, call: Call) -> JsonObject | None:
    """What the customer is to pay for shipping."""
    if draft.shipping_price is None:
        return None
    currency, price = call.world.shop.currency, draft.shipping_price
    line = ShippingLine(0, draft.shipping_title or "", Bag(price, price), "custom")
    return {**shipping_line_fields(Currencies(currency, currency), line), "id": None}


def discount_fields(given: DraftDiscount | None, amount: Decimal, call: Call) -> JsonObject | None:
    """A `DraftOrderAppliedDiscount`."""
    if given is None:
        return None
    bag = shown(amount, call)
    return {
        "title": given.title,
        "description": given.description,
        "value": float(given.value),
        "valueType": "PERCENTAGE" if given.is_percentage else "FIXED_AMOUNT",
        "amountSet": bag,
        "amountV2": bag["shopMoney"],
        "amount": money_text(amount),
    }


@DRAFT.field("appliedDiscount")
def applied_discount(draft: Draft, call: Call) -> JsonObject | None:
    """The discount of the whole draft."""
    return discount_fields(draft.discount, draft.order_discount, call)


@DRAFT.field("customAttributes")
def custom_attributes(draft: Draft) -> list[JsonObject]:
    """What else was noted."""
    return attributes(draft.custom_attributes)


def attributes(pairs: Attributes) -> list[JsonObject]:
    """Pairs of key and value."""
    return [{"key": key, "value": value} for key, value in pairs]
