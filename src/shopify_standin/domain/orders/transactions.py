"""Reading payments and what was tried of them."""

from shopify_standin.call import Call
from shopify_standin.clock import iso
from shopify_standin.domain.orders.capturing import open_amount
from shopify_standin.domain.refunds.reckoning import refundable
from shopify_standin.errors import JsonObject
from shopify_standin.model.sales import Order, Transaction
from shopify_standin.money import Bag, money_text
from shopify_standin.registry import Args, Fields, node
from shopify_standin.world import World

node("OrderTransaction", lambda world, number: world.transactions.get(number))

TRANSACTION = Fields("OrderTransaction")
TRANSACTION.attributes(
    "kind",
    "status",
    "gateway",
    "test",
    "authorizationCode",
    id="gid",
    manualPaymentGateway="manual_gateway",
    receiptJson="receipt",
    formattedGateway="gateway",
)
TRANSACTION.constant(
    errorCode=None,
    accountNumber=None,
    fees=[],
    paymentDetails=None,
    user=None,
    location=None,
    device=None,
    paymentId=None,
    multiCapturable=False,
    amountRoundingSet=None,
    authorizationExpiresAt=None,
    currencyExchangeAdjustment=None,
    paymentIcon=None,
    paymentMethod=None,
    settlementCurrency=None,
    settlementCurrencyRate=None,
    shopifyPaymentsSet=None,
)


def _order_of(transaction: Transaction, world: World) -> Order:
    return world.orders[transaction.order_id]


@Fields("Order").field("transactions")
def transactions_of(order: Order, args: Args) -> list[Transaction]:
    """The payments of an order and what was tried of them; those still to be captured, where asked."""
    found = list(order.transactions)
    if args.get("capturable") is not None:
        found = [x for x in found if (open_amount(order, x).shop > 0) == args["capturable"]]
    if args.get("manuallyResolvable"):
        found = []
    return found if args.get("first") is None else found[: args["first"]]


@TRANSACTION.field("order")
def order_of(transaction: Transaction, call: Call) -> Order:
    """What it pays for."""
    return _order_of(transaction, call.world)


@TRANSACTION.field("amountSet")
def amount_set(transaction: Transaction, call: Call) -> JsonObject:
    """How much."""
    return _order_of(transaction, call.world).currencies.show(transaction.amount)


@TRANSACTION.field("amount")
def amount(transaction: Transaction) -> str:
    """How much, in the shop's money."""
    return money_text(transaction.amount.shop)


@TRANSACTION.field("parentTransaction")
def parent_transaction(transaction: Transaction, call: Call) -> Transaction | None:
    """The authorization that it captures, or the sale that it gives back."""
    return call.world.transactions.get(transaction.parent_id)


@TRANSACTION.field("totalUnsettledSet")
def total_unsettled(transaction: Transaction, call: Call) -> JsonObject:
    """What of an authorization is still open."""
    order = _order_of(transaction, call.world)
    return order.currencies.show(open_amount(order, transaction))


@TRANSACTION.field("manuallyCapturable")
def manually_capturable(transaction: Transaction, call: Call) -> bool:
    """Whether it is an authorization that waits."""
    return open_amount(_order_of(transaction, call.world), transaction).shop > 0


@TRANSACTION.field("createdAt")
def transaction_created_at(transaction: Transaction) -> str | None:
    """When it was made."""
    return iso(transaction.created_at)


@TRANSACTION.field("processedAt")
def transaction_processed_at(transaction: Transaction) -> str | None:
    """When it took effect."""
    return iso(transaction.processed_at)


def _money(transaction: Transaction, amount: Bag, world: World) -> JsonObject:
    shown: JsonObject = _order_of(transaction, world).currencies.show(amount)["shopMoney"]
    return shown


@TRANSACTION.field("amountV2")
def amount_v2(transaction: Transaction, call: Call) -> JsonObject:
    """How much, in the shop's currency."""
    return _money(transaction, transaction.amount, call.world)


@TRANSACTION.field("maximumRefundableV2")
def maximum_refundable(transaction: Transaction, call: Call) -> JsonObject | None:
    """What of a payment can still go back; null for what is no payment."""
    if transaction.kind not in {"SALE", "CAPTURE"} or transaction.status != "SUCCESS":
        return None
    return _money(transaction, refundable(_order_of(transaction, call.world), transaction), call.world)


@TRANSACTION.field("totalUnsettledV2")
def total_unsettled_v2(transaction: Transaction, call: Call) -> JsonObject:
    """What of an authorization is still open, in the shop's currency."""
    return _money(transaction, open_amount(_order_of(transaction, call.world), transaction), call.world)
