"""Packages that left, and whose fulfillments somebody cancelled on Shopify. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from crossdock.flows.orders.sight import Sight, Undone
from crossdock.model.answer import Word
from crossdock.model.cause import Cause, Hold
from crossdock.model.names import LineItemId
from crossdock.model.order import Order


@dataclass(frozen=True, slots=True)
class CountNoMore:
    """Note that Shopify counts a package no longer, as a person left it."""

    undone: Undone
    name: str

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        return f"Leave it at that: Shopify does not count package {self.undone.package}."

    @property
    def story(self) -> str:
        """What was done."""
        return f"{self.name}: Shopify does not count package {self.undone.package}; its goods are not asked for again."


def undone(sight: Sight, order: Order) -> tuple[Sequence[CountNoMore], Sequence[Hold]]:
    """Return what a person left at that, and what is to be asked."""
    left, asked = [], []
    for one in sight.left.undone:
        what = f"package {one.package} left, and its fulfillment {one.fulfillment} is cancelled on Shopify."
        detail = f"{order.name}: {what}"
        said = sight.answered
        if said is not None and said.word is Word.LEAVE and said.stands_for(detail):
            left.append(CountNoMore(one, order.name))
        else:
            asked.append(Hold(Cause.FULFILLMENT_CANCELLED, detail))
    return left, asked


def goods(sight: Sight, order: Order) -> Collection[LineItemId]:
    """Return what is in those packages: it is asked for by nobody until a person has said what became of it."""
    items = {line.id: line.line_item for fo in order.fulfillment_orders for line in fo.lines}
    return {items[line] for one in sight.left.undone for line, _ in one.contents if line in items}
