"""What is to be done about an order's returns: told to the backend, told to Shopify, or left to a person. Pure."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from crossdock.flows.returns.dispositions import disposals
from crossdock.flows.returns.due import Due, due
from crossdock.flows.returns.parcels import from_shopify, to_shopify
from crossdock.flows.returns.sight import Case, Sight
from crossdock.flows.returns.steps import Announce, Approve, BackApart, Close, Create, Dispose, Process, ReturnStep, Tie
from crossdock.kit.wording import counted
from crossdock.model.cause import Cause, Hold
from crossdock.model.connection import ExchangeAt, RefundAt
from crossdock.model.flow import Flow
from crossdock.model.names import FulfillmentLineId, ItemCode, ReturnId, ReturnKey, Units, WarehouseCode
from crossdock.model.plan import Plan, Wait
from crossdock.model.returning import Owed, Refund, ReturnOrder, ReturnRequest, ReturnRequestLine, ReturnTracking

IN_FLIGHT = timedelta(seconds=30)
"""
A telling without an answer may arrive as late as this; what Shopify does not show until then it did not hear.

Its calls end within half a minute, whether or not somebody still listens (assumed; Shopify says nothing of it).
"""

NEXT = timedelta(seconds=1)
"""How soon to look again where one step rests on the one before."""

OVER = frozenset({"CLOSED", "CANCELED", "DECLINED"})
"""States of a return in which nothing is expected back (Shopify docs, 2026-07)."""


def decide(sight: Sight) -> Plan[ReturnStep]:
    """
    Plan what to do about one order's returns.

    A requested return waits for the merchant, unless the rules approve it. An open one is announced to the backend
    once. What the backend then received decides what Shopify is told: what became of the units, that their sale is
    undone, and what money goes back. All of that goes by the difference between both sides, so whatever somebody did
    by hand in Shopify is taken as done.
    """
    desk = _Desk(sight)
    for case in sight.cases:
        desk.go_into(case)
    for record in sight.unannounced:
        desk.find_or_create(record)
    desk.steps += [BackApart(one.key, one.reference, one.arrivals) for one in sight.apart if one.done]
    rest: Hold | Wait | None = None
    if desk.waits:  # before the holds: they are still there at the look that comes then
        rest = min(desk.waits, key=lambda wait: wait.after)
    elif desk.holds:
        first = desk.holds[0]
        rest = Hold(first.cause, " ".join(hold.detail for hold in desk.holds), first.needs)
    return Plan(Flow.RETURNS, sight.id, sight.name, tuple(desk.steps), rest, tuple(desk.notes))


class _Desk:
    """Where an order's returns are gone through one by one."""

    def __init__(self, sight: Sight) -> None:
        self._sight = sight
        self._free = [case for case in sight.cases if case.known is None and case.of.status == "OPEN"]
        self._tying = _ties(sight, self._free)
        self.steps: list[ReturnStep] = []
        self.waits: list[Wait] = []
        self.holds: list[Hold] = []
        self.notes: list[str] = []

    def go_into(self, case: Case) -> None:
        """Decide about one return that Shopify has."""
        status, known = case.of.status, case.known
        if known is not None and known.telling is not None and known.ago < IN_FLIGHT:
            self.waits.append(Wait(IN_FLIGHT - known.ago, f"Shopify may still be hearing of {case.of.name}."))
        elif case.of.id in self._tying.values():
            pass  # what came unannounced is this return's; it is gone into once that is written down
        elif status == "REQUESTED":
            self._approve_or_leave(case)
        elif status in OVER:
            self._over(case)
        elif case.known is None or case.record is None or not self._is_as_announced(case):
            self._announce(case)
        else:
            self._tell(case, case.known.key)

    def _approve_or_leave(self, case: Case) -> None:
        if self._sight.rules.approve:
            self.steps.append(Approve(case.of.id, case.of.name))
            self.waits.append(Wait(NEXT, f"{case.of.name} is announced once it is approved."))
        else:
            self.notes.append(f"Return {case.of.name} waits in Shopify to be approved or declined.")

    def _over(self, case: Case) -> None:
        """Nothing more is expected; what came all the same is for a person."""
        known, record = case.known, case.record
        if known is not None and known.announced and record is not None and not record.done:
            self.steps.append(Announce(case.of.id, self._request(case, lines=())))
        late = case.to_process(uninspected=self._sight.rules.refund is RefundAt.AT_RECEIPT)
        if late:
            units = counted(sum(units for _, units in late), "unit")
            self._hold(
                Cause.RETURN_UNMATCHED,
                f"{units} of return {case.of.name} came back, which is {case.of.status.lower()} in Shopify.",
            )

    def _is_as_announced(self, case: Case) -> bool:
        """Whether the backend expects what the return says now; what it began itself is never announced."""
        known = case.known
        if known is None or known.key != ReturnKey(case.of.id):
            return True
        return _goods_are_announced(case) and known.parcels == from_shopify(case)

    def _announce(self, case: Case) -> None:
        request = self._request(case, _lines(case, self._sight), from_shopify(case))
        self.steps.append(Announce(case.of.id, request, of_parcels=_goods_are_announced(case)))
        if case.record is not None and (case.record.arrivals or case.record.parcels):
            self.waits.append(Wait(NEXT, f"What the warehouse has of {case.of.name} is told after this."))
        elif case.of.to_exchange and self._sight.rules.exchange is ExchangeAt.AT_APPROVAL:
            self.waits.append(Wait(NEXT, f"What the customer gets instead of {case.of.name} is sent after this."))

    def _request(
        self, case: Case, lines: tuple[ReturnRequestLine, ...], parcels: tuple[ReturnTracking, ...] = ()
    ) -> ReturnRequest:
        warehouse = self._sight.rules.warehouse or _shipped_from(case, self._sight)
        return ReturnRequest(ReturnKey(case.of.id), case.of.name, self._sight.id, warehouse, lines, parcels)

    def _tell(self, case: Case, key: ReturnKey) -> None:
        """Tell Shopify of what the backend received."""
        sight, name = self._sight, case.of.name
        self.steps += to_shopify(case, key)
        told = disposals(case, sight.places, restocks=not sight.publishes)
        self.steps += [Dispose(key, name, one) for one in told]
        if case.astray:
            self._hold(
                Cause.RETURN_UNMATCHED, f"{counted(case.astray, 'unit')} more came back than return {name} names."
            )
        now = due(case, sight.rules)
        if now.lines:
            self._process(case, key, now)
        elif case.of.to_exchange and case.to_process(uninspected=True):
            self._exchange_or_leave(case)
        elif not told and not case.astray:
            self._close_or_leave(case, key)
        if told:
            self.waits.append(Wait(NEXT, f"More may be to tell of {name} after this."))

    def _exchange_or_leave(self, case: Case) -> None:
        """Some of it came back, and what the customer gets for it is not to be sent yet, or not by the hub."""
        name, units = case.of.name, counted(sum(units for _, units in case.of.to_exchange), "unit")
        if self._sight.rules.exchange is ExchangeAt.BY_HAND or case.mixed:
            self._hold(Cause.RETURN_EXCHANGE, f"Return {name} came back; the customer is to get {units} instead.")
        elif case.missing:
            gone = counted(case.missing, "unit")
            self._hold(Cause.RETURN_EXCHANGE, f"Of return {name} {gone} never came; sending {units} instead waits.")
        else:
            self.notes.append(f"Return {name} is not all there yet; sending {units} instead waits.")

    def _process(self, case: Case, key: ReturnKey, now: Due) -> None:
        rules, name = self._sight.rules, case.of.name
        outcome = self._sight.outcomes.get(case.of.id)
        refund = outcome if isinstance(outcome, Refund) and rules.refund is not RefundAt.NONE else None
        if refund is not None and now.ahead:
            self.notes.append(
                f"Return {name}: {refund.amount} would go back with its exchange, so its goods come first."
            )
            return
        if refund is not None and rules.refund_limit is not None and refund.amount.amount > rules.refund_limit:
            self._hold(
                Cause.REFUND_LIMIT,
                f"Return {name}: {refund.amount} would go back, and up to {rules.refund_limit} needs no person.",
            )
            return
        owed = outcome.amount if isinstance(outcome, Owed) else None
        lines, exchanges = tuple(now.lines), tuple(now.exchanges)
        self.steps.append(Process(key, case.of.id, name, lines, refund, rules.refund_shipping, exchanges, owed))
        self.waits.append(Wait(NEXT, f"More may be to tell of {name} after this."))

    def _close_or_leave(self, case: Case, key: ReturnKey) -> None:
        settled = case.record is not None and case.record.done and case.accounted
        if settled and case.kept:
            gone = counted(case.kept, "unit")
            self._hold(Cause.RETURN_EXCHANGE, f"Of return {case.of.name} {gone} never came, and were exchanged.")
        elif settled and case.of.to_exchange:
            self.notes.append(f"Return {case.of.name} stays open: its exchange is not processed.")
        elif settled and case.mixed:
            self.notes.append(f"Return {case.of.name} stays open: it has lines that did not ship from here.")
        elif settled and self._sight.rules.close and case.known is not None and not case.known.closed:
            self.steps.append(Close(key, case.of.id, case.of.name))

    def find_or_create(self, record: ReturnOrder) -> None:
        """Decide about goods that came unannounced."""
        known = next((one for one in self._sight.known if one.key == record.key), None)
        tied = self._tying.get(record.key)
        if tied is not None:
            case = next(case for case in self._free if case.of.id == tied)
            self.steps.append(Tie(record.key, tied, case.of.name, record.reference))
            self.waits.append(Wait(NEXT, f"{case.of.name} is gone into after this."))
        elif known is not None and known.telling is not None and known.ago < IN_FLIGHT:
            self.waits.append(Wait(IN_FLIGHT - known.ago, f"Shopify may still be hearing of {record.reference}."))
        elif not self._sight.rules.create:
            self._hold(Cause.RETURN_UNANNOUNCED, f"{record.reference}: {_came(record)} came back without a return.")
        else:
            self._create(record)

    def _create(self, record: ReturnOrder) -> None:
        wanted = _units(record)
        lines: list[tuple[FulfillmentLineId, Units]] = []
        for row in self._sight.returnable:
            item = self._sight.items.get(row.variant) if row.variant is not None else None
            take = min(int(row.units), wanted[item]) if item is not None else 0
            if item is not None and take:
                wanted[item] -= take
                lines.append((row.fulfillment_line, Units(take)))
        if +wanted or not lines:
            self._hold(
                Cause.RETURN_UNMATCHED,
                f"{record.reference}: {_came(record)} came back, more than {self._sight.name} has out.",
            )
            return
        self.steps.append(Create(record.key, self._sight.id, tuple(lines), record.reference))
        self.waits.append(Wait(NEXT, f"{record.reference} is told to its return after this."))

    def _hold(self, cause: Cause, detail: str) -> None:
        self.holds.append(Hold(cause, detail))


