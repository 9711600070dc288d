"""What changed about requests since the backend accepted them, and what is to be done about it. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from crossdock.flows.orders.asking import no_item, request_line, terms_for
from crossdock.flows.orders.covering import Cover, cover, fulfilled_elsewhere
from crossdock.flows.orders.following_up import SeeTo, is_to_be_seen_to, may_be_seen_to, see_to
from crossdock.flows.orders.giving_up import (
    JOB_TIME,
    Missing,
    Withdraw,
    is_to_go,
    missing,
    under_way,
    withdraw,
)
from crossdock.flows.orders.requested import Respond, give_back, refuse, still_ships
from crossdock.flows.orders.sight import Sent, Sight, Work
from crossdock.flows.orders.undoing import CountNoMore, undone
from crossdock.model.answer import Word
from crossdock.model.cause import Cause, Hold
from crossdock.model.change import Change, Kind, Terms, changes, with_changes
from crossdock.model.course import Course, course
from crossdock.model.field_mapping import Filled
from crossdock.model.names import FulfillmentOrderId, InventoryItemId, LocationId, RequestKey, Units, VariantId
from crossdock.model.order import FulfillmentOrder, FulfillmentOrderLine, Order
from crossdock.model.plan import Wait
from crossdock.model.request import FulfillmentRequest, RequestLine, WorkState
from crossdock.model.service_request import is_called_back


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
        return _what(self.name, self.let) if self.let else f"{self.name}: what is missing is not shipped."

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        return f"Leave {self.work.reference} as the warehouse has it. {self.what}"


@dataclass(slots=True)
class Late:
    """
    What the requests of one order came to; filled while they are gone through.

    `cover` says for which other fulfillment orders their units stand by now.
    """

    cover: Cover
    told: dict[RequestKey, FulfillmentRequest] = field(default_factory=dict)
    """The order's requests as the backend was told them, and as it is about to be told."""
    steps: list[Amend | Stop | Leave | SeeTo | Respond | Withdraw | CountNoMore] = field(default_factory=list)
    waits: list[Wait] = field(default_factory=list)
    problems: list[Hold] = field(default_factory=list)
    unlinked: tuple[VariantId, ...] = ()


def follow(sight: Sight, moving: Collection[FulfillmentOrderId] = ()) -> Late:
    """
    Go through the requests that the backend accepted, and say what to do about what changed since.

    Of the fulfillment orders that are `moving` nothing is missed: another warehouse is to ship them.
    """
    order = sight.order
    if order is None:
        return Late(Cover())
    late = Late(cover(sight, order), dict(sight.told))
    for sent in sight.sent:
        fo = next((one for one in order.fulfillment_orders if one.id == sent.fulfillment_order), None)
        ended = sent.work is not None and (sent.work.state is WorkState.CANCELLED or _given_up(sent))
        if sent.work is None or (fo is not None and sent.is_over(fo)) or (ended and _left_for_good(sent)):
            continue
        if sent.terms is None:
            _before_terms_were_kept(sight, order, sent, sent.work, late)
        else:
            _follow(sight, order, sent, sent.work, fo, sent.terms, late, ended=ended)
    left, asked = undone(sight, order)
    late.steps += left
    late.problems += asked
    _give_up(sight, order, late, moving)
    return late


def _left_for_good(sent: Sent) -> bool:
    """Whether nobody can say what was added since: a person left it cancelled, or its terms were not kept."""
    return sent.terms is None or not sent.terms.request.lines


def _given_up(sent: Sent) -> bool:
    """Whether the backend is through with a request without having shipped any of it."""
    through = sent.work is not None and sent.work.state is WorkState.SHIPPED and sent.terms is not None
    lines = sent.terms.request.lines if sent.terms is not None else ()
    return through and all(sent.short.get(line.reference, 0) >= line.units for line in lines)


