"""Builders of what went back, for tests: credit documents, and settlements that they come from."""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from crossdock.model.credit import Credit, CreditLine
from crossdock.model.money import NOTHING, Amount, Currencies
from crossdock.model.names import ItemCode, LineItemId, OrderId, RefundId, Sku, Units
from crossdock.model.payment import Transaction
from crossdock.model.settlement import MadeRefund, Settlement
from crossdock.testing.money_builders import EUROS, an_amount

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
_numbers = itertools.count(1)


def a_credit(
    subtotal: str | int = "10.00",
    *,
    currency: str = "EUR",
    shipping: Amount = NOTHING,
    adjustment: Amount = NOTHING,
) -> Credit:
    """Return the document for one mug that came back; each call makes another one."""
    number = next(_numbers)
    line = CreditLine(
        line=LineItemId(f"gid://shopify/LineItem/{number}"),
        item=ItemCode("MUG"),
        sku=Sku("MUG"),
        title="Mug",
        units=Units(1),
        subtotal=an_amount(subtotal),
        tax=NOTHING,
        duties=NOTHING,
        restock="RETURN",
    )
    made = Credit(
        key=RefundId(f"gid://shopify/Refund/{number}"),
        name=f"#{number}-C1",
        order=OrderId(f"gid://shopify/Order/{number}"),
        order_name=f"#{number}",
        made_at=NOON,
        currencies=Currencies("EUR", currency),
        taxes_included=False,
        duties_included=False,
        lines=(line,),
        shipping=shipping,
        shipping_tax=NOTHING,
        adjustment=adjustment,
        reason="REFUND_DISCREPANCY" if adjustment else "",
        total=NOTHING,
    )
    return replace(made, total=made.listed + adjustment)


def a_transaction(
    kind: str,
    amount: str | int | Decimal,
    *,
    number: int = 1,
    parent: int | None = None,
    status: str = "SUCCESS",
    left: str | int | Decimal = 0,
    expires_at: datetime | None = None,
) -> Transaction:
    """Return a transaction of so much; `left` is what of an authorization Shopify says is open."""
    return Transaction(
        id=transaction_id(number),
        kind=kind,
        status=status,
        gateway="bogus",
        amount=an_amount(str(amount)),
        manual=False,
        parent=None if parent is None else transaction_id(parent),
        open=an_amount(str(left)),
        expires_at=expires_at,
    )


def transaction_id(number: int) -> str:
    """Return the id of the transaction of this number."""
    return f"gid://shopify/OrderTransaction/{number}"


def a_settlement(
    *transactions: Transaction,
    total: str | int | Decimal = 100,
    received: str | int | Decimal = 0,
    refundable: str | int | Decimal = 0,
    refunds: Sequence[MadeRefund] = (),
) -> Settlement:
    """Return how an order over so many euros is settled."""
    return Settlement(
        order=OrderId("gid://shopify/Order/1"),
        name="#1001",
        currencies=EUROS,
        taxes_included=False,
        duties_included=False,
        total=an_amount(str(total)),
        received=an_amount(str(received)),
        refundable=an_amount(str(refundable)),
        transactions=transactions,
        refunds=tuple(refunds),
    )
