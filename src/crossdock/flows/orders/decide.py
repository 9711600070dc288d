"""Which requests to send for an order, and why not for the rest. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from crossdock.flows.orders.asking import no_item, request_line, terms_for
from crossdock.flows.orders.changing import Amend, Late, Leave, Stop
from crossdock.flows.orders.covering import Cover, cover
from crossdock.flows.orders.following_up import SeeTo
from crossdock.flows.orders.giving_up import Withdraw
from crossdock.flows.orders.late import follow
from crossdock.flows.orders.naming import request_name
from crossdock.flows.orders.open_parts import is_wanted, open_parts
from crossdock.flows.orders.parting import Told
from crossdock.flows.orders.placing import Choose, MoveThere, Placing, Settle, may_pass_on, place
from crossdock.flows.orders.requested import Respond, rejected_by_hand, responses, turn_down
from crossdock.flows.orders.sight import Sight, Work
from crossdock.flows.orders.taking import lacking, left_alone, resting
from crossdock.flows.orders.undoing import CountNoMore
from crossdock.kit.wording import counted
from crossdock.model.cause import Cause, Hold
from crossdock.model.change import Terms
from crossdock.model.flow import Flow
from crossdock.model.generation import next_key
from crossdock.model.names import FulfillmentOrderId, InventoryItemId, LocationId, RequestKey, VariantId, WarehouseCode
from crossdock.model.order import FulfillmentOrder, FulfillmentOrderLine, Order
from crossdock.model.plan import Plan, Wait
from crossdock.model.request import FulfillmentRequest
from crossdock.model.service_request import awaits_word

ROUTING_PATIENCE = timedelta(days=1)
"""Shopify makes fulfillment orders some seconds after the order; after this long, news of them will have to call."""

ROUTING_TIME = timedelta(seconds=2)
"""How soon to look again at a new order that Shopify has not routed to a location yet."""

LETTING_GO = timedelta(seconds=1)
"""How soon to look again once the backend was asked to let go of goods."""

LINKING_TIME = timedelta(seconds=5)
"""How soon to look again while the catalog links a variant that it has not looked at yet."""


@dataclass(frozen=True, slots=True)
class Send:
    """Ask the backend for one fulfillment order. Safe to repeat: the backend knows the request's key."""

    terms: Terms
    inventory_items: tuple[InventoryItemId | None, ...]
    """Of the request's lines, in their order."""
    left_out: tuple[str, ...] = ()
    """What its fields do not say, though they were meant to, in sentences."""
    may_pass_on: bool = False
    """Whether another location is asked where the backend refuses."""
    requested: bool = False
    """Whether a merchant waits to hear whether it is accepted."""
    rejects: bool = False
    """Whether the merchant's request is rejected where the backend refuses."""

    @property
    def request(self) -> FulfillmentRequest:
        """What is asked."""
        return self.terms.request

    @property
    def location(self) -> LocationId:
        """Where Shopify has it ship from."""
        return self.terms.location

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        units = sum(line.units for line in self.request.lines)
        return f"Ask warehouse {self.request.warehouse} for {self.request.name}: {counted(units, 'unit')}."


@dataclass(frozen=True, slots=True)
class LinkFirst:
    """Have the catalog look at variants that it has not seen yet."""

    variants: tuple[VariantId, ...]

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        return f"Link {counted(len(self.variants), 'variant')} to items first."


@dataclass(frozen=True, slots=True)
class Confirm:
    """Write down that the backend has a request whose answer was lost."""

    key: RequestKey
    name: str
    work: Work

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        return f"Note that the warehouse has {self.name} already, as {self.work.reference}."


OrderStep = (
    Confirm
    | Amend
    | Stop
    | Leave
    | SeeTo
    | Respond
    | Withdraw
    | CountNoMore
    | Choose
    | MoveThere
    | Settle
    | Send
    | LinkFirst
)


@dataclass(slots=True)
class _Findings:
    """What the fulfillment orders of one order came to; filled while they are gone through."""

    send: list[Send] = field(default_factory=list)
    respond: list[Respond] = field(default_factory=list)
    problems: list[Hold] = field(default_factory=list)
    unlinked: list[VariantId] = field(default_factory=list)
    stray: list[FulfillmentOrder] = field(default_factory=list)
    """What cannot be asked for yet: the backend has these very goods in hand for another place."""
    notes: list[str] = field(default_factory=list)

    def stuck(self, sight: Sight, order: Order, fo: FulfillmentOrder, problem: Hold) -> None:
        """Take up what keeps a fulfillment order from being asked for; a merchant who requested it may be told so."""
        outcome = turn_down(sight, order, fo, problem)
        if isinstance(outcome, Hold):
            self.problems.append(outcome)
        else:
            self.respond.append(outcome)


