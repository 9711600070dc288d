"""How an order is paid, and what a carrier is to collect. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crossdock.model.money import NOTHING, Amount, Money


@dataclass(frozen=True, slots=True)
class Transaction:
    """
    A payment, or what was tried of one.

    `kind` (`SALE`, `AUTHORIZATION`, `CAPTURE`, `REFUND`, `VOID`, …) and `status` (`SUCCESS`, `PENDING`, …) keep
    Shopify's spelling. `manual` is one that staff note by hand, as a bank transfer or cash. `parent` is the payment
    that it captures, voids or gives back; `open` is what of an authorization can still be captured, until
    `expires_at`. These three are known only of a `Settlement`'s.
    """

    id: str
    kind: str
    status: str
    gateway: str
    amount: Amount
    manual: bool
    parent: str | None = None
    open: Amount = NOTHING
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Payments:
    """
    What was paid for an order and what was not, by Shopify's own figures.

    `outstanding` does not count what is authorized as owed (recorded 2025-01). `capturable` is authorized and open.
    `rounding` is what a cash register rounded of what it was paid; it is no part of the price (Shopify docs, 2026-07).
    """

    transactions: tuple[Transaction, ...]
    gateways: tuple[str, ...]
    received: Amount
    paid_back: Amount
    capturable: Amount
    outstanding: Amount
    rounding: Amount

    @property
    def authorized(self) -> bool:
        """Whether the customer ever authorized a payment of it, open or not."""
        return any(one.kind == "AUTHORIZATION" and one.status == "SUCCESS" for one in self.transactions)


class PaymentMethod(StrEnum):
    """How a customer pays, as far as it matters to who ships the goods or books the order."""

    PREPAID = "prepaid"
    """Nothing is owed: paid, or authorized."""

    CASH_ON_DELIVERY = "cash_on_delivery"
    """The carrier collects what is owed when it hands the goods over."""

    ON_ACCOUNT = "on_account"
    """Something is owed and nobody collects it: an invoice, a bank transfer, payment terms."""

    @property
    def words(self) -> str:
        """The method, as a person reads it."""
        return self.value.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Payment:
    """
    How one request is paid for.

    `gateways` are the shop's names of the ways it was paid by; `owed` is what the customer still owes for the whole
    order, in the customer's currency.
    """

    method: PaymentMethod
    gateways: tuple[str, ...]
    owed: Money

    @property
    def on_delivery(self) -> bool:
        """Whether the carrier collects."""
        return self.method is PaymentMethod.CASH_ON_DELIVERY


def method_of(payments: Payments, cash_on_delivery: Collection[str]) -> PaymentMethod:
    """
    Return how an order is paid; `cash_on_delivery` are names of gateways, compared in any case.

    Shopify has no mark for cash on delivery: it is a payment that is pending at a gateway whose name the shop chose
    (Shopify docs, 2026-07).
    """
    if payments.outstanding.presentment <= 0:
        return PaymentMethod.PREPAID
    named = {name.casefold() for name in cash_on_delivery}
    pending = [one.gateway for one in payments.transactions if one.status == "PENDING"]
    if any(gateway.casefold() in named for gateway in pending):
        return PaymentMethod.CASH_ON_DELIVERY
    return PaymentMethod.ON_ACCOUNT
