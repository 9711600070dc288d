"""What changed about requests since the backend accepted them, and what is to be done about it. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from crossdock.flows.orders.asking import no_item, request_line, terms_for
from crossdock.flows.orders.sight import Sent, Sight, Work, to_ship_again
from crossdock.model.cause import Cause, Hold
from crossdock.model.change import VOIDED, Change, Kind, Terms, changes, with_changes
from crossdock.model.course import Course, course
from crossdock.model.names import InventoryItemId, LineItemId, RequestKey, Units, VariantId
from crossdock.model.order import FulfillmentOrder, FulfillmentOrderLine, Order
from crossdock.model.request import FulfillmentRequest, RequestLine, WorkState
from crossdock.model.reshipping import ships_again


@dataclass(frozen=True, slots=True)
class Amend:
    """
    Have the backend make its order what `terms` say. Safe to repeat: they say what is to be, not what to do.

    `done` and `let` are the changes that the backend makes, and those that are only noted. `asked` is what remains
    for a person. `inventory_items` are those of the request's lines, in their order; None where nobody knows it.
    """

    name: str
    work: Work
    terms: Terms
    done: tuple[Change, ...]
    let: tuple[Change, ...]
    inventory_items: tuple[InventoryItemId | None, ...]

    @property
    def key(self) -> RequestKey:
        """Which request it is about."""
        return self.terms.request.key

    @property
    def what(self) -> str:
        """What changed."""
        return _what(self.name, (*self.done, *self.let))

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        return f"Have the warehouse change {self.work.reference}. {self.what}"


@dataclass(frozen=True, slots=True)
class Stop:
    """Have the backend cancel its order. Safe to repeat."""

    key: RequestKey
    name: str
    work: Work
    done: tuple[Change, ...]

    @property
    def what(self) -> str:
        """What changed."""
        return _what(self.name, self.done)

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        return f"Have the warehouse stop {self.work.reference}. {self.what}"


@dataclass(frozen=True, slots=True)
class Leave:
    """Note changes of which the backend is told nothing; `by_hand` where a person said so."""

    name: str
    work: Work
    terms: Terms
    let: tuple[Change, ...]
    by_hand: bool

    @property
    def what(self) -> str:
        """What changed."""
        return _what(self.name, self.let)

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        return f"Leave {self.work.reference} as the warehouse has it. {self.what}"


@dataclass(slots=True)
class Late:
    """
    What the requests of one order came to; filled while they are gone through.

    `again` are the units that Shopify waits for in new fulfillment orders, and that are still of requests to which a
    package came back.
    """

    again: Counter[LineItemId]
    told: dict[RequestKey, FulfillmentRequest] = field(default_factory=dict)
    """The order's requests as the backend was told them, and as it is about to be told."""
    steps: list[Amend | Stop | Leave] = field(default_factory=list)
    problems: list[Hold] = field(default_factory=list)
    unlinked: tuple[VariantId, ...] = ()


def follow(sight: Sight) -> Late:
    """Go through the requests that the backend accepted, and say what to do about what changed since."""
    order = sight.order
    if order is None:
        return Late(Counter())
    late = Late(_to_ship_again(order, sight.sent), dict(sight.told))
    for sent in sight.sent:
        fo = next((one for one in order.fulfillment_orders if one.id == sent.fulfillment_order), None)
        if sent.work is None:
            continue
        if sent.work.state is WorkState.CANCELLED:
            if fo is not None:
                _cancelled_there(sight, order, sent, sent.work, fo, late)
        elif _given_up(sight, sent):
            continue
        elif sent.terms is None:
            _before_terms_were_kept(sight, order, sent, sent.work, late)
        else:
            _follow(sight, order, sent, sent.work, fo, sent.terms, late)
    return late


