"""
What to write of one item's stock. Pure.

Shopify's figure is lowered on belief alone: the write compares, and lowering offers nobody more. That holds while a
person is asked about a hand-made edit, too: what the warehouse lost meanwhile is off sale. It is raised only where
nothing can hide a sale: where what Shopify has adds up with what the hub knows, or once every order that wants
something of the level was looked at again. And only as far as is sure: what the backend may have given up since the
hub last looked at its orders is back on its shelf, and still counted as theirs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, assert_never

from crossdock.flows.inventory.figure import Figure
from crossdock.flows.inventory.formula import Formula
from crossdock.flows.inventory.sight import Sight
from crossdock.model.called import called
from crossdock.model.cause import Cause, Hold
from crossdock.model.connection import InventoryRules, OnDrift, StockMode
from crossdock.model.flow import Flow
from crossdock.model.ledger import BELIEVED_FOR, Account, AtBackend, Decided, Drift, Ledger, Trust, proven
from crossdock.model.names import Units
from crossdock.model.plan import Plan, Wait

UNTIL_TOLD: Final = timedelta(seconds=1)
"""How soon to look again while Shopify is being told of a package."""

ONCE_MORE: Final = timedelta(milliseconds=50)
"""How soon to look again where news came while a level was being read."""

UNTIL_KNOWN: Final = timedelta(seconds=1)
"""How soon to look again while the orders are looked at that want something of a level."""


UNTIL_HEARD: Final = timedelta(minutes=10)
"""How long an order that no webhook told of may be unknown: the sweep finds it by then."""


@dataclass(frozen=True, slots=True)
class Push:
    """
    Bring one level to `target`: set it, if Shopify still holds what we believe, or (delta mode) add the difference.

    `account` is the level as it is kept before the write is tried, `supplied` what Shopify has been told of afterwards.
    `place` is what the location is called.
    """

    account: Account
    target: Units
    mode: StockMode
    supplied: int | None
    place: str

    @property
    def ledger(self) -> Ledger:
        """The level."""
        return self.account.ledger

    @property
    def units(self) -> Units:
        """How many units more Shopify has for sale afterwards; fewer where negative."""
        return Units(self.target - self.ledger.believed)

    @property
    def empties(self) -> bool:
        """Whether this takes a level to nothing that had something."""
        return self.target <= 0 < self.ledger.believed

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        had = self.ledger.believed
        return f"{self.place}: {self.account.decided.explained} (Shopify has {had})."


@dataclass(frozen=True, slots=True)
class Decision:
    """
    What to do about one item, and how its levels are kept whether or not anything is written.

    `to_know` is since when every order that wants something of the item has to be looked at again; None where none.
    """

    plan: Plan[Push]
    to_know: datetime | None = None
    accounts: Sequence[Account] = ()
    drift: Sequence[Drift] = ()


def must_read(sight: Sight, formula: Formula, rules: InventoryRules) -> bool:
    """Say whether Shopify's levels have to be read before anything is decided about an item."""
    if sight.item is None:
        return False
    if not sight.ledgers or not sight.relatives_known:
        return True
    if any(news.location not in sight.ledgers for news in sight.news):
        return True  # it is stocked at one more location
    figures = formula.figures(sight.item, sight.sku, sight.facts)
    for location, ledger in sight.ledgers.items():
        if location not in figures:
            continue
        if ledger.trust is not Trust.EXACT or ledger.push is not None:
            return True
        if ledger.read_to < sight.now - BELIEVED_FOR:
            return True
        if not _adds(ledger, rules) and _may_hide(sight, ledger, _target(ledger, figures[location], rules)):
            return True
    return False


def _may_hide(sight: Sight, ledger: Ledger, target: Units) -> bool:
    """
    Tell whether Shopify may hold what is believed and be sold more of than is known.

    Where a level is sold from, a sale comes to nothing together with an order that was cancelled into stock, or with
    units that a hand put there. So a raise beside open orders rests on a reading. Nor does a belief know how far
    Shopify is with what it is just being told of.
    """
    there = sight.at_backend.get(ledger.location, AtBackend())
    is_sold_from = there.wanted > 0 or ledger.committed > 0
    return (target > ledger.believed and is_sold_from) or (target != ledger.believed and there.telling > 0)


def may_raise(sight: Sight, formula: Formula, rules: InventoryRules) -> bool:
    """Say whether any level of an item may be offered more than it is."""
    if sight.item is None:
        return False
    figures = formula.figures(sight.item, sight.sku, sight.facts)
    return any(
        location in figures and _target(ledger, figures[location], rules) > ledger.believed
        for location, ledger in sight.ledgers.items()
    )


