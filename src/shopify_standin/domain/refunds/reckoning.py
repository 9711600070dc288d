"""What units of an order are worth, and by which payments money can go back."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from shopify_standin.model.sales import LineItem, Order, Transaction
from shopify_standin.money import NOTHING, Bag


@dataclass(frozen=True, slots=True)
class Worth:
    """Price after discounts, and tax."""

    subtotal: Bag
    tax: Bag

    def __add__(self, other: "Worth") -> "Worth":
        return Worth(self.subtotal + other.subtotal, self.tax + other.tax)


NO_WORTH = Worth(NOTHING, NOTHING)


def worth_of(line: LineItem, units: int) -> Worth:
    """What `units` of a line cost; all that are left get what rounding left over."""
    if not line.quantity:
        return NO_WORTH
    share = Decimal(units) / line.quantity
    net = line.current_total if units == line.current_quantity else line.net_unit_price * units
    return Worth(net, sum((tax.price.part(share) for tax in line.tax_lines), NOTHING))


def total_of(order: Order, worth: Worth) -> Bag:
    """What the customer paid for it."""
    return worth.subtotal if order.taxes_included else worth.subtotal + worth.tax


def refundable(order: Order, payment: Transaction) -> Bag:
    """What of a payment was not given back yet."""
    if payment.kind not in {"SALE", "CAPTURE"} or payment.status != "SUCCESS":
        return NOTHING
    back = (t.amount for t in order.transactions if t.kind == "REFUND" and t.parent_id == payment.id)
    return payment.amount - sum(back, NOTHING)


def spread(order: Order, amount: Bag) -> Iterator[tuple[Transaction, Bag]]:
    """Divide an amount over the payments that can give it back, the oldest first."""
    left = amount
    for payment in order.transactions:
        part = refundable(order, payment).at_most(left)
        if part.shop > 0:
            left = left - part
            yield payment, part
