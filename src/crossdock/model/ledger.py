"""
What the hub believes Shopify holds of one item at one location, and how news moves that belief. Pure.

A belief begins with a read of Shopify's level and lives on by what is learned: a sale takes its units off once, our own
write sets it. It is what a write is compared with, so a wrong belief never overwrites anything: Shopify refuses, and
the level is read again. What must not happen is that a belief is right by accident, while a sale that the hub knows
nothing of hides behind it; `trust` says what the belief is good for.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final, assert_never

from crossdock.model.names import InventoryItemId, LocationId, Units
from crossdock.model.stock import InventoryLevel

CLOCKS_APART: Final = timedelta(seconds=10)
"""How far Shopify's clock and ours may differ, and its times are whole seconds: nearer than this, order is unknown."""


BELIEVED_FOR: Final = timedelta(hours=20)
"""A belief older than this is compared with Shopify at the next look, so that each level is read once a day."""


class Trust(StrEnum):
    """What a belief is good for."""

    EXACT = "exact"
    """Every sale that the hub knows is in it, and nothing else is known to have happened: write on it."""

    FULFILLED = "fulfilled"
    """Right, but something of what was committed has been shipped since: read."""

    DOUBTED = "doubted"
    """Shopify said something else, refused a write that compared with it, or a write has no known end: read."""

    LOST = "lost"
    """An order was changed, and nobody says what that did to the stock: read, and compare with nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """
    One level as the hub keeps account of it. Units.

    `committed` is what Shopify has sold there and not fulfilled. The base of both was read between `read_from` and
    `read_to` (the database's clock). `shipped` were learned to be shipped since, before that reading or after it, so
    that so many fewer may be committed. `unproven` is since when a reading does not add up, until every order that
    wants something of the level was looked at again; `suspect` by how many units it is off, None where nobody can say.
    `kept` are units that were edited by hand in Shopify and that a person or a rule let stand. `accepted` counts all
    units that the backend ever took on and did not give back; `supplied` is the backend's supply that Shopify was
    last told of, None where the two never stood for the same. `push` names a write whose end is not known, `pushing`
    is what it sets (absolute mode) or adds (delta mode). `version` grows each time the row is kept.
    """

    item: InventoryItemId
    location: LocationId
    believed: Units
    committed: Units
    trust: Trust
    read_from: datetime
    read_to: datetime
    shipped: int = 0
    unproven: datetime | None = None
    suspect: int | None = None
    kept: int = 0
    accepted: int = 0
    supplied: int | None = None
    push: str | None = None
    pushing: int | None = None
    written_at: datetime | None = None
    version: int = 0

    @property
    def level(self) -> tuple[InventoryItemId, LocationId]:
        """Which level this is."""
        return self.item, self.location


@dataclass(frozen=True, slots=True)
class Decided:
    """How a level was last decided: `publish = backend - unseen - buffer`, said in one sentence."""

    publish: int
    backend: int
    unseen: int
    buffer: int
    explained: str
    sequence: int


@dataclass(frozen=True, slots=True)
class Account:
    """A level to keep: the ledger, and how it was decided. `zeroed` says that a write just took it to zero or below."""

    ledger: Ledger
    decided: Decided
    zeroed: bool = False


@dataclass(frozen=True, slots=True)
class AtBackend:
    """
    What the backend has of the units that Shopify still counts as committed at one level, as the orders were last seen.

    `wanted` are all that the orders want there which the hub knows of. `seen` of them are in the backend's hands:
    accepted, and neither shipped, given up nor cancelled. `untold` have left it, Shopify was told or is to be told, and
    its order has not been looked at since; of these, `telling` are under way these minutes.
    `unsettled` are those that Shopify waits for, in the backend's hands or in packages, whose order the backend has
    worked on since it was last looked at, or was asked to change without a known end: it may have given them up.
    `settling` says that this is looked at soon; else it waits for a person.
    `known_to` is when the longest not looked at of the orders was looked at that want something of the level; None
    where none does.
    """

    wanted: Units = Units(0)  # noqa: RUF009 - a NewType's call returns its argument, an immutable int
    seen: Units = Units(0)  # noqa: RUF009
    telling: Units = Units(0)  # noqa: RUF009
    untold: Units = Units(0)  # noqa: RUF009
    unsettled: Units = Units(0)  # noqa: RUF009
    known_to: datetime | None = None
    settling: bool = False


@dataclass(frozen=True, slots=True)
class Drift:
    """Shopify held `units` more than expected, and no order explains it. `done` is what was made of it."""

    item: InventoryItemId
    location: LocationId
    units: int
    found: Units
    done: str


class News(StrEnum):
    """What is learned of a level."""

    SOLD = "sold"
    """A new order wants units there."""

    FULFILLED = "fulfilled"
    """Units that were wanted there have been shipped."""

    CHANGED = "changed"
    """What is wanted there changed in some other way: cancelled, edited, moved, held back, put back in stock."""

    HEARD = "heard"
    """Shopify says what it holds."""

    ACCEPTED = "accepted"
    """The backend took units on; fewer than none where it gave some back."""

    KEEP = "keep"
    """A person lets a hand-made edit stand."""

    REVERT = "revert"
    """A person wants a hand-made edit undone."""


@dataclass(frozen=True, slots=True)
class LevelNews:
    """
    One thing learned of a level. `units` are Shopify's `available` for HEARD, and None where they do not matter.

    `at` is when the order was placed for SOLD, and when the level changed for HEARD, by Shopify's clock.
    """

    id: int
    item: InventoryItemId
    location: LocationId
    kind: News
    units: int | None
    at: datetime | None


def moved(ledger: Ledger, news: Sequence[LevelNews]) -> Ledger:
    """Return the ledger after this news of its level, each taken in once, in the order in which it was learned."""
    for one in news:
        ledger = _after(ledger, one)
    heard = max((one for one in news if one.kind is News.HEARD), key=_said_at, default=None)
    if heard is not None and heard.units != ledger.believed:
        return _at_most(ledger, Trust.DOUBTED)
    return ledger


def _said_at(news: LevelNews) -> tuple[datetime, int]:
    return news.at or datetime.min.replace(tzinfo=UTC), news.id


def _after(ledger: Ledger, news: LevelNews) -> Ledger:
    units = news.units or 0
    match news.kind:
        case News.SOLD:
            return _sold(ledger, units, news.at)
        case News.FULFILLED:
            return _at_most(replace(ledger, suspect=None, shipped=ledger.shipped + units), Trust.FULFILLED)
        case News.CHANGED:
            return _at_most(replace(ledger, suspect=None), Trust.LOST)
        case News.HEARD:
            return ledger
        case News.ACCEPTED:
            return replace(ledger, accepted=ledger.accepted + units)
        case News.KEEP:
            return replace(ledger, kept=ledger.kept + (ledger.suspect or 0), suspect=None)
        case News.REVERT:
            # In delta mode nothing but this would ever undo it.
            supplied = None if ledger.supplied is None else ledger.supplied + (ledger.suspect or 0)
            return replace(ledger, kept=0, supplied=supplied, suspect=None)
        case _:
            assert_never(news.kind)


def _sold(ledger: Ledger, units: int, placed_at: datetime | None) -> Ledger:
    if placed_at is not None and placed_at > ledger.read_to + CLOCKS_APART:
        committed, believed = Units(ledger.committed + units), Units(ledger.believed - units)
        return replace(ledger, committed=committed, believed=believed)
    # It may be what did not add up.
    ledger = replace(ledger, suspect=None)
    if placed_at is not None and placed_at < ledger.read_from - CLOCKS_APART:
        return ledger  # it was sold when we read; we only learn of it now
    return _at_most(ledger, Trust.DOUBTED)


_FROM_BEST = (Trust.EXACT, Trust.FULFILLED, Trust.DOUBTED, Trust.LOST)


def _at_most(ledger: Ledger, trust: Trust) -> Ledger:
    return replace(ledger, trust=max(ledger.trust, trust, key=_FROM_BEST.index))


def doubted(ledger: Ledger) -> Ledger:
    """Return the ledger after Shopify refused a write because it holds something else."""
    return _at_most(replace(ledger, push=None, pushing=None), Trust.DOUBTED)


def read_anew(
    before: Ledger | None, level: InventoryLevel, seen: Units, read_from: datetime, read_to: datetime
) -> Ledger:
    """
    Return the ledger after Shopify's level was read; `before` is what was believed, None where nothing was.

    New sales explain a reading (as many more committed as fewer available), and so do shipments (fewer committed and
    nothing else) and orders that were cancelled or moved before they were ever looked at (as many fewer committed as
    more available); else somebody is suspected, by no number where a write of ours may be in it too. But wherever it is
    not what was expected, and the backend holds goods for orders there (`seen`), a sale may hide behind an order that
    was shipped or cancelled and that the hub still counts.
    """
    fresh = Ledger(
        item=level.item,
        location=level.location,
        believed=level.available,
        committed=level.committed,
        trust=Trust.EXACT,
        read_from=read_from,
        read_to=read_to,
    )
    if before is None:
        return replace(fresh, unproven=read_to if seen else None)
    lost = before.trust is Trust.LOST
    differs = not lost and not _explained(before, level)
    vague = lost or not _unmoved(before, level)
    suspect = _difference(before, level) if differs else before.suspect
    return replace(
        before,
        believed=fresh.believed,
        committed=fresh.committed,
        trust=fresh.trust,
        read_from=read_from,
        read_to=read_to,
        shipped=0,
        unproven=read_to if differs or (vague and seen) else before.unproven,
        suspect=None if lost else suspect,
        push=None,
        pushing=None,
    )


def _unmoved(before: Ledger, level: InventoryLevel) -> bool:
    """Tell whether nothing happened but what was learned: a sale that hides takes something off what is available."""
    known = before.committed - before.shipped <= level.committed <= before.committed
    return known and level.available in {before.believed, before.pushing}


def _explained(before: Ledger, level: InventoryLevel) -> bool:
    """Tell whether what orders do leads to this reading, from the belief or from a write whose answer was lost."""
    return any(
        level.available in _after_orders(before, level, units)
        for units in (before.believed, before.pushing)
        if units is not None
    )


def _difference(before: Ledger, level: InventoryLevel) -> int | None:
    """Return how far a reading is from all that orders explain; None where ours may be a part of that."""
    if before.pushing is not None:
        return None
    explained = _after_orders(before, level, before.believed)
    return level.available - min(max(level.available, explained[0]), explained[-1])


def _after_orders(before: Ledger, level: InventoryLevel, units: int) -> range:
    """
    Return what is left of `units`: what is committed says how many were sold, and what was shipped may hide more.

    Fewer committed than any shipment explains may have been let go, to be sold again.
    """
    fewest = max(0, level.committed - before.committed)
    most = max(0, level.committed - before.committed + before.shipped)
    let_go = max(0, before.committed - before.shipped - level.committed)
    return range(units - most, units - fewest + let_go + 1)


def proven(ledger: Ledger, known_to: datetime | None) -> bool:
    """
    Tell whether nothing can hide behind what the hub counts there.

    `known_to` is when the longest not looked at of the orders was looked at that want something of the level, None
    where none does.
    """
    return ledger.unproven is None or known_to is None or known_to >= ledger.unproven