def _given_up(sight: Sight, sent: Sent) -> bool:
    """Whether the backend is through with a request without having shipped any of it."""
    through = sent.work is not None and sent.work.state is WorkState.SHIPPED and sent.terms is not None
    lines = sent.terms.request.lines if sent.terms is not None else ()
    return through and all(sight.left.given_up.get(line.reference, 0) >= line.units for line in lines)


def _follow(
    sight: Sight, order: Order, sent: Sent, work: Work, fo: FulfillmentOrder | None, before: Terms, late: Late
) -> None:
    lines, by_hand = _lines(sight, order, fo, before, late, again=late.again if sent.taken_back else Counter())
    asked = before.request
    location = before.location if fo is None or fo.location is None else fo.location
    now = terms_for(
        order,
        fo,
        location,
        key=asked.key,
        name=asked.name,
        warehouse=asked.warehouse,
        lines=lines,
        told=late.told,
        rules=sight.connection.rules.orders,
        by_hand=by_hand,
    )
    found = tuple(changes(before, now))
    if (found or sent.asking) and _left_at_that(sight, sent, found):
        late.steps.append(Leave(sent.name, work, now, found, by_hand=True))
        return
    courses = {one: course(one.kind, work.state, sight.can) for one in found}
    if Course.STOP in courses.values():
        late.steps.append(Stop(asked.key, sent.name, work, found))
        return
    done, let, ask = (tuple(one for one in found if courses[one] is what) for what in _NOT_STOPPED)
    terms = with_changes(before, now, {one.kind for one in (*done, *let)})
    if done or sent.asking:
        late.steps.append(Amend(sent.name, work, terms, done, let, _inventory_items(order, terms)))
        late.told[asked.key] = terms.request
    elif let:
        late.steps.append(Leave(sent.name, work, terms, let, by_hand=False))
    if ask:
        late.problems.append(too_late(_what(sent.name, ask), work, ask))


def _left_at_that(sight: Sight, sent: Sent, found: Sequence[Change]) -> bool:
    """Whether a person has read of all these changes, and said to leave the order as the backend has it."""
    read = sight.answered or ""
    return f"{sent.name}:" in read and all(change.sentence in read for change in found)


_NOT_STOPPED = (Course.AMEND, Course.LET_SHIP, Course.ASK)


def _before_terms_were_kept(sight: Sight, order: Order, sent: Sent, work: Work, late: Late) -> None:
    """Of what was accepted by an older hub, only a cancellation can be seen."""
    if order.cancelled_at is None or not work.state.may_still_ship:
        return
    found = (Change(Kind.CANCELLED),)
    if course(Kind.CANCELLED, work.state, sight.can) is Course.STOP:
        late.steps.append(Stop(sent.key, sent.name, work, found))
    else:
        late.problems.append(too_late(_what(sent.name, found), work, found))


def _cancelled_there(sight: Sight, order: Order, sent: Sent, work: Work, fo: FulfillmentOrder, late: Late) -> None:
    """Hold what the backend cancelled and Shopify still waits for, until a person leaves it at that."""
    left = sum(line.remaining for line in fo.lines)
    over = order.cancelled_at is not None or order.financial_status in VOIDED
    if over or not left or not fo.can("CREATE_FULFILLMENT") or sent.terms is None or not sent.terms.request.lines:
        return
    detail = f"The warehouse cancelled {sent.name} ({work.reference}), and Shopify still waits for it."
    if sight.answered is not None and detail in sight.answered:
        none = replace(sent.terms, request=replace(sent.terms.request, lines=()))
        late.steps.append(Leave(sent.name, work, none, (Change(Kind.WITHDRAWN),), by_hand=True))
    else:
        late.problems.append(Hold(Cause.CANCELLED_THERE, detail))


