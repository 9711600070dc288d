"""Reading orders, their money, and their parts that ship or are paid."""

from collections.abc import Callable
from typing import Any

from shopify_standin.call import Call
from shopify_standin.clock import iso
from shopify_standin.connections import connection, count
from shopify_standin.domain.fulfillment_orders.lists import SEARCH as FULFILLMENT_ORDER_SEARCH
from shopify_standin.domain.metafields.writing import by_custom_id
from shopify_standin.domain.orders.reach import only_in_reach, orders_in_reach
from shopify_standin.domain.orders.search import ORDER_SEARCH, ORDER_SORT
from shopify_standin.domain.orders.status import fulfillment_status
from shopify_standin.errors import JsonObject
from shopify_standin.ids import number_of
from shopify_standin.model.customers import Customer
from shopify_standin.model.sales import Attributes, Order, TaxLine
from shopify_standin.model.shipping import Fulfillment
from shopify_standin.money import NOTHING, Bag, Currencies, money_text
from shopify_standin.registry import Args, Fields, node, query
from shopify_standin.world import World

node("Order", lambda world, number: world.orders.get(number))

ORDER = Fields("Order")
ORDER.attributes(
    "name", "number", "confirmationNumber", "email", "phone", "note", "tags", "poNumber", "sourceName",
    "sourceIdentifier", "closed", "cancelReason", "test", "taxesIncluded", "billingAddress", "shippingAddress",
    "edited",
    customerAcceptsMarketing="accepts_marketing", referrerUrl="referring_site", registeredSourceUrl="source_url",
    id="gid", legacyResourceId="id", displayFinancialStatus="financial_status", displayAddress="shipping_address",
    currencyCode="currencies.shop", presentmentCurrencyCode="currencies.presentment",
)  # fmt: skip
ORDER.constant(
    channel=None, channelInformation=None, customerJourney=None, customerJourneySummary=None,
    landingPageUrl=None, landingPageDisplayText=None, physicalLocation=None, referralCode=None,
    referrerDisplayText=None, riskLevel="LOW", risks=[],
    cartDiscountAmount=None,
    paymentCollectionDetails={"additionalPaymentCollectionUrl": None, "vaultedPaymentMethods": []},
    confirmed=True, taxExempt=False, estimatedTaxes=False, dutiesIncluded=False, clientIp=None,
    customerLocale=None, merchantEditableErrors=[],
    paymentTerms=None, retailLocation=None, purchasingEntity=None,
    alerts=[], disputes=[], hasTimelineComment=False, attribution=None, app=None,
    cartToken=None, checkoutToken=None,
    publication=None, staffMember=None, shopifyProtect=None, merchantOfRecordApp=None, productNetwork=False,
)  # fmt: skip

_BAGS: dict[str, Callable[[Order], Bag]] = {
    "totalPriceSet": lambda x: x.total,
    "originalTotalPriceSet": lambda x: x.total,
    "currentTotalPriceSet": lambda x: x.current_total,
    "subtotalPriceSet": lambda x: x.subtotal,
    "currentSubtotalPriceSet": lambda x: x.current_subtotal,
    "totalTaxSet": lambda x: x.tax,
    "currentTotalTaxSet": lambda x: x.current_tax,
    "totalShippingPriceSet": lambda x: x.shipping,
    "currentShippingPriceSet": lambda x: x.current_shipping,
    "totalDiscountsSet": lambda x: x.discount,
    "currentTotalDiscountsSet": lambda x: x.discount,
    "cartDiscountAmountSet": lambda _: NOTHING,
    "currentCartDiscountAmountSet": lambda _: NOTHING,
    "totalReceivedSet": lambda x: x.received,
    "totalRefundedSet": lambda x: x.paid_by("REFUND"),
    "totalRefundedShippingSet": lambda x: x.refunded_shipping,
    "netPaymentSet": lambda x: x.net_payment,
    "totalOutstandingSet": lambda x: x.outstanding,
    "totalCapturableSet": lambda x: x.capturable,
    "totalTipReceivedSet": lambda x: x.tip,
    "refundDiscrepancySet": lambda _: NOTHING,
}


