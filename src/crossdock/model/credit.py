"""A refund as books take it: a credit document for the backend, and refunds that a backend asks for."""

from dataclasses import dataclass
from datetime import datetime

from crossdock.model.money import NOTHING, Amount, Currencies, Money, payable, total
from crossdock.model.names import ItemCode, LineItemId, OrderId, RefundId, RefundKey, Sku, Units


@dataclass(frozen=True, slots=True)
class CreditLine:
    """
    What went back for units of one order line: what they cost after discounts, with their taxes and duties.

    `item` is None where the line is tied to none. `restock` keeps Shopify's spelling: units of CANCEL never shipped, so
    an order that was amended or stopped for them does not hold them any more.
    """

    line: LineItemId
    item: ItemCode | None
    sku: Sku | None
    title: str
    units: Units
    subtotal: Amount
    tax: Amount
    duties: Amount
    restock: str


@dataclass(frozen=True, slots=True)
class Credit:
    """
    One refund, to the cent, in both currencies; none of them is converted by us.

    `key` is the refund's id: one document for each. `name` is what people call it (`#1001-C1`). `total` is what Shopify
    says that went back, and always `listed` and `adjustment` together: the adjustment is what went back beyond goods
    and shipping, or less, for the reason that Shopify gives; empty where it gives none. `asked` is the backend's own
    name for the refund where it asked for it.
    """

    key: RefundId
    name: str
    order: OrderId
    order_name: str
    made_at: datetime
    currencies: Currencies
    taxes_included: bool
    duties_included: bool
    lines: tuple[CreditLine, ...]
    shipping: Amount
    shipping_tax: Amount
    adjustment: Amount
    reason: str
    total: Amount
    asked: RefundKey | None = None

    @property
    def listed(self) -> Amount:
        """What goods and shipping of it come to, all in."""
        goods = [self._payable(one.subtotal, one.tax, one.duties) for one in self.lines]
        return total(goods) + self._payable(self.shipping, self.shipping_tax, NOTHING)

    def _payable(self, net: Amount, tax: Amount, duties: Amount) -> Amount:
        return payable(net, tax, duties, taxes_included=self.taxes_included, duties_included=self.duties_included)


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """
    Money that a backend asks to be given back to an order's customer, in the currency in which the customer paid.

    `key` is the backend's own and stays with the request; `answered` says that the backend knows what became of it.
    """

    key: RefundKey
    order: OrderId
    amount: Money
    reason: str
    answered: bool = False


@dataclass(frozen=True, slots=True)
class RefundAnswer:
    """What became of a refund that a backend asked for: made, as this refund, or declined; `said` is for people."""

    made: bool
    refund: RefundId | None
    said: str