def too_late(what: str, work: Work, asked: Sequence[Change], said: str = "") -> Hold:
    """Return the hold that asks a person about these changes; `said` is what the backend answered."""
    off = {Kind.CANCELLED, Kind.WITHDRAWN, Kind.VOIDED}
    cause = Cause.CANCELLED_LATE if any(one.kind in off for one in asked) else Cause.CHANGED_LATE
    state = work.state.value.replace("_", " ")
    return Hold(cause, f"{what} The warehouse has {work.reference}, {state}. {said}".strip())


def _lines(
    sight: Sight,
    order: Order,
    fo: FulfillmentOrder | None,
    before: Terms,
    late: Late,
    *,
    again: Counter[LineItemId],
) -> tuple[tuple[RequestLine, ...], int]:
    """
    Return the lines that Shopify wants of the request in all, shipped units included, and what others fulfilled of it.

    As before where it cannot be told now: Shopify is just being told of a package, or a new line has no item yet.
    """
    asked = {line.reference: line for line in before.request.lines}
    there = {line.id: line for line in fo.lines} if fo is not None else {}
    added = [line for line in there.values() if line.id not in asked and line.remaining > 0]
    _link_first(sight, order, added, late)
    if not sight.left.sure or any(line.variant not in sight.links for line in added):
        return before.request.lines, before.by_hand
    lines = []
    by_hand = 0
    elsewhere = _fulfilled_elsewhere(sight, order)
    for known in before.request.lines:
        line = there.get(known.reference)
        wanted = sight.left.told.get(known.reference, 0) + (line.remaining if line is not None else 0)
        if line is not None:
            back = max(0, min(known.units - wanted, again[line.line_item]))
            again[line.line_item] -= back
            wanted += back
            # What is missing may be what somebody else fulfilled: then it was not taken away.
            theirs = max(0, min(known.units - wanted, elsewhere[line.line_item]))
            elsewhere[line.line_item] -= theirs
            by_hand += theirs
            wanted += theirs
        # Units that the backend gave up on may be wanted or not: either way it was asked for them already.
        given_up = sight.left.given_up.get(known.reference, 0)
        same = known.units - given_up <= wanted <= known.units
        lines.append(known if same else replace(known, units=Units(wanted)))
    lines += [request_line(order, line, sight.links[line.variant]) for line in added if line.variant is not None]
    return tuple(line for line in lines if line.units > 0), by_hand


def _link_first(sight: Sight, order: Order, added: Sequence[FulfillmentOrderLine], late: Late) -> None:
    for line in added:
        if line.variant is None or line.variant in sight.catalog_held:
            late.problems.append(no_item(order, line))
        elif line.variant not in sight.links:
            late.unlinked = (*late.unlinked, line.variant)


def _to_ship_again(order: Order, sent: Sequence[Sent]) -> Counter[LineItemId]:
    own, back = {one.fulfillment_order for one in sent}, to_ship_again(sent)
    found = Counter[LineItemId]()
    for fo in order.fulfillment_orders:
        if fo.id not in own and ships_again(order, fo, back):
            for line in fo.lines:
                found[line.line_item] += line.remaining
    return found


def _fulfilled_elsewhere(sight: Sight, order: Order) -> Counter[LineItemId]:
    """How many units of each order line Shopify counts as fulfilled beyond the packages that it was told of by us."""
    found = Counter[LineItemId]()
    for fulfillment in order.fulfillments:
        if fulfillment.status != "CANCELLED":
            found.update(dict(fulfillment.lines))
    for fo in order.fulfillment_orders:
        for line in fo.lines:
            found[line.line_item] -= sight.left.told.get(line.id, 0)
    return found


def _inventory_items(order: Order, terms: Terms) -> tuple[InventoryItemId | None, ...]:
    known = {line.id: line.inventory_item for fo in order.fulfillment_orders for line in fo.lines}
    return tuple(known.get(line.reference) for line in terms.request.lines)


def _what(name: str, found: Sequence[Change]) -> str:
    if not found:
        return f"{name}: it is not known what came of an earlier change."
    return f"{name}: {', '.join(change.sentence for change in found)} on Shopify."
