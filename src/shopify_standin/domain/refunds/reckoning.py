"""What a customer paid for units of an order, and by which payments money can go back."""

from collections.abc import Iterator

from shopify_standin.model.sales import Order, Transaction, Worth
from shopify_standin.money import NOTHING, Bag


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