def decide(sight: Sight, formula: Formula, rules: InventoryRules) -> Decision:
    """
    Plan what to write for one item: a row per level that differs from what may be sold there.

    Levels at locations that no warehouse serves are left alone.
    """
    if sight.item is None:
        return Decision(Plan(Flow.INVENTORY, sight.id, sight.id, (), None, ("It is not linked to an item.",)))
    figures = formula.figures(sight.item, sight.sku, sight.facts)
    sure = figures if sight.cautious is None else formula.figures(sight.item, sight.sku, sight.cautious)
    desk = _Desk(sight, rules)
    for location, ledger in sorted(sight.ledgers.items()):
        if location not in figures:
            desk.leave_alone(ledger)
    ledgers = [desk.explained(ledger) for location, ledger in sorted(sight.ledgers.items()) if location in figures]
    # Locations may have their shelves in common: a sale that hides at one would be offered at the other.
    desk.unclear = not sight.relatives_clear or any(
        ledger.unproven is not None or ledger.trust is not Trust.EXACT for ledger in ledgers
    )
    for ledger in ledgers:
        desk.take(ledger, figures[ledger.location], sure[ledger.location])
    if desk.to_know is not None and desk.rest is None:
        desk.rest = Wait(UNTIL_KNOWN, "What Shopify has does not add up before the orders are looked at again.")
    plan = Plan(Flow.INVENTORY, sight.id, str(sight.item), tuple(desk.steps), desk.rest, tuple(desk.notes))
    return Decision(plan, desk.to_know, desk.accounts, desk.drift)


def supply(ledger: Ledger, figure: Figure) -> int:
    """
    Return what the backend supplies of a level, orders aside: it moves only by what is received, counted or lost.

    An accepted order takes its units off the backend's figure and is counted in `accepted`, so the sum stays.
    """
    return figure.backend + ledger.accepted - figure.buffer


def _target(ledger: Ledger, figure: Figure, rules: InventoryRules) -> Units:
    if ledger.supplied is not None and _adds(ledger, rules):
        return Units(ledger.believed + supply(ledger, figure) - ledger.supplied)
    return Units(figure.publish + _still_kept(ledger, figure))


def _adds(ledger: Ledger, rules: InventoryRules) -> bool:
    """Additions begin from a level that was set once, while both sides knew of the same units."""
    return rules.mode is StockMode.DELTA and ledger.supplied is not None


def _still_kept(ledger: Ledger, figure: Figure) -> int:
    """What a hand added or took away stands until the warehouse's own stock moves."""
    return ledger.kept if ledger.supplied in {None, supply(ledger, figure)} else 0


