"""An order's money as Shopify tells it: what was sold, what was given back, and what it says that it comes to now."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from crossdock.model.money import NOTHING, Amount, Currencies, divided, payable, total
from crossdock.model.names import LineItemId, Units


@dataclass(frozen=True, slots=True)
class Tax:
    """One tax. `rate` is 0.19 for 19 %, None where Shopify does not say; `amount` may be part of a price already."""

    title: str
    rate: Decimal | None
    amount: Amount


@dataclass(frozen=True, slots=True)
class SoldLine:
    """
    One order line as sold: all units that ever were part of it, `current` of them still are.

    `discount` is all that Shopify allocated to it, of the line's own discounts and of the order's; `taxes` and
    `duties` are of all units too (Shopify docs, 2026-07). `goods` is False of a line that can be a tip.
    """

    line: LineItemId
    title: str
    quantity: Units
    current: Units
    unit_price: Amount
    discount: Amount = NOTHING
    taxes: tuple[Tax, ...] = ()
    duties: Amount = NOTHING
    goods: bool = True

    @property
    def net(self) -> Amount:
        """What all units cost after discounts."""
        return self.unit_price * self.quantity - self.discount


class ChargeKind(StrEnum):
    """What an amount of an order is for that belongs to no line."""

    SHIPPING = "shipping"
    TIP = "tip"
    FEE = "fee"
    DUTIES = "duties"
    """Duties on a line of which every unit was refunded, where the duties were not."""

    DIFFERENCE = "difference"
    """What Shopify's total is more, or less, than all that Shopify lists comes to."""


@dataclass(frozen=True, slots=True)
class Charge:
    """An amount of the order as a whole, as it stands: before and after its discounts, and the taxes on it."""

    kind: ChargeKind
    title: str
    price: Amount
    discount: Amount = NOTHING
    taxes: tuple[Tax, ...] = ()

    @property
    def net(self) -> Amount:
        """What it costs after discounts."""
        return self.price - self.discount

    @property
    def tax(self) -> Amount:
        """All taxes on it."""
        return total([tax.amount for tax in self.taxes])


@dataclass(frozen=True, slots=True)
class RefundedLine:
    """Units that a refund took out of a line: what they cost after discounts, with the taxes and duties on them."""

    line: LineItemId
    units: Units
    subtotal: Amount
    tax: Amount
    duties: Amount = NOTHING
    restock: str = "NO_RESTOCK"
    """What became of the goods, in Shopify's spelling: CANCEL never shipped, RETURN came back, NO_RESTOCK neither."""


@dataclass(frozen=True, slots=True)
class Refund:
    """One refund: what it took out of the order, and the money that went back with it, which may be none."""

    lines: tuple[RefundedLine, ...]
    shipping: Amount
    shipping_tax: Amount
    paid_back: Amount


@dataclass(frozen=True, slots=True)
class Totals:
    """What Shopify says that the order comes to now: after edits, removals and refunds."""

    goods: Amount
    shipping: Amount
    tax: Amount
    duties: Amount
    fees: Amount
    tip: Amount
    total: Amount


@dataclass(frozen=True, slots=True)
class OrderMoney:
    """
    All money of an order.

    `taxes_included`, `duties_included`: prices contain them. Each amount is Shopify's own, in both currencies.
    """

    currencies: Currencies
    taxes_included: bool
    duties_included: bool
    lines: tuple[SoldLine, ...]
    charges: tuple[Charge, ...]
    refunds: tuple[Refund, ...]
    totals: Totals

    def refunded(self, line: LineItemId) -> Sequence[RefundedLine]:
        """Return what refunds took out of a line."""
        return [one for refund in self.refunds for one in refund.lines if one.line == line]

    def payable(self, net: Amount, tax: Amount, duties: Amount) -> Amount:
        """Return what a customer pays for something, all in."""
        return payable(net, tax, duties, taxes_included=self.taxes_included, duties_included=self.duties_included)


def taxes_of(taxes: Sequence[Tax], amount: Amount, currencies: Currencies) -> tuple[Tax, ...]:
    """Return the taxes coming to `amount` together, each in proportion to what it was in the shop's currency."""
    if not taxes:
        return ()
    parts = divided(amount, [abs(tax.amount.shop) for tax in taxes], currencies)
    return tuple(Tax(tax.title, tax.rate, part) for tax, part in zip(taxes, parts, strict=True))
