"""What people are shown of an order's money, as of the last look."""

from dataclasses import dataclass

from crossdock.model.money import Amount, Currencies
from crossdock.model.order_money import Totals
from crossdock.model.payment import Payment


@dataclass(frozen=True, slots=True)
class Account:
    """
    What an order comes to and how it is paid, by Shopify's own figures.

    `findings` say in words what of it does not sum up, and what a backend was told that is no longer so.
    """

    currencies: Currencies
    taxes_included: bool
    totals: Totals
    received: Amount
    paid_back: Amount
    outstanding: Amount
    payment: Payment
    findings: tuple[str, ...]

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """Name and amount of all that there is, as a person reads it; what is nothing is left out."""
        tax = "Taxes, in the prices" if self.taxes_included else "Taxes"
        amounts = [
            ("Goods", self.totals.goods),
            ("Shipping", self.totals.shipping),
            (tax, self.totals.tax),
            ("Duties", self.totals.duties),
            ("Fees", self.totals.fees),
            ("Tip", self.totals.tip),
            ("Paid", self.received),
            ("Paid back", self.paid_back),
            ("Still owed", self.outstanding),
        ]
        shown = tuple((name, amount.written(self.currencies)) for name, amount in amounts if amount)
        how = f"{self.payment.method.words}: {', '.join(self.payment.gateways) or 'no gateway yet'}"
        return (("Total", self.totals.total.written(self.currencies)), *shown, ("Payment", how))