@dataclass
class _Desk:
    """One item's levels, gone through one by one."""

    sight: Sight
    rules: InventoryRules
    steps: list[Push] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    drift: list[Drift] = field(default_factory=list)
    rest: Hold | Wait | None = None
    unclear: bool = False
    patience: timedelta = UNTIL_KNOWN
    to_know: datetime | None = None

    def leave_alone(self, ledger: Ledger) -> None:
        """Keep a level that no warehouse serves; one may be mapped to it some day."""
        nobody = Decided(ledger.believed, 0, 0, 0, "No warehouse serves this location", self.sight.sequence)
        self.accounts.append(Account(ledger, nobody))

    def take(self, ledger: Ledger, figure: Figure, sure: Figure) -> None:
        """Decide about one level; `sure` is its figure, were everything given up that may have been."""
        at_most = _target(ledger, figure, self.rules)
        adds = _adds(ledger, self.rules)
        by_hand = self._in_question(ledger)
        lost = by_hand != 0 and at_most + by_hand < ledger.believed
        if lost:
            # The edit stands for now; what the warehouse lost meanwhile must not be sold all the same.
            self._wait_for(self._until_explained())
            at_most = Units(at_most + by_hand)
        doubt = max(0, figure.offered - sure.offered if adds else figure.publish - sure.publish)
        # What is offered already is not taken back for a doubt.
        target = min(at_most, max(Units(at_most - doubt), ledger.believed))
        unsure = at_most - target
        if unsure and self.sight.settles:
            self._wait_for(Wait(UNTIL_KNOWN, "The warehouse is at work on orders; it may have given up some units."))
        same = not (unsure or lost or self._in_between(ledger))
        supplied = supply(ledger, figure) - unsure if adds or same else None
        if not adds and (self.rules.mode is StockMode.ABSOLUTE or target == ledger.believed):
            ledger = replace(ledger, kept=_still_kept(ledger, figure), supplied=supplied)
        account = Account(ledger, _decided(figure, target, unsure, self.sight.sequence))
        self.accounts.append(account)
        place = called(ledger.location, self.sight.places)
        if target == ledger.believed:
            self.notes.append(f"{place}: {account.decided.explained} (Shopify has {ledger.believed}).")
            return
        wait = self._wait(ledger, target, adds=adds, asks=by_hand != 0 and not lost)
        if wait is None:
            self.steps.append(Push(account, target, StockMode.DELTA if adds else StockMode.ABSOLUTE, supplied, place))
        else:
            self._wait_for(wait)

    def _wait_for(self, wait: Wait) -> None:
        if not isinstance(self.rest, Hold):
            self.rest = wait if self.rest is None else min(self.rest, wait, key=lambda one: one.after)

    def explained(self, ledger: Ledger) -> Ledger:
        """Return the ledger; once its orders are known, what still does not add up was done by somebody else."""
        known_to = self._there(ledger).known_to
        if ledger.unproven is None:
            return ledger
        if not proven(ledger, known_to):
            if ledger.suspect is not None:
                self.to_know = ledger.unproven
            return ledger
        if ledger.suspect is not None and self._may_be_unheard(ledger, ledger.unproven):
            self.patience = UNTIL_HEARD
            return ledger
        if ledger.suspect is None:
            return replace(ledger, unproven=None)
        more = f"{abs(ledger.suspect)} {'more' if ledger.suspect > 0 else 'fewer'} than expected"
        if _adds(ledger, self.rules) and self.rules.drift is not OnDrift.ASK:
            self._tell(ledger, f"{more}; left, for this level is only added to")
            return replace(ledger, suspect=None, unproven=None)
        match self.rules.drift:
            case OnDrift.ASK:
                place = called(ledger.location, self.sight.places)
                detail = f"{self.sight.item} at {place}: Shopify has {ledger.believed}, {more}."
                self.rest = Hold(Cause.STOCK_EDITED, f"{detail} No order explains it.")
                return ledger
            case OnDrift.ACCEPT:
                self._tell(ledger, f"{more}; left as it is")
                return replace(ledger, kept=ledger.kept + ledger.suspect, suspect=None, unproven=None)
            case OnDrift.REVERT:
                self._tell(ledger, f"{more}; published anew")
                return replace(ledger, suspect=None, unproven=None)
            case _:
                assert_never(self.rules.drift)

    def _may_be_unheard(self, ledger: Ledger, since: datetime) -> bool:
        """Tell whether orders may be on their way that explain a reading, so that nobody is accused of an edit."""
        return ledger.committed > self._there(ledger).wanted and self.sight.now < since + UNTIL_HEARD

    def _in_question(self, ledger: Ledger) -> int:
        """Return how many units a hand may have put there; none where edits are undone, or a level only added to."""
        if self.rules.drift is OnDrift.REVERT or _adds(ledger, self.rules):
            return 0
        return ledger.suspect or 0

    def _until_explained(self) -> Wait:
        since = [one.unproven for one in self.sight.ledgers.values() if one.unproven is not None]
        self.to_know = max(since, default=None)
        return Wait(self.patience, "What Shopify has does not add up before the orders are looked at again.")

    def _in_between(self, ledger: Ledger) -> bool:
        """Tell whether one side counts units that the other does not: taken on unheard, or gone and not told."""
        return bool(self._there(ledger).untold) or ledger.level in self.sight.in_between

    def _there(self, ledger: Ledger) -> AtBackend:
        return self.sight.at_backend.get(ledger.location, AtBackend())

    def _tell(self, ledger: Ledger, done: str) -> None:
        self.drift.append(Drift(ledger.item, ledger.location, ledger.suspect or 0, ledger.believed, done))

    def _wait(self, ledger: Ledger, target: Units, *, adds: bool, asks: bool) -> Wait | None:
        """Say what a write has to wait for; None where it may go now."""
        if target > 0 and (left := _window_left(ledger, self.rules, self.sight.now)) > timedelta():
            return Wait(left, f"It was published a moment ago; again in {left.total_seconds():.0f} s.")
        if adds:
            return None  # what is not known of Shopify stays as it is
        if ledger.trust is not Trust.EXACT:
            return Wait(ONCE_MORE, "It is read once more before it is written.")
        if asks or (self.unclear and target > ledger.believed):
            return self._until_explained()
        if 0 < ledger.believed - target <= self._there(ledger).telling:
            return Wait(UNTIL_TOLD, "Shopify is just being told of what left the warehouse.")
        return None


def _window_left(ledger: Ledger, rules: InventoryRules, now: datetime) -> timedelta:
    if ledger.written_at is None:
        return timedelta()
    return ledger.written_at + rules.window - now


def _decided(figure: Figure, target: Units, unsure: int, sequence: int) -> Decided:
    kept = target + unsure - figure.publish
    by_hand = f", {kept:+d} by hand in Shopify: {target + unsure}" if kept else ""
    for_now = f", {target} until it is known whether the warehouse gave up {unsure}" if unsure else ""
    said = f"{figure.sentence}{by_hand}{for_now}"
    return Decided(target, figure.backend, figure.unseen, figure.buffer, said, sequence)