def _follow(
    sight: Sight,
    order: Order,
    sent: Sent,
    work: Work,
    fo: FulfillmentOrder | None,
    before: Terms,
    late: Late,
    *,
    ended: bool,
) -> None:
    """Say what to do about what changed of one request; one that has `ended` only new lines concern."""
    lines, by_hand = _lines(sight, order, sent, fo, before, late)
    asked = before.request
    location = _location(sight, fo, before)
    filled = _filled(sight, order, work, fo, before, lines, late)
    now = replace(
        terms_for(
            order,
            fo,
            location,
            key=asked.key,
            name=asked.name,
            warehouse=asked.warehouse,
            lines=lines,
            told=late.told,
            rules=sight.connection.rules.orders,
            filled=filled,
            mapping=before.mapping,
            by_hand=by_hand,
        ),
        let_be=before.let_be,
    )
    found = _found(sight, sent, work, fo, before, now, ended=ended)
    if ended and not found:
        return
    if (found or sent.asking) and _left_at_that(sight, sent, found):
        late.steps.append(Leave(sent.name, work, now, found, by_hand=True))
        if any(one.kind is Kind.CALLED_BACK for one in found):
            late.steps.append(refuse(sent.name, sent.fulfillment_order, work))
        return
    courses = {one: course(one.kind, work.state, sight.can) for one in found}
    if {Course.STOP, Course.REPLACE} & {*courses.values()}:
        late.steps.append(Stop(asked.key, sent.name, work, found))
        return
    if Course.REFUSE in courses.values():
        late.steps.append(refuse(sent.name, sent.fulfillment_order, work))
    done, let, ask, gone = (tuple(one for one in found if courses[one] is what) for what in _NOT_STOPPED)
    terms = _with(before, now, work, done, let)
    if gone and not ask and not sent.asking and is_to_be_seen_to(sight, sent, gone):
        late.steps.append(see_to(sight, sent, work, terms, now, gone, _what(sent.name, (*gone, *let))))
        return
    if done or (sent.asking and not ended):
        late.steps.append(Amend(sent.name, work, terms, done, let, _inventory_items(order, terms)))
        late.told[asked.key] = terms.request
    elif let:
        late.steps.append(Leave(sent.name, work, terms, let, by_hand=False))
        late.told[asked.key] = terms.request
    if ask or gone:
        left = not ask and may_be_seen_to(sight, sent, gone)
        late.problems.append(too_late(_what(sent.name, (*ask, *gone)), work, (*ask, *gone), left=left))


def _location(sight: Sight, fo: FulfillmentOrder | None, before: Terms) -> LocationId:
    """
    Return from where it is to ship now.

    As before where nothing is left of it to ship, and while Shopify is just being told of a package: what left from
    elsewhere moves there first, and that changes nothing for the warehouse.
    """
    settled = sight.left.sure and fo is not None and any(line.remaining for line in fo.lines)
    return before.location if not settled or fo is None or fo.location is None else fo.location


def _found(
    sight: Sight, sent: Sent, work: Work, fo: FulfillmentOrder | None, before: Terms, now: Terms, *, ended: bool
) -> tuple[Change, ...]:
    """Name what changed; a merchant's question about what ships counts until it is answered."""
    found = tuple(one for one in _changes(before, now, work) if not ended or one.kind is Kind.LINE_ADDED)
    if fo is not None and is_called_back(fo) and still_ships(sight, sent, fo):
        return (*found, Change(Kind.CALLED_BACK))
    return found


def _changes(before: Terms, now: Terms, work: Work) -> Sequence[Change]:
    """Name what changed and is not settled. What passed because all had left is open again should goods come back."""
    passed = before.passed if work.state is WorkState.SHIPPED else ()
    return [one for one in changes(before, now) if one.kind not in passed]


def _with(before: Terms, now: Terms, work: Work, done: Sequence[Change], let: Sequence[Change]) -> Terms:
    """Return what the order rests on once these changes are made, and those are let be."""
    if work.state is WorkState.SHIPPED:
        return replace(with_changes(before, now, _kinds(done)), passed=(*before.passed, *_kinds(let)))
    return replace(with_changes(before, now, _kinds((*done, *let))), passed=())


def _kinds(found: Sequence[Change]) -> tuple[Kind, ...]:
    return tuple(dict.fromkeys(one.kind for one in found))


def _filled(
    sight: Sight,
    order: Order,
    work: Work,
    fo: FulfillmentOrder | None,
    before: Terms,
    lines: Sequence[RequestLine],
    late: Late,
) -> Filled:
    """Return what its fields say now, by the mapping that it was sent with; as before where a required one is lost."""
    as_before = Filled(before.request.fields, lines={line.reference: line.fields for line in before.request.lines})
    if fo is None:
        return as_before
    rules, asked = sight.connection.rules.orders, before.request
    wanted = {line.reference for line in lines}
    theirs = [line for line in fo.lines if line.id in wanted]
    filled = sight.filling.of(order, rules, before.mapping, asked.warehouse, fo.location_name, theirs)
    # What was never there was not demanded when it was sent.
    said = dict.fromkeys(
        one.name for fields in (asked.fields, *(line.fields for line in asked.lines)) for one in fields
    )
    lost = [filled.missing[name] for name in said if name in filled.missing]
    if not lost:
        return filled
    if order.cancelled_at is None and work.state.may_still_ship:
        late.problems.append(Hold(Cause.FIELD_UNFILLED, f"{asked.name}: {' '.join(lost)}"))
    return as_before


def _left_at_that(sight: Sight, sent: Sent, found: Sequence[Change]) -> bool:
    """Whether a person has read of all these changes, and said to leave the order as the backend has it."""
    said = sight.answered
    if said is None or said.word is not Word.LEAVE:
        return False
    return said.stands_for(f"{sent.name}:") and all(said.stands_for(change.sentence) for change in found)


_NOT_STOPPED = (Course.AMEND, Course.LET_SHIP, Course.ASK, Course.FOLLOW_UP)