def _enter_bag(name: str, read: Callable[[Order], Bag]) -> None:
    ORDER.field(name)(lambda order: order.currencies.show(read(order)))
    plain = name.removesuffix("Set")
    if plain in {"totalPrice", "subtotalPrice", "totalTax", "totalShippingPrice", "totalDiscounts", "totalReceived",
                 "totalRefunded", "netPayment", "totalCapturable"}:  # fmt: skip
        ORDER.field(plain)(lambda order: money_text(read(order).shop))


for _name, _read in _BAGS.items():
    _enter_bag(_name, _read)


@query("order")
def order(world: World, args: Args, call: Call) -> Order | None:
    """One order."""
    found: Order | None = only_in_reach(call, world.orders.get(number_of(args["id"], "Order")))
    return found


@query("orderByIdentifier")
def order_by_identifier(world: World, args: Args, call: Call) -> Order | None:
    """One order by id or by custom id."""
    given = args["identifier"]
    wanted = given.get("id") or by_custom_id(world, "ORDER", given["customId"])
    return None if wanted is None else order(world, {"id": wanted}, call)


@query("orders")
def orders(world: World, args: Args, call: Call) -> JsonObject:
    """Orders, by when they were processed unless asked otherwise."""
    found = orders_in_reach(call, ORDER_SEARCH.select(world.orders, args.get("query"), call, ["orders"]))
    key = ORDER_SORT[args["sortKey"]]
    return connection(found, args, None if key is None else lambda row: key(row, world))


@query("ordersCount")
def orders_count(world: World, args: Args, call: Call) -> JsonObject:
    """How many orders a query selects."""
    found = orders_in_reach(call, ORDER_SEARCH.select(world.orders, args.get("query"), call, ["ordersCount"]))
    return count(found, args.get("limit"))


def _enter_time(name: str, read: Callable[[Order], Any]) -> None:
    ORDER.field(name)(lambda order: iso(read(order)))


_enter_time("createdAt", lambda x: x.created_at)
_enter_time("updatedAt", lambda x: x.updated_at)
_enter_time("processedAt", lambda x: x.processed_at)
_enter_time("closedAt", lambda x: x.closed_at)
_enter_time("cancelledAt", lambda x: x.cancelled_at)


@ORDER.field("displayFulfillmentStatus")
def display_fulfillment_status(order: Order, call: Call) -> str:
    """How far shipping has come."""
    return fulfillment_status(call.world, order, call.version)


@ORDER.field("cancellation")
def cancellation(order: Order) -> JsonObject | None:
    """The note that staff left when cancelling."""
    return None if order.cancelled_at is None else {"staffNote": order.cancel_note}


@ORDER.field("customer")
def customer(order: Order, call: Call) -> Customer | None:
    """Who ordered; an order may have nobody."""
    return call.world.customers.get(order.customer_id)


def attributes(pairs: Attributes) -> list[JsonObject]:
    """Key and value pairs."""
    return [{"key": key, "value": value} for key, value in pairs]


@ORDER.field("customAttributes")
def custom_attributes(order: Order) -> list[JsonObject]:
    """What the cart was told besides."""
    return attributes(order.custom_attributes)


@ORDER.field("lineItems")
def line_items(order: Order, args: Args) -> JsonObject:
    """All lines."""
    return connection(order.lines, args)


@ORDER.field("nonFulfillableLineItems")
def non_fulfillable_line_items(order: Order, args: Args) -> JsonObject:
    """Lines that can no longer be shipped, as tips and removed ones."""
    return connection([line for line in order.lines if line.current_quantity == 0], args)


@ORDER.field("fulfillmentOrders")
def fulfillment_orders(order: Order, args: Args, call: Call) -> JsonObject:
    """What its locations have to ship; empty until routing is done."""
    rows = [call.world.fulfillment_orders[number] for number in order.fulfillment_order_ids]
    found = FULFILLMENT_ORDER_SEARCH.select(rows, args.get("query"), call, ["order", "fulfillmentOrders"])
    return connection(found, args)


@ORDER.field("fulfillments")
def fulfillments(order: Order, args: Args, call: Call) -> list[Fulfillment]:
    """What was shipped, the latest first (recorded 2025-01)."""
    rows = [call.world.fulfillments[number] for number in reversed(order.fulfillment_ids)]
    return rows[: args.get("first")]


