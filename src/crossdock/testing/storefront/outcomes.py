"""What comes of returns: money that goes back, and goods that are sent instead."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from crossdock.kit.errors import TryAgain
from crossdock.model.catalog import Variant
from crossdock.model.money import Money
from crossdock.model.names import ExchangeLineId, PaymentId, ReturnId, ReturnLineId, Units
from crossdock.model.returning import ExchangeLine, Owed, Refund
from crossdock.testing.storefront.orders import Orders
from crossdock.testing.storefront.returns import Returns
from crossdock.testing.storefront.sales import Sales

EXCHANGE_PRICE = Decimal(10)
"""What a unit costs that a customer gets instead of another."""


class Outcomes:
    """Processes the store's returns, and sells what their customers want instead."""

    def __init__(self, orders: Orders, sales: Sales, returns: Returns, numbers: Iterator[int]) -> None:
        self._orders = orders
        self._sales = sales
        self._returns = returns
        self._numbers = numbers
        self._wanted: dict[ExchangeLineId, Variant] = {}
        self.refunds: list[tuple[ReturnId, Money]] = []
        """Every refund that was made for what came back."""

    def want(self, id_: ReturnId, instead: Variant, units: int) -> None:
        """Let a customer want so many units of another variant for what they return."""
        exchange = ExchangeLineId(f"gid://shopify/ExchangeLineItem/{next(self._numbers)}")
        self._wanted[exchange] = instead
        lines = (ExchangeLine(exchange, Units(units), Units(units)),)
        self._returns.put(replace(self._returns[id_], exchanges=lines))

    def suggested(
        self,
        id_: ReturnId,
        lines: Sequence[tuple[ReturnLineId, Units]],
        exchanges: Sequence[tuple[ExchangeLineId, Units]],
    ) -> Refund | Owed | None:
        """Return what the units cost, less what is sent instead."""
        found = self._returns[id_]
        order = self._orders[found.order]
        prices = {line.id: line.unit_price for line in order.lines}
        prices_of = {line.id: prices[line.line_item] for line in found.lines}
        amount = sum(prices_of[line].amount * units for line, units in lines)
        amount -= EXCHANGE_PRICE * sum(units for _, units in exchanges)
        if not amount:
            return None
        money = Money(Decimal(abs(amount)), order.total.currency)
        if amount < 0:
            return Owed(money)
        return Refund(money, ((PaymentId("gid://shopify/OrderTransaction/1"), money),))

    def process(
        self,
        id_: ReturnId,
        lines: Sequence[tuple[ReturnLineId, Units]],
        refund: Refund | None,
        exchanges: Sequence[tuple[ExchangeLineId, Units]],
    ) -> None:
        """Undo the sale of units and send others. Raises TryAgain for more units than are left."""
        found, asked, instead = self._returns[id_], dict(lines), dict(exchanges)
        if (
            found.status != "OPEN"
            or any(asked.get(one.id, 0) > one.units - one.processed for one in found.lines)
            or any(instead.get(line.id, 0) > line.left for line in found.exchanges)
        ):
            raise TryAgain("The fake store: return status is invalid, or its line has an invalid quantity.")
        done = (replace(one, processed=Units(one.processed + asked.get(one.id, 0))) for one in found.lines)
        left = (replace(line, left=Units(line.left - instead.get(line.id, 0))) for line in found.exchanges)
        self._returns.put(replace(found, lines=tuple(done), exchanges=tuple(left)))
        for exchange, units in exchanges:
            self._sales.add(found.order, self._wanted[exchange], units)
        if refund is not None:
            self.refunds.append((id_, refund.amount))