def decide(sight: Sight, now: datetime) -> Plan[OrderStep]:
    """
    Plan what to ask the backend for one order.

    Fulfillment orders that the backend has are not sent again, also where only the backend remembers; what changed
    about them since is followed. One that cannot be sent holds the order and not its sisters.
    """
    rest_first = _resting(sight, now)
    placing = place(sight) if rest_first is None else Placing()
    late = follow(sight, placing.kept_back)
    found = _Findings()
    plan = _in_hours(sight, now, late, _decide(sight, now, late.told, placing, found, rest_first))
    lost = [sent for sent in sight.sent if not sent.recorded]
    confirm = tuple(Confirm(sent.key, sent.name, sent.work) for sent in lost if sent.work is not None)
    told = tuple(responses(sight, sight.order, late.cover)) if sight.order is not None else ()
    link = (LinkFirst(late.unlinked),) if late.unlinked else ()
    rest = plan.rest
    if late.unlinked and rest is None:
        rest = Wait(LINKING_TIME, "The catalog is linking its products.")
    if isinstance(placing.rest, Wait) and rest is None:
        rest = placing.rest
    rest = _strays(sight, found, late, rest)
    if late.waits:  # before the problems: they are still there at the look that comes then
        rest = min(late.waits, key=lambda wait: wait.after)
    elif late.problems:
        rest = together([*late.problems, *([rest] if isinstance(rest, Hold) else [])])
    return replace(plan, steps=(*confirm, *late.steps, *told, *placing.steps, *plan.steps, *link), rest=rest)


def _in_hours(sight: Sight, now: datetime, late: Late, plan: Plan[OrderStep]) -> Plan[OrderStep]:
    """Leave out what would be asked for anew outside of the flow's hours, and come back when they begin."""
    after = sight.connection.rules.schedule.opens_in(Flow.ORDERS, now)
    if after is None or not any(isinstance(step, Send) for step in plan.steps):
        return plan
    shut = Wait(after, f"{sight.name} {sight.connection.rules.schedule.sentence(Flow.ORDERS, now)}.")
    # What waits for something else meanwhile, as for its links, is looked at again as soon as for that.
    late.waits.append(plan.rest if isinstance(plan.rest, Wait) and plan.rest.after < after else shut)
    return replace(plan, steps=tuple(step for step in plan.steps if not isinstance(step, Send)))


def _strays(sight: Sight, found: _Findings, late: Late, rest: Hold | Wait | None) -> Hold | Wait | None:
    """Return how the order rests where it waits for the backend to let goods go that are to ship from elsewhere."""
    if not found.stray or late.problems or isinstance(rest, Hold):
        return rest
    if late.steps:
        return Wait(LETTING_GO, "The warehouse is to let go of it first.")
    asked = {sent.fulfillment_order for sent in sight.sent}
    new = [fo.location_name for fo in found.stray if fo.id not in asked]
    if not new:
        return rest
    detail = f"{sight.name}: what is to ship from {', '.join(new)} is in hand at the warehouse for another location."
    return Hold(Cause.ASKED_ALREADY, detail)


def _resting(sight: Sight, now: datetime) -> Wait | None:
    return None if sight.order is None else resting(sight.order, sight.told, sight.connection.rules.orders, now)


def _decide(
    sight: Sight, now: datetime, told: Told, placing: Placing, found: _Findings, rest_first: Wait | None
) -> Plan[OrderStep]:
    order = sight.order
    if order is None:
        return _nothing(sight, "Shopify does not show it: deleted, or older than this token may see.")
    rules = sight.connection.rules.orders
    reason = left_alone(order, rules)
    if reason is not None:
        return _nothing(sight, reason)
    if not order.fulfillment_orders:
        return _unrouted(sight, order, now)
    missing = lacking(order, told, rules, sight.answered)
    covered = cover(sight, order)
    wanted = [fo for fo in order.fulfillment_orders if is_wanted(sight, order, fo, covered)]
    if missing is not None and wanted:
        for fo in wanted:
            found.stuck(sight, order, fo, missing)
    elif rest_first is not None:
        return Plan(Flow.ORDERS, sight.id, order.name, (), rest_first)
    else:
        _go_through(sight, order, covered, told, placing.kept_back, found)
        if isinstance(placing.rest, Hold):
            found.problems.append(placing.rest)
    return _plan(sight, order, found, now)


def _plan(sight: Sight, order: Order, found: _Findings, now: datetime) -> Plan[OrderStep]:
    steps: list[OrderStep] = [*found.respond, *found.send]
    rest: Hold | Wait | None = None
    if found.unlinked:
        steps.append(LinkFirst(tuple(dict.fromkeys(found.unlinked))))
        rest = Wait(_patience(order, now, LINKING_TIME), "The catalog is linking its products.")
    if found.problems:
        rest = together(found.problems)
    return Plan(Flow.ORDERS, sight.id, order.name, tuple(steps), rest, tuple(found.notes))