def _before_terms_were_kept(sight: Sight, order: Order, sent: Sent, work: Work, late: Late) -> None:
    """Of what was accepted by an older hub, only a cancellation can be seen."""
    if order.cancelled_at is None or not work.state.may_still_ship:
        return
    found = (Change(Kind.CANCELLED),)
    if course(Kind.CANCELLED, work.state, sight.can) is Course.STOP:
        late.steps.append(Stop(sent.key, sent.name, work, found))
    else:
        late.problems.append(too_late(_what(sent.name, found), work, found))


def _give_up(sight: Sight, order: Order, late: Late, moving: Collection[FulfillmentOrderId]) -> None:
    """Settle what the backend will not ship and Shopify waits for: by the rules, or as a person says."""
    resting = under_way(sight, order)
    if isinstance(resting, Wait):
        late.waits.append(resting)
        return
    if resting is not None:
        late.problems.append(resting)
        return
    found = [one for one in missing(sight, order) if one.sent.fulfillment_order not in moving]
    begun = sight.cancellation is not None
    off = [one for one in found if (begun and not one.part.at_service) or is_to_go(sight, one)]
    late.steps += [give_back(one.sent, one.work, one.part) for one in off if one.part.at_service]
    step = withdraw(sight, order, [one for one in off if not one.part.at_service])
    if step is not None:
        late.steps.append(step)
        late.waits.append(Wait(JOB_TIME, f"Shopify is to take it out of {order.name}."))
    for one in found:
        if one in off or one.sent.terms is None:
            continue
        said = sight.answered
        if said is not None and said.word is Word.LEAVE and said.stands_for(one.hold.detail):
            late.steps.append(Leave(one.sent.name, one.work, _let_be(one, one.sent.terms), (), by_hand=True))
        else:
            late.problems.append(one.hold)


def _let_be(one: Missing, terms: Terms) -> Terms:
    if one.work.state is WorkState.CANCELLED:
        return replace(terms, request=replace(terms.request, lines=()))
    return replace(terms, let_be=one.units.total())


def too_late(what: str, work: Work, asked: Sequence[Change], said: str = "", *, left: bool = False) -> Hold:
    """
    Return the hold that asks a person about these changes; `said` is what the backend answered.

    `left`: it has left, and the hub could do what is left to do about all of them.
    """
    off = {Kind.CANCELLED, Kind.WITHDRAWN, Kind.VOIDED, Kind.CALLED_BACK}
    cause = Cause.CANCELLED_LATE if any(one.kind in off for one in asked) else Cause.CHANGED_LATE
    cause = Cause.LEFT_ALREADY if left else cause
    state = work.state.value.replace("_", " ")
    return Hold(cause, f"{what} The warehouse has {work.reference}, {state}. {said}".strip())


def _lines(
    sight: Sight,
    order: Order,
    sent: Sent,
    fo: FulfillmentOrder | None,
    before: Terms,
    late: Late,
) -> tuple[tuple[RequestLine, ...], int]:
    """
    Return the lines that Shopify wants of the request in all, shipped units included, and what others fulfilled of it.

    As before where it cannot be told now: Shopify is just being told of a package, or a new line has no item yet.
    """
    asked = {line.reference: line for line in before.request.lines}
    there = {line.id: line for line in fo.lines} if fo is not None else {}
    taken = late.cover.taken
    added = [
        replace(line, remaining=Units(line.remaining - taken[line.id]))
        for line in there.values()
        if line.id not in asked and line.remaining > taken[line.id]
    ]
    _link_first(sight, order, added, late)
    if before.followed_up or not sight.left.sure or any(line.variant not in sight.links for line in added):
        return before.request.lines, before.by_hand
    lines = []
    by_hand = 0
    elsewhere = fulfilled_elsewhere(sight, order)
    for known in before.request.lines:
        line = there.get(known.reference)
        place = (sent.key, known.reference)
        wanted = sight.left.told.get(place, 0) + late.cover.lent[place]
        if line is not None:
            wanted += line.remaining - taken[line.id]
            # What is missing may be what somebody else fulfilled: then it was not taken away.
            theirs = max(0, min(known.units - wanted, elsewhere[line.line_item]))
            elsewhere[line.line_item] -= theirs
            by_hand += theirs
            wanted += theirs
        # Units that the backend gave up on may be wanted or not: either way it was asked for them already.
        given_up = sent.short.get(known.reference, 0)
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


def _inventory_items(order: Order, terms: Terms) -> tuple[InventoryItemId | None, ...]:
    known = {line.id: line.inventory_item for fo in order.fulfillment_orders for line in fo.lines}
    return tuple(known.get(line.reference) for line in terms.request.lines)


def _what(name: str, found: Sequence[Change]) -> str:
    if not found:
        return f"{name}: it is not known what came of an earlier change."
    return f"{name}: {', '.join(change.sentence for change in found)}."
