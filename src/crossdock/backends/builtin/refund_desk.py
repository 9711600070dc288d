"""Refunds that people in the warehouse ask for, and what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, text

from crossdock.kit.errors import Refused
from crossdock.model.credit import RefundAnswer, RefundRequest
from crossdock.model.money import Money
from crossdock.model.names import OrderId, RefundId, RefundKey
from crossdock.store.database import Tx

_REQUEST = """
    SELECT key, order_id, order_name, amount, currency, reason, made, refund_id, said
    FROM builtin_warehouse.refund_requests
"""
_OF_ORDERS = text(_REQUEST + "WHERE order_id = ANY(:orders) ORDER BY number")
_LATEST = text(_REQUEST + "ORDER BY number DESC LIMIT :limit")

# Numbers have no gaps, as only one writes.
_ASK = text("""
    INSERT INTO builtin_warehouse.refund_requests (key, number, order_id, order_name, amount, currency, reason)
    SELECT 'RR-' || lpad(number::text, 6, '0'), number, :order_id, :order_name, CAST(:amount AS numeric), :currency,
        :reason
    FROM (SELECT coalesce(max(number), 0) + 1 AS number FROM builtin_warehouse.refund_requests) AS next
    RETURNING key
""")

# The hub knows already: nothing that it would have to look at has changed.
_ANSWER = text("""
    UPDATE builtin_warehouse.refund_requests
    SET made = coalesce(made, :made), refund_id = CASE WHEN made IS NULL THEN :refund_id ELSE refund_id END,
        said = CASE WHEN made IS NULL THEN :said ELSE said END
    WHERE key = :key RETURNING key
""")


@dataclass(frozen=True, slots=True)
class AskedRefund:
    """A refund that somebody asked for (`RR-000001`), and the answer, once there is one."""

    request: RefundRequest
    order_name: str
    answer: RefundAnswer | None


async def ask(tx: Tx, order: OrderId, name: str, amount: Money, reason: str) -> RefundKey:
    """Write down that so much is to go back to an order's customer, and return what the request is called."""
    said = {
        "order_id": order,
        "order_name": name,
        "amount": str(amount.amount),
        "currency": amount.currency,
        "reason": reason,
    }
    return RefundKey((await tx.execute(_ASK, said)).scalar_one())


async def answer(tx: Tx, key: RefundKey, said: RefundAnswer) -> None:
    """Write down what became of one; what was said first stays. Raises Refused for an unknown key."""
    values = {"key": key, "made": said.made, "refund_id": said.refund, "said": said.said}
    if (await tx.execute(_ANSWER, values)).first() is None:
        raise Refused(f"The built-in warehouse has asked for no refund {key}. Look for it there.")


async def of_orders(tx: Tx, orders: Sequence[OrderId]) -> Sequence[AskedRefund]:
    """Return what was asked for of these orders, oldest first."""
    return [_from(row) for row in await tx.execute(_OF_ORDERS, {"orders": list(orders)})]


async def latest(tx: Tx, limit: int) -> Sequence[AskedRefund]:
    """Return what was asked for, newest first."""
    return [_from(row) for row in await tx.execute(_LATEST, {"limit": limit})]


def _from(row: Row[Any]) -> AskedRefund:
    amount = Money(Decimal(row.amount), row.currency)
    answered = row.made is not None
    request = RefundRequest(RefundKey(row.key), OrderId(row.order_id), amount, row.reason, answered)
    refund = None if row.refund_id is None else RefundId(row.refund_id)
    return AskedRefund(request, row.order_name, RefundAnswer(row.made, refund, row.said or "") if answered else None)