@ORDER.field("fulfillmentsCount")
def fulfillments_count(order: Order) -> JsonObject:
    """How often something was shipped."""
    return count(order.fulfillment_ids)


@ORDER.field("localizedFields", "localizationExtensions", "agreements")
def nothing_of(_order: Order, args: Args) -> JsonObject:
    """Things that no mutation modelled here can add."""
    return connection([], args)


def tax_line(currencies: Currencies, tax: TaxLine) -> JsonObject:
    """A `TaxLine`."""
    return {
        "title": tax.title,
        "rate": float(tax.rate),
        "ratePercentage": float(tax.rate * 100),
        "channelLiable": tax.channel_liable,
        "source": None,
        "price": money_text(tax.price.shop),
        "priceSet": currencies.show(tax.price),
    }


@ORDER.field("taxLines", "currentTaxLines")
def tax_lines(order: Order) -> list[JsonObject]:
    """Taxes by title and rate."""
    return [tax_line(order.currencies, tax) for tax in order.tax_lines]


@ORDER.field("subtotalLineItemsQuantity")
def subtotal_quantity(order: Order) -> int:
    """Units as ordered."""
    return sum(line.quantity for line in order.lines)


@ORDER.field("currentSubtotalLineItemsQuantity")
def current_quantity(order: Order) -> int:
    """Units still part of the order."""
    return sum(line.current_quantity for line in order.lines)


@ORDER.field("totalWeight", "currentTotalWeight")
def weight(order: Order) -> str:
    """Grams."""
    return str(sum(line.grams * line.current_quantity for line in order.lines))


@ORDER.field("transactionsCount")
def transactions_count(order: Order) -> JsonObject:
    """How many payments were tried."""
    return count(order.transactions)


@ORDER.field("paymentGatewayNames")
def gateways(order: Order) -> list[str]:
    """By which ways it was paid."""
    return list(dict.fromkeys(t.gateway for t in order.transactions if t.gateway))


@ORDER.field("fullyPaid")
def fully_paid(order: Order) -> bool:
    """Whether nothing is owed."""
    return order.financial_status == "PAID"


@ORDER.field("unpaid")
def unpaid(order: Order) -> bool:
    """Whether no money came in."""
    return order.received.shop == 0 and order.financial_status in {"PENDING", "AUTHORIZED", None}


@ORDER.field("billingAddressMatchesShippingAddress")
def same_addresses(order: Order) -> bool:
    """Whether both addresses say the same."""
    bill, ship = order.billing_address, order.shipping_address
    if bill is None or ship is None:
        return bill is ship
    return bill.numbered(0) == ship.numbered(0)


@ORDER.field("statusPageUrl")
def status_page_url(order: Order, call: Call) -> str:
    """Where the customer can look."""
    return f"https://{call.world.shop.domain}/orders/{order.id}"


@ORDER.field("currentTotalDutiesSet", "originalTotalDutiesSet")
def duties(order: Order) -> JsonObject | None:
    """What customs ask; null where they ask nothing."""
    return order.currencies.show(order.duties) if order.duties.shop else None


@ORDER.field("currentTotalAdditionalFeesSet", "originalTotalAdditionalFeesSet")
def total_fees(order: Order) -> JsonObject | None:
    """What is charged besides; null where nothing is."""
    return order.currencies.show(sum((price for _, price in order.fees), NOTHING)) if order.fees else None


@ORDER.field("additionalFees")
def additional_fees(order: Order) -> list[JsonObject]:
    """What is charged besides, one by one."""
    return [
        {
            "id": f"gid://shopify/AdditionalFee/{order.id}{number}",
            "name": name,
            "price": order.currencies.show(price),
            "taxLines": [],
        }
        for number, (name, price) in enumerate(order.fees, start=1)
    ]


@ORDER.field("totalTipReceived")
def total_tip_received(order: Order) -> JsonObject:
    """Tips, in the shop's currency."""
    tip: JsonObject = order.currencies.show(order.tip)["shopMoney"]
    return tip


@ORDER.field("totalCashRoundingAdjustment")
def cash_rounding(order: Order) -> JsonObject:
    """What a cash register rounded of what it was paid; nothing rounds refunds here."""
    return {"paymentSet": order.currencies.show(order.cash_rounding), "refundSet": order.currencies.show(NOTHING)}
