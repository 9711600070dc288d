"""How an order is settled at Shopify: what is authorized and what was paid, what went back, and what still can."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crossdock.model.money import Amount, Currencies, Money
from crossdock.model.names import OrderId, PaymentId, RefundId
from crossdock.model.order_money import Refund
from crossdock.model.payment import Transaction

UNDER_WAY = frozenset({"PENDING", "AWAITING_RESPONSE"})
"""States of a transaction whose end is not known yet (Shopify docs, 2026-07)."""


@dataclass(frozen=True, slots=True)
class MadeRefund:
    """
    One refund as Shopify has it.

    `under_way` says that a payment of it has not gone through yet, so that what went back is not known. `reasons` are
    Shopify's for what it booked apart from goods and shipping (`REFUND_DISCREPANCY`, …).
    """

    id: RefundId
    made_at: datetime
    note: str
    what: Refund
    under_way: bool = False
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settlement:
    """
    An order's payments and refunds, as of one read.

    `total` is what it comes to after edits and refunds, `received` what the customer has paid before refunds, and
    `refundable` the most that Shopify lets go back. Refunds stand oldest first.
    """

    order: OrderId
    name: str
    currencies: Currencies
    taxes_included: bool
    duties_included: bool
    total: Amount
    received: Amount
    refundable: Amount
    transactions: tuple[Transaction, ...]
    refunds: tuple[MadeRefund, ...]

    @property
    def authorizations(self) -> Sequence[Transaction]:
        """The authorizations that Shopify made, open or not, oldest first."""
        return [one for one in self.transactions if one.kind == "AUTHORIZATION" and one.status == "SUCCESS"]

    def parts_of(self, parent: str, *kinds: str) -> Sequence[Transaction]:
        """Return the transactions of these kinds that belong to another one, but for those that came to nothing."""
        counted = UNDER_WAY | {"SUCCESS"}
        return [
            one for one in self.transactions if one.parent == parent and one.kind in kinds and one.status in counted
        ]

    def customers(self, amount: Amount) -> Money:
        """Return an amount in the customer's currency."""
        return Money(amount.presentment, self.currencies.presentment)


@dataclass(frozen=True, slots=True)
class PaidBack:
    """
    Money to be given back for an order: the parts by payment, with its gateway, in the customer's currency.

    `note` stands on the refund at Shopify, where it is found again.
    """

    order: OrderId
    parts: tuple[tuple[PaymentId, str, Money], ...]
    note: str
