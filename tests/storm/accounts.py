"""
Who oversold. At every write of the hub: does Shopify now offer more than the warehouse can still promise?

Whatever people did is theirs: goods counted away after they were offered, a level raised by hand, units put back in
stock that the warehouse still keeps for the order. The hub answers for what its own writes add to that, and for what
it could have known: what people did before its look began is no excuse.
"""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.storm.stage import Stage
from tests.storm.store import LevelKey, StormStore

Place = tuple[str, LevelKey]


@dataclass(frozen=True, slots=True)
class Oversold:
    """A write of the hub that offered so many units too many."""

    step: int
    store: str
    what: str
    units: int
    by: str


@dataclass
class Accounts:
    """Keeps account of every level of a storm."""

    stage: Stage
    writes: int = 0
    oversold: list[Oversold] = field(default_factory=list)
    meddled: Counter[Place] = field(default_factory=Counter)
    """By how many units people moved a level in the shop against the warehouse, up and down together."""
    taken: Counter[Place] = field(default_factory=Counter)
    """
    How many units people took out of what Shopify counts, or put in: by hand, by shipping them, by cancelling an order
    and not putting them back. The warehouse may have them all the same, or give them back later.
    """
    _raised: dict[Place, list[tuple[int, int]]] = field(default_factory=dict)
    _decided: dict[str, int] = field(default_factory=dict)

    @asynccontextmanager
    async def people(self, store: StormStore, *, meddle: bool) -> AsyncIterator[None]:
        """Let people do something, and write down by how much it raised what is offered beyond the promise."""
        before = await store.truth()
        yield
        for level, now in (await store.truth()).items():
            place, moved = (store.name, level), now.excess - before[level].excess
            if moved > 0:
                self._raised.setdefault(place, []).append((self.stage.step, moved))
            if meddle:
                self.meddled[place] += abs(moved)
                was = before[level]
                self.taken[place] += abs(now.available + now.committed - was.available - was.committed)

    def tried(self, key: str) -> None:
        """Note since when the hub could know what a write rests on: a repeat is no new decision."""
        actor = self.stage.acting()
        self._decided.setdefault(key, actor.look_began if actor else self.stage.step)

    @asynccontextmanager
    async def write(self, store: StormStore, key: str) -> AsyncIterator[None]:
        """Let the hub write levels, and look at what that did."""
        before = await store.truth()
        yield
        actor = self.stage.acting()
        for level, now in (await store.truth()).items():
            if now.available == before[level].available:
                continue
            self.writes += 1
            raised = self._raised.get((store.name, level), ())
            # Where the rules let stand what people did, all of it stays theirs.
            theirs = sum(units for step, units in raised if store.people_stand or step >= self._decided[key])
            if store.adds:
                # Additions never make up for what was taken on too late, nor for what left from elsewhere.
                unknown = store.accepted_too_late() + store.left_elsewhere(await store.work())
                theirs = max(theirs, self.taken[store.name, level]) + unknown[level]
            beyond = now.excess - max(0, before[level].excess, theirs)
            if beyond > 0:
                what = store.shop.sku(store.shop.level(*level))
                by = actor.name if actor else "the hub"
                self.oversold.append(Oversold(self.stage.step, store.name, what, beyond, by))
                self.stage.tell("ACCOUNTS", f"{what}: {beyond} units too many are offered ({now})")
