"""What changed about requests since the backend accepted them, and what is to be done about it. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from crossdock.flows.orders.changing import Amend, Late, Leave, Stop, too_late, what_changed
from crossdock.flows.orders.covering import Cover, cover
from crossdock.flows.orders.following_up import is_to_be_seen_to, may_be_seen_to, see_to
from crossdock.flows.orders.giving_up import JOB_TIME, Missing, is_to_go, missing, under_way, withdraw
from crossdock.flows.orders.requested import give_back, refuse, still_ships
from crossdock.flows.orders.restating import restated
from crossdock.flows.orders.sight import Sent, Sight, Work
from crossdock.flows.orders.undoing import undone
from crossdock.model.answer import Word
from crossdock.model.change import Change, Kind, Terms, changes, with_changes
from crossdock.model.course import Course, course
from crossdock.model.names import FulfillmentOrderId, InventoryItemId
from crossdock.model.order import FulfillmentOrder, Order
from crossdock.model.plan import Wait
from crossdock.model.request import WorkState
from crossdock.model.service_request import is_called_back


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


_NOT_STOPPED = (Course.AMEND, Course.LET_SHIP, Course.ASK, Course.FOLLOW_UP)


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
    now = restated(sight, order, sent, work, fo, before, late)
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
        late.steps.append(Stop(before.request.key, sent.name, work, found))
        return
    if Course.REFUSE in courses.values():
        late.steps.append(refuse(sent.name, sent.fulfillment_order, work))
    done, let, ask, gone = (tuple(one for one in found if courses[one] is what) for what in _NOT_STOPPED)
    terms = _with(before, now, work, done, let)
    if gone and not ask and not sent.asking and is_to_be_seen_to(sight, sent, gone):
        late.steps.append(see_to(sight, sent, work, terms, now, gone, what_changed(sent.name, (*gone, *let))))
        return
    if done or (sent.asking and not ended):
        late.steps.append(Amend(sent.name, work, terms, done, let, _inventory_items(order, terms)))
        late.told[before.request.key] = terms.request
    elif let:
        late.steps.append(Leave(sent.name, work, terms, let, by_hand=False))
        late.told[before.request.key] = terms.request
    if ask or gone:
        left = not ask and may_be_seen_to(sight, sent, gone)
        late.problems.append(too_late(what_changed(sent.name, (*ask, *gone)), work, (*ask, *gone), left=left))


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


def _left_at_that(sight: Sight, sent: Sent, found: Sequence[Change]) -> bool:
    """Whether a person has read of all these changes, and said to leave the order as the backend has it."""
    said = sight.answered
    if said is None or said.word is not Word.LEAVE:
        return False
    return said.stands_for(f"{sent.name}:") and all(said.stands_for(change.sentence) for change in found)


def _before_terms_were_kept(sight: Sight, order: Order, sent: Sent, work: Work, late: Late) -> None:
    """Of what was accepted by an older hub, only a cancellation can be seen."""
    if order.cancelled_at is None or not work.state.may_still_ship:
        return
    found = (Change(Kind.CANCELLED),)
    if course(Kind.CANCELLED, work.state, sight.can) is Course.STOP:
        late.steps.append(Stop(sent.key, sent.name, work, found))
    else:
        late.problems.append(too_late(what_changed(sent.name, found), work, found))


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


def _inventory_items(order: Order, terms: Terms) -> tuple[InventoryItemId | None, ...]:
    known = {line.id: line.inventory_item for fo in order.fulfillment_orders for line in fo.lines}
    return tuple(known.get(line.reference) for line in terms.request.lines)
