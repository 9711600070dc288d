"""Returns: what customers send back of what was fulfilled, and what became of it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from crossdock.kit.errors import TryAgain
from crossdock.model.names import (
    FulfillmentLineId,
    OrderId,
    ReturnId,
    ReturnLineId,
    ReverseLineId,
    ReverseOrderId,
    Units,
)
from crossdock.model.order import Order, OrderLine
from crossdock.model.returning import Disposal, Disposed, Return, Returnable, ReturnLine, ReverseLine
from crossdock.testing.storefront.catalog import Catalog
from crossdock.testing.storefront.levels import Levels
from crossdock.testing.storefront.orders import Orders

_SHOWN = (("REQUESTED", "RETURN_REQUESTED"), ("OPEN", "IN_PROGRESS"), ("CLOSED", "RETURNED"))
"""What an order shows of its returns: what goes for the first status that one of them has."""


class Returns:
    """Returns by their ids, in the order in which they came."""

    def __init__(self, catalog: Catalog, levels: Levels, orders: Orders, numbers: Iterator[int]) -> None:
        self._catalog = catalog
        self._levels = levels
        self._orders = orders
        self._numbers = numbers
        self._returns: dict[ReturnId, Return] = {}

    def __getitem__(self, id_: ReturnId) -> Return:
        return self._returns[id_]

    def __iter__(self) -> Iterator[Return]:
        return iter(tuple(self._returns.values()))

    def put(self, changed: Return) -> None:
        """Have a return, as it is given."""
        self._returns[changed.id] = changed

    def of(self, order: OrderId) -> Sequence[Return]:
        """Return all returns of an order."""
        return [one for one in self if one.order == order]

    def turn(self, id_: ReturnId, status: str) -> None:
        """Let a return have this status, as Shopify spells it, and its order show it."""
        self.put(replace(self[id_], status=status))
        self._show(self[id_].order)

    def approve(self, id_: ReturnId) -> None:
        """Approve a requested return. Raises TryAgain where it is not requested any more."""
        if self[id_].status != "REQUESTED":
            raise TryAgain("The fake store: return is not approvable.")
        self.turn(id_, "OPEN")

    def shorten(self, id_: ReturnId, units: int) -> None:
        """Let a return be of so many units of its first line."""
        first, *others = self[id_].lines
        self.put(replace(self[id_], lines=(replace(first, units=Units(units)), *others)))

    def returnable(self, order: OrderId) -> Sequence[Returnable]:
        """Return what of an order's fulfillments no return speaks for."""
        return [
            Returnable(line, one.variant, Units(left))
            for line, one, units in _fulfilled(self._orders[order])
            if (left := units - self._spoken_for(line)) > 0
        ]

    def send_back(self, order: OrderId, units: int, status: str) -> ReturnId:
        """Let a customer return so many units of an order's first fulfilled line."""
        line, *_ = _fulfilled(self._orders[order])[0]
        return self._make(order, [(line, Units(units))], "", status)

    def create(self, order: OrderId, lines: Sequence[tuple[FulfillmentLineId, Units]], note: str) -> ReturnId:
        """Create an approved return. Raises TryAgain for more units than are left."""
        shipped = {line: units for line, _, units in _fulfilled(self._orders[order])}
        if any(units > shipped.get(line, 0) - self._spoken_for(line) for line, units in lines):
            raise TryAgain("The fake store: return line item has an invalid quantity.")
        return self._make(order, lines, note, "OPEN")

    def dispose(self, disposal: Disposal) -> None:
        """Note what became of units. Raises TryAgain for more than are returned."""
        found = next(one for one in self if disposal.line in {way.id for way in one.reverse_lines})
        ways = []
        for way in found.reverse_lines:
            if way.id != disposal.line:
                ways.append(way)
                continue
            if disposal.units > way.total - sum(done.units for done in way.disposed):
                raise TryAgain("The fake store: cannot dispose more items than are returned.")
            new = Disposed(disposal.type, disposal.location, disposal.units)
            ways.append(replace(way, disposed=(*way.disposed, new)))
            line = next(one for one in found.lines if one.fulfillment_line == way.fulfillment_line)
            if disposal.type == "RESTOCKED" and disposal.location is not None and line.variant is not None:
                item = self._catalog.variant(line.variant).inventory_item
                self._levels.restock((item, disposal.location), disposal.units)
        self.put(replace(found, reverse_lines=tuple(ways)))

    def _spoken_for(self, line: FulfillmentLineId) -> int:
        living = (one for one in self if one.status not in {"DECLINED", "CANCELED"})
        return sum(row.units for one in living for row in one.lines if row.fulfillment_line == line)

    def _make(
        self, id_: OrderId, wanted: Sequence[tuple[FulfillmentLineId, Units]], note: str, status: str
    ) -> ReturnId:
        number, order = next(self._numbers), self._orders[id_]
        shipped = {line: one for line, one, _ in _fulfilled(order)}
        lines, ways = [], []
        for line, units in wanted:
            row, one = next(self._numbers), shipped[line]
            returned = ReturnLineId(f"gid://shopify/ReturnLineItem/{row}")
            way = ReverseLineId(f"gid://shopify/ReverseFulfillmentOrderLineItem/{row}")
            lines.append(
                ReturnLine(
                    returned, line, one.id, one.variant, one.sku, one.title, units, Units(0), "changed-my-mind", note
                )
            )
            reverse = ReverseOrderId(f"gid://shopify/ReverseFulfillmentOrder/{number}")
            ways.append(ReverseLine(way, reverse, line, units, ()))
        made = ReturnId(f"gid://shopify/Return/{number}")
        name = f"{order.name}-R{len(self.of(id_)) + 1}"
        self.put(Return(made, name, id_, status, tuple(lines), tuple(ways)))
        self._show(id_)
        return made

    def _show(self, id_: OrderId) -> None:
        states = {one.status for one in self.of(id_)}
        status = next((name for state, name in _SHOWN if state in states), "NO_RETURN")
        self._orders.change(replace(self._orders[id_], return_status=status))


def _fulfilled(order: Order) -> list[tuple[FulfillmentLineId, OrderLine, int]]:
    """Return the fulfilled lines of an order, each with its units; one of the fake store is named after both."""
    lines = {line.id: line for line in order.lines}
    return [
        (FulfillmentLineId(f"{one.id}/{line}"), lines[line], units)
        for one in order.fulfillments
        if not one.cancelled
        for line, units in one.lines
    ]
