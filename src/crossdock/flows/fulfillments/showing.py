"""
What Shopify is to show of work at the backend: that it is on hold, has begun, or waits to be collected. Pure.

A fulfillment order that is on hold takes no fulfillment, so our hold comes off before a package is told of.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from crossdock.flows.fulfillments.sight import Known, Sight
from crossdock.flows.fulfillments.steps import Act, Show
from crossdock.model.connection import FulfillmentRules
from crossdock.model.generation import fulfillment_order_of
from crossdock.model.names import FulfillmentOrderId
from crossdock.model.order import FulfillmentHold, FulfillmentOrder, Order
from crossdock.model.request import WorkState
from crossdock.model.service_request import awaits_word
from crossdock.model.showing import Showing, Stage

_STAGES = {WorkState.PICKING: Stage.WORKING, WorkState.PACKED: Stage.READY}


def to_show(known: Known, rules: FulfillmentRules) -> bool:
    """Whether Shopify shows something else of a request than it is to."""
    return _wanted(known, rules) != known.shown


def show(sight: Sight, order: Order) -> Sequence[Show]:
    """Return what brings about that Shopify shows of each request what it is to, in order."""
    parts = {part.id: part for part in order.fulfillment_orders}
    return [
        step
        for known in sight.work
        if (wanted := _wanted(known, sight.rules)) != known.shown
        for step in _steps(known, wanted, parts.get(fulfillment_order_of(known.work.key)), sight.rules)
    ]


def as_released(order: Order) -> Order:
    """Return the order as it is once our holds are off: what they alone keep takes fulfillments then."""
    parts = (
        replace(part, supported_actions=part.supported_actions | {"CREATE_FULFILLMENT"})
        if _ours(part) and not part.held and not awaits_word(part)
        else part
        for part in order.fulfillment_orders
    )
    return replace(order, fulfillment_orders=tuple(parts))


def make_way(sight: Sight, order: Order) -> Sequence[Show]:
    """Return what takes our own holds off, so that Shopify takes fulfillments."""
    parts = {part.id: part for part in order.fulfillment_orders}
    return [
        _release(known, part)
        for known in sight.work
        if (part := parts.get(fulfillment_order_of(known.work.key))) is not None and _ours(part)
    ]


def open_again(sight: Sight, order: Order, stuck: Collection[FulfillmentOrderId]) -> Sequence[Show]:
    """Return what takes back that we said that work has begun: what is worked on, Shopify does not move."""
    return [
        Show(known.work.key, known.name, part.id, Act.OPEN, replace(known.shown, stage=Stage.WAITING))
        for known in sight.work
        for part in order.fulfillment_orders
        if part.id == fulfillment_order_of(known.work.key)
        and part.id in stuck
        and known.shown.stage is not Stage.WAITING
        and part.can("MARK_AS_OPEN")
    ]


def _wanted(known: Known, rules: FulfillmentRules) -> Showing:
    """What Shopify is to show; a step that no rule asks for is not worth a question to it."""
    work = known.work
    stage = _STAGES.get(work.state, Stage.WAITING)
    if stage is Stage.READY and not rules.prepare_pickups:
        stage = Stage.WORKING
    if stage is Stage.WORKING and not rules.report_progress:
        stage = Stage.WAITING
    return Showing(work.on_hold if work.state.may_still_ship else None, stage)


def _steps(known: Known, wanted: Showing, part: FulfillmentOrder | None, rules: FulfillmentRules) -> Iterator[Show]:
    if part is None or part.status in {"CLOSED", "CANCELLED"}:
        yield Show(known.work.key, known.name, fulfillment_order_of(known.work.key), Act.NOTE, wanted)
        return
    ours, shown = _ours(part), known.shown
    if ours and (wanted.on_hold is None or wanted.on_hold != _reason(shown, ours)):
        step = _release(known, part)
        shown = step.after
        yield step
    if wanted.stage is not shown.stage or (rules.report_progress and not shown.sure):
        shown = replace(shown, stage=wanted.stage)
        yield Show(known.work.key, known.name, part.id, _act(part, wanted.stage, rules), shown)
    if wanted != shown:
        may = part.can("HOLD") or not part.at_service
        act = Act.HOLD if wanted.on_hold is not None and rules.show_holds and may else Act.NOTE
        yield Show(known.work.key, known.name, part.id, act, wanted)


def _reason(shown: Showing, ours: Sequence[FulfillmentHold]) -> str | None:
    """Return what our hold says: as we put it, or as Shopify has it where that is not sure."""
    return shown.on_hold if shown.sure else ours[0].reason


def _act(part: FulfillmentOrder, stage: Stage, rules: FulfillmentRules) -> Act:
    if stage is Stage.READY and part.method == "PICK_UP":
        return Act.PREPARE
    if stage is Stage.WAITING:
        return Act.OPEN if part.can("MARK_AS_OPEN") else Act.NOTE
    return Act.PROGRESS if rules.report_progress and part.can("REPORT_PROGRESS") else Act.NOTE


def _release(known: Known, part: FulfillmentOrder) -> Show:
    after = replace(known.shown, on_hold=None)
    return Show(known.work.key, known.name, part.id, Act.RELEASE, after, tuple(hold.id for hold in _ours(part)))


def _ours(part: FulfillmentOrder) -> Sequence[FulfillmentHold]:
    return [hold for hold in part.holds if hold.ours]