def _goods_are_announced(case: Case) -> bool:
    known = case.known
    return known is not None and known.announced == tuple((line.id, line.units) for line in case.lines)


def _ties(sight: Sight, free: Sequence[Case]) -> dict[ReturnKey, ReturnId]:
    """Which open return is that of which goods that came unannounced: by our note on it, else by what it names."""
    found: dict[ReturnKey, ReturnId] = {}
    for record in sight.unannounced:
        left = [case for case in free if case.of.id not in found.values()]
        noted = [case for case in left if any(line.note == record.reference for line in case.lines)]
        alike = [case for case in left if not +(_units(record) - _expected(case, sight))]
        partly = [case for case in left if _units(record) & _expected(case, sight)]
        for case in (noted or alike or partly)[:1]:
            found[record.key] = case.of.id
    return found


def _units(record: ReturnOrder) -> Counter[ItemCode]:
    units: Counter[ItemCode] = Counter()
    for arrival in record.arrivals:
        units[arrival.item] += arrival.units
    return units


def _expected(case: Case, sight: Sight) -> Counter[ItemCode]:
    units: Counter[ItemCode] = Counter()
    for line in _lines(case, sight):
        units[line.item] += line.units
    return units


def _came(record: ReturnOrder) -> str:
    return ", ".join(f"{units} of {item}" for item, units in sorted(_units(record).items()))


def _lines(case: Case, sight: Sight) -> tuple[ReturnRequestLine, ...]:
    return tuple(
        ReturnRequestLine(line.id, sight.items[line.variant], line.sku, line.title, line.units, line.reason)
        for line in case.lines
        if line.variant is not None
    )


def _shipped_from(case: Case, sight: Sight) -> WarehouseCode:
    return next(sight.shipped[line.item] for line in _lines(case, sight))