def _nothing(sight: Sight, note: str) -> Plan[OrderStep]:
    return Plan(Flow.ORDERS, sight.id, sight.name, (), None, (note,))


def _unrouted(sight: Sight, order: Order, now: datetime) -> Plan[OrderStep]:
    age = now - order.created_at
    if age > ROUTING_PATIENCE:
        return _nothing(sight, "Shopify has made no fulfillment order for it in a day.")
    after = _patience(order, now, ROUTING_TIME)
    return Plan(Flow.ORDERS, sight.id, order.name, (), Wait(after, "Shopify has not routed it to a location yet."))


def _patience(order: Order, now: datetime, soonest: timedelta) -> timedelta:
    """The first look soon, then ever more patiently: after half the order's age, ten minutes at most."""
    return min(max((now - order.created_at) / 2, soonest), timedelta(minutes=10))


def _go_through(
    sight: Sight, order: Order, covered: Cover, told: Told, kept_back: Collection[FulfillmentOrderId], found: _Findings
) -> None:
    parts = open_parts(sight, order, covered)
    found.notes += parts.notes
    found.stray += parts.stray
    for part in parts.ready:
        if part.fulfillment_order.id not in kept_back:
            sent = {one.request.key: one.request for one in found.send}
            _go_into(sight, order, part.fulfillment_order, part.lines, {**told, **sent}, found)


def _go_into(
    sight: Sight,
    order: Order,
    fo: FulfillmentOrder,
    lines: Sequence[FulfillmentOrderLine],
    told: Told,
    found: _Findings,
) -> None:
    """Find the warehouse and the items of one fulfillment order; add a Send, or what stands in its way."""
    warehouse = _warehouse(sight, order, fo, found)
    unlinked = [line for line in lines if line.variant is None or line.variant not in sight.links]
    nowhere = [line for line in unlinked if line.variant is None or line.variant in sight.catalog_held]
    found.unlinked += [line.variant for line in unlinked if line.variant is not None and line not in nowhere]
    if nowhere:
        found.stuck(sight, order, fo, together([no_item(order, line) for line in nowhere]))
    if warehouse is None or unlinked or fo.location is None:
        return
    # Tried and never accepted: it is the same request still.
    tried = next((sent for sent in sight.sent if sent.fulfillment_order == fo.id and sent.work is None), None)
    names = [sent.name for sent in sight.sent] + [send.request.name for send in found.send]
    name = tried.name if tried is not None else request_name(sight.connection.rules.orders, order.name, names)
    key = tried.key if tried is not None else next_key(fo.id, [sent.key for sent in sight.sent])
    turned_down = rejected_by_hand(sight, fo, name)
    if turned_down is not None:
        found.respond.append(turned_down)
        return
    linked = [(line, sight.links[line.variant]) for line in lines if line.variant is not None]
    rules, version = sight.connection.rules.orders, sight.filling.version
    filled = sight.filling.of(order, rules, version, warehouse, fo.location_name, lines)
    if filled.missing:
        found.problems.append(Hold(Cause.FIELD_UNFILLED, f"{name}: {' '.join(filled.missing.values())}"))
        return
    terms = terms_for(
        order,
        fo,
        fo.location,
        key=key,
        name=name,
        warehouse=warehouse,
        lines=[request_line(order, line, link) for line, link in linked],
        told=told,
        rules=rules,
        filled=filled,
        mapping=version,
    )
    items = tuple(link.inventory_item for _, link in linked)
    asked = awaits_word(fo)
    found.send.append(
        Send(
            terms,
            items,
            filled.left_out,
            may_pass_on=may_pass_on(sight, fo),
            requested=asked,
            rejects=asked and rules.reject_refused,
        )
    )


def _warehouse(sight: Sight, order: Order, fo: FulfillmentOrder, found: _Findings) -> WarehouseCode | None:
    if fo.location is None:
        detail = f"{order.name} is to ship from {fo.location_name}, which was deleted on Shopify. Move it there."
        found.problems.append(Hold(Cause.LOCATION_UNMAPPED, detail))
        return None
    warehouses = sight.connection.warehouses.get(fo.location, ())
    if not warehouses:
        detail = f"{order.name} is to ship from {fo.location_name}, which no warehouse serves."
        found.problems.append(Hold(Cause.LOCATION_UNMAPPED, detail, (fo.location,)))
        return None
    return warehouses[0]


def together(problems: Sequence[Hold]) -> Hold:
    """Make one hold of several: the first one's cause, everybody's sentences and needs."""
    details = " ".join(dict.fromkeys(problem.detail for problem in problems))
    needs = tuple(dict.fromkeys(need for problem in problems for need in problem.needs))
    return Hold(problems[0].cause, details, needs)
