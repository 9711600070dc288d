"""What an order wants of each level, and what a change of that means to the stock there. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from crossdock.model.ledger import CLOCKS_APART, News
from crossdock.model.names import FulfillmentOrderLineId, InventoryItemId, LineItemId, LocationId, Units
from crossdock.model.order import Order


@dataclass(frozen=True, slots=True)
class Commitment:
    """One fulfillment order line: units of an item wanted from a location, and how many of them are left."""

    line: FulfillmentOrderLineId
    item: InventoryItemId
    location: LocationId
    total: Units
    remaining: Units


LevelChange: TypeAlias = tuple[News, InventoryItemId, LocationId, int | None]
"""What is learned of one level, with units where they are known."""


@dataclass(frozen=True, slots=True)
class Learned:
    """
    What a look at an order learned of its wants. False where nothing is new.

    `wanted` are lines that are new or changed, `gone` those that are no more; `news` is what that means to levels,
    with units where they are known.
    """

    wanted: tuple[Commitment, ...] = ()
    gone: tuple[FulfillmentOrderLineId, ...] = ()
    news: tuple[LevelChange, ...] = ()
    placed_at: datetime | None = None

    def __bool__(self) -> bool:
        """Say whether anything is new."""
        return bool(self.wanted or self.gone)

    @property
    def items(self) -> Sequence[InventoryItemId]:
        """The items that this is news for, each once."""
        return sorted({item for _, item, _, _ in self.news})


def learned(known: Sequence[Commitment], order: Order | None, believed_since: datetime) -> Learned:
    """
    Compare what an order wants with what it was last seen to want; `order` is None where Shopify shows it no more.

    `believed_since` is when the oldest belief began that an order may be missing in. The lines of an order that was
    never seen are a sale, unless some of it was taken back before: then the level may have been read in between. What
    an order wants newly later may be an edit, a split or a move, and says nothing about what became of `available`.
    """
    before = {one.line: one for one in known}
    now = {} if order is None else _wants(order)
    # Of old orders that are done with nothing is kept: every belief began after whatever became of them.
    if order is not None and not before and not any(one.remaining for one in now):
        now = {} if order.updated_at < believed_since - CLOCKS_APART else now
    gone = before.keys() - {one.line for one in now}
    changed = [one for one in now if before.get(one.line) != one]
    news: list[LevelChange] = [(News.CHANGED, *_level(before[line]), None) for line in gone]
    for one in changed:
        news += _news(before.get(one.line), one, accounted=now[one], first=not before)
    return Learned(
        wanted=tuple(changed),
        gone=tuple(sorted(gone)),
        news=tuple(sorted(one for one in news if one[0] is not News.CHANGED)) + tuple(sorted(_once(news))),
        placed_at=None if order is None else order.created_at,
    )


def _wants(order: Order) -> dict[Commitment, bool]:
    """What an order wants of levels; True where shipments account for every unit that was ordered and is not left."""
    parts = [(fo, line) for fo in order.fulfillment_orders for line in fo.lines]
    shipped = Counter[LineItemId]()
    for fulfillment in order.fulfillments:
        if fulfillment.status != "CANCELLED":
            shipped.update(fulfillment.units)
    ordered = {line.id: line.quantity for line in order.lines}
    done, wanted = Counter[LineItemId](), Counter[LineItemId]()
    for _, line in parts:
        done[line.line_item] += line.total - line.remaining
        wanted[line.line_item] += line.total
    return {
        Commitment(line.id, line.inventory_item, fo.location, line.total, line.remaining): (
            done[line.line_item] == shipped[line.line_item] and wanted[line.line_item] >= ordered.get(line.line_item, 0)
        )
        for fo, line in parts
        if fo.location is not None and line.inventory_item is not None
    }


def _news(before: Commitment | None, now: Commitment, *, accounted: bool, first: bool) -> list[LevelChange]:
    if first and accounted:
        sold: LevelChange = (News.SOLD, *_level(now), now.total)
        gone = now.total - now.remaining
        return [sold, (News.FULFILLED, *_level(now), gone)] if gone else [sold]
    if before is None:
        return [(News.CHANGED, *_level(now), None)]
    if accounted and (_level(before), before.total) == (_level(now), now.total) and now.remaining < before.remaining:
        return [(News.FULFILLED, *_level(now), before.remaining - now.remaining)]
    return [(News.CHANGED, *_level(before), None), (News.CHANGED, *_level(now), None)]


def _once(news: Sequence[LevelChange]) -> set[LevelChange]:
    return {one for one in news if one[0] is News.CHANGED}


def _level(one: Commitment) -> tuple[InventoryItemId, LocationId]:
    return one.item, one.location
