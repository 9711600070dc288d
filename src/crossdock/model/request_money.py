"""The part of an order's money that goes with one request to a backend."""

from dataclasses import dataclass

from crossdock.model.money import NOTHING, Amount, Currencies, payable, total
from crossdock.model.names import FulfillmentOrderLineId, LineItemId
from crossdock.model.order_money import Charge
from crossdock.model.standing import Worth


@dataclass(frozen=True, slots=True)
class LineShare:
    """What the units of one request line cost; `reference` is the request line's, `line` the order line's."""

    reference: FulfillmentOrderLineId
    line: LineItemId
    worth: Worth


@dataclass(frozen=True, slots=True)
class RequestMoney:
    """
    What the goods of one request cost, and which charges of the order go with it.

    Over all requests of an order, and what no request ships, the totals sum to `order_total`: Shopify's total, to the
    cent, in both currencies. Charges (shipping, tip, fees) go with one request of the order and no other.
    """

    currencies: Currencies
    taxes_included: bool
    duties_included: bool
    lines: tuple[LineShare, ...]
    charges: tuple[Charge, ...]
    order_total: Amount = NOTHING

    @property
    def total(self) -> Amount:
        """What the customer pays for this request, all in."""
        lines = [self.payable(one.worth.net, one.worth.tax, one.worth.duties) for one in self.lines]
        return total(lines) + total([self.payable(one.net, one.tax, NOTHING) for one in self.charges])

    def payable(self, net: Amount, tax: Amount, duties: Amount) -> Amount:
        """Return what a customer pays for something, all in."""
        return payable(net, tax, duties, taxes_included=self.taxes_included, duties_included=self.duties_included)
