"""`order_transactions/create`, and transactions inside refunds."""

from shopify_standin.clock import iso
from shopify_standin.errors import JsonObject
from shopify_standin.model.sales import Order, Transaction
from shopify_standin.money import money_text


def transaction_payload(order: Order, transaction: Transaction) -> JsonObject:
    """The REST transaction."""
    return {
        "id": transaction.id,
        "admin_graphql_api_id": transaction.gid,
        "order_id": order.id,
        "kind": transaction.kind.lower(),
        "gateway": transaction.gateway,
        "status": transaction.status.lower(),
        "message": None,
        "created_at": iso(transaction.created_at),
        "processed_at": iso(transaction.processed_at),
        "test": transaction.test,
        "authorization": transaction.authorization_code,
        "location_id": None,
        "user_id": None,
        "parent_id": transaction.parent_id,
        "device_id": None,
        "error_code": None,
        "source_name": order.source_name or "web",
        "receipt": {} if transaction.receipt is None else transaction.receipt,
        "amount": money_text(transaction.amount.shop),
        "currency": order.currencies.shop,
        "payment_id": f"{order.name}.{order.transactions.index(transaction) + 1}",
        "amount_rounding": None,
        "payment_details": None,
        "total_unsettled_set": _unsettled(order),
        "manual_payment_gateway": transaction.manual_gateway,
    }


def _unsettled(order: Order) -> JsonObject:
    """Here, and here alone, the currency's key is `currency`."""
    shown = order.currencies.rest(order.capturable)
    return {money: {"amount": entry["amount"], "currency": entry["currency_code"]} for money, entry in shown.items()}
