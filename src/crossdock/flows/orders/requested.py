"""
What a merchant requested of a fulfillment service, and what it is answered. Pure.

Every answer follows from what the backend is known to have: one that got lost, or that nobody lived to give, is due
again at the next look, and Shopify takes each only while it waits for it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from crossdock.flows.orders.covering import Cover
from crossdock.flows.orders.sight import Sent, Sight, Work
from crossdock.flows.orders.taking import never_ours
from crossdock.model import service_request
from crossdock.model.answer import Word
from crossdock.model.cause import Cause, Hold
from crossdock.model.names import FulfillmentOrderId, RequestKey
from crossdock.model.order import FulfillmentOrder, Order
from crossdock.model.request import WorkState
from crossdock.model.service_request import Reason, Reply, Say, awaits_word, is_called_back

_STORIES: Final = {
    Say.ACCEPT: ("request_accepted", "Shopify shows that {name} is accepted. {message}"),
    Say.REJECT: ("request_rejected", "The merchant's request for {name} was rejected. {message}"),
    Say.AGREE: ("cancellation_accepted", "{name} is cancelled, as the merchant requested. {message}"),
    Say.REFUSE: ("cancellation_rejected", "The merchant was told that {name} ships all the same. {message}"),
    Say.CLOSE: ("request_closed", "The merchant was told that {name} does not ship. {message}"),
}


@dataclass(frozen=True, slots=True)
class Respond:
    """Answer the merchant through Shopify. Safe to repeat: Shopify says whether it still waits for an answer."""

    name: str
    reply: Reply

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        return f"Answer the merchant's request for {self.name}: {self.reply.say}. {self.reply.message}"

    @property
    def event(self) -> tuple[str, str]:
        """What the time line is told once it is done."""
        kind, story = _STORIES[self.reply.say]
        return kind, story.format(name=self.name, message=self.reply.message)


def responses(sight: Sight, order: Order, covered: Cover) -> Iterator[Respond]:
    """Yield the answers that follow from what the backend has, to what is requested of the connection's locations."""
    if never_ours(order, sight.connection.rules.orders) is not None:
        return
    for fo in order.fulfillment_orders:
        if fo.location is None or not sight.connection.warehouses.get(fo.location):
            continue
        at_work = [sent for sent in sight.sent if sent.fulfillment_order == fo.id and still_ships(sight, sent, fo)]
        if awaits_word(fo):
            yield from _accept(order, fo, at_work, covered)
        elif is_called_back(fo) and not at_work and not any(covered.stray[line.line_item] for line in fo.lines):
            yield Respond(order.name, Reply(fo.id, Say.AGREE, "Nothing more of it ships."))


def _accept(order: Order, fo: FulfillmentOrder, at_work: Sequence[Sent], covered: Cover) -> Iterator[Respond]:
    known = next(((sent.name, sent.work) for sent in at_work if sent.recorded), None)
    if known is not None and known[1] is not None:
        yield Respond(known[0], Reply(fo.id, Say.ACCEPT, f"It is {known[1].reference} at the warehouse."))
    elif not at_work and fo.lines and all(0 < line.remaining <= covered.taken[line.id] for line in fo.lines):
        yield Respond(order.name, Reply(fo.id, Say.ACCEPT, "The warehouse has it in hand."))


def still_ships(sight: Sight, sent: Sent, fo: FulfillmentOrder) -> bool:
    """Tell whether goods of a fulfillment order are to leave for a request, or have left unseen by Shopify."""
    if sent.work is None or sent.work.state is WorkState.CANCELLED:
        return False
    if sent.work.state.may_still_ship or not sight.left.sure:
        return True
    return any(line.remaining > sent.short.get(line.id, 0) for line in fo.lines)


def turn_down(sight: Sight, order: Order, fo: FulfillmentOrder, problem: Hold) -> Respond | Hold:
    """
    Reject what cannot be taken on, by the rule or because a person said so; else return the hold that asks.

    What lies with the hub's own set-up is no business of the merchant's, and stays as it is.
    """
    if not awaits_word(fo) or problem.cause not in {Cause.ITEM_UNLINKED, Cause.FIELD_MISSING}:
        return problem
    said = sight.answered
    told = said is not None and said.word is Word.CANCEL and said.stands_for(problem.detail)
    if told or sight.connection.rules.orders.reject_refused:
        return Respond(order.name, Reply(fo.id, Say.REJECT, problem.detail, _reason(order, problem)))
    return Hold(Cause.REQUEST_UNMET, problem.detail, problem.needs)


def _reason(order: Order, problem: Hold) -> Reason:
    if problem.cause is Cause.ITEM_UNLINKED:
        return Reason.INVALID_SKU
    if order.shipping_address is None or not order.shipping_address.address1:
        return Reason.INCORRECT_ADDRESS
    return Reason.OTHER


def rejected_by_hand(sight: Sight, fo: FulfillmentOrder, name: str) -> Respond | None:
    """Return the rejection of what the backend refused, where a person read of it and said so."""
    said = sight.answered
    if said is None or said.word is not Word.CANCEL or not awaits_word(fo) or not said.stands_for(f"{name}:"):
        return None
    return Respond(name, Reply(fo.id, Say.REJECT, said.detail))


def refused_by_backend(name: str, said: str) -> str:
    """Return what the backend said to a request, beginning with its name, by which a person's word on it is known."""
    return said if said.startswith(f"{name}:") else f"{name}: {said}"


def refuse(name: str, fulfillment_order: FulfillmentOrderId, work: Work, said: str = "") -> Respond:
    """Return the answer that a cancellation comes too late; `said` is what the backend said to it."""
    state = work.state.value.replace("_", " ")
    message = f"The warehouse has {work.reference}, {state}. {said}".strip()
    return Respond(name, Reply(fulfillment_order, Say.REFUSE, message))


def give_back(sent: Sent, work: Work, fo: FulfillmentOrder) -> Respond:
    """Return how the merchant hears that the backend gave up what was requested."""
    if work.state is WorkState.CANCELLED:
        message, reason = f"The warehouse cancelled {work.reference}.", Reason.OTHER
    else:
        message, reason = f"The warehouse shipped {work.reference} short.", Reason.INVENTORY_OUT_OF_STOCK
    return Respond(sent.name, Reply(fo.id, Say.REJECT if awaits_word(fo) else Say.CLOSE, message, reason))


def given_back(sight: Sight) -> Sequence[RequestKey]:
    """Return the cancelled requests whose merchant knows of it: what is requested again is asked for anew."""
    parts = {fo.id: fo for fo in sight.order.fulfillment_orders} if sight.order is not None else {}
    return [
        sent.key
        for sent in sight.sent
        if not sent.stopping
        and sent.work is not None
        and sent.work.state is WorkState.CANCELLED
        and sent.fulfillment_order in parts
        and service_request.was_given_back(parts[sent.fulfillment_order])
    ]
