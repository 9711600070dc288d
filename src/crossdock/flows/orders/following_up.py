"""What is left to do about changes that came after the goods had left: expect them back, send more, or tell. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from crossdock.flows.orders.sight import Sent, Sight, Work
from crossdock.model.announced import key_of_goods_back
from crossdock.model.answer import Word
from crossdock.model.change import LINES, Change, Kind, Terms, with_changes
from crossdock.model.course import FollowUp, follow_up
from crossdock.model.names import FulfillmentOrderLineId, RequestKey, ReturnLineId, Units
from crossdock.model.request import FulfillmentRequest, RequestLine
from crossdock.model.returning import ReturnRequest, ReturnRequestLine


@dataclass(frozen=True, slots=True)
class SeeTo:
    """
    Let a request be as it left, and do what is left to do. Safe to repeat: an announcement goes by its key.

    `back` is what the backend is to expect, None where nothing comes back. What was added is asked for by itself, once
    `terms` say that what left is over. `what` says what changed.
    """

    name: str
    work: Work
    terms: Terms
    what: str
    ways: tuple[FollowUp, ...]
    back: ReturnRequest | None

    @property
    def key(self) -> RequestKey:
        """Which request it is about."""
        return self.terms.request.key

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        ways = ", ".join(way.value for way in self.ways) or "do nothing more"
        return f"Let {self.work.reference} be as it left, and {ways}. {self.what}"

    def story(self, reference: str | None) -> str:
        """What was done; `reference` is what the backend calls the goods that come back."""
        done = {
            FollowUp.TAKE_BACK: f"It expects the goods back as {reference}.",
            FollowUp.SEND_MORE: "What was added is asked for by itself.",
            FollowUp.TELL: "It goes where it was addressed to; the carrier may still be asked.",
            FollowUp.BOOK: "It is booked as it was told then; the books there are for a person to correct.",
        }
        return " ".join([f"{self.what} {self.work.reference} had left.", *(done[way] for way in self.ways)])


def may_be_seen_to(sight: Sight, sent: Sent, found: Sequence[Change]) -> bool:
    """
    Tell whether the hub could do what is left to do.

    It cannot send more of what the backend shipped less of than it was asked for: nobody knows what is meant.
    """
    ways = {follow_up(one.kind, sight.can) for one in found}
    return FollowUp.SEND_MORE not in ways or not +_short(sent)


def is_to_be_seen_to(sight: Sight, sent: Sent, found: Sequence[Change]) -> bool:
    """Tell whether a rule, or a person who has read of all these changes, says so, and it can be done."""
    if not may_be_seen_to(sight, sent, found):
        return False
    if sight.connection.rules.orders.follow_up:
        return True
    said = sight.answered
    if said is None or said.word is not Word.FOLLOW_UP:
        return False
    return said.stands_for(f"{sent.name}:") and all(said.stands_for(one.sentence) for one in found)


def see_to(
    sight: Sight, sent: Sent, work: Work, before: Terms, now: Terms, found: Sequence[Change], what: str
) -> SeeTo:
    """Return the step that sees to these changes, all of which can be."""
    ways = tuple(dict.fromkeys(way for one in found if (way := follow_up(one.kind, sight.can)) is not None))
    kinds = {one.kind for one in found}
    if FollowUp.SEND_MORE in ways:
        # What left stays what was asked for; of it, only what was taken off is less.
        wanted = {line.reference: line.units for line in now.request.lines}
        left = with_changes(before, now, kinds - LINES)
        kept = _kept(before.request, wanted)
        terms = replace(left, request=replace(left.request, lines=kept), followed_up=True)
    else:
        terms = with_changes(before, now, kinds)
    staying = () if Kind.CANCELLED in kinds else terms.request.lines
    back = _back(sight, sent, before.request, staying) if FollowUp.TAKE_BACK in ways else None
    done = tuple(way for way in ways if way is not FollowUp.TAKE_BACK or back is not None)
    return SeeTo(sent.name, work, terms, what, done, back)


def _short(sent: Sent) -> Counter[FulfillmentOrderLineId]:
    return Counter({line: int(units) for line, units in sent.short.items()})


def _kept(request: FulfillmentRequest, wanted: Mapping[FulfillmentOrderLineId, Units]) -> tuple[RequestLine, ...]:
    lines = (
        replace(line, units=Units(min(line.units, wanted.get(line.reference, Units(0))))) for line in request.lines
    )
    return tuple(line for line in lines if line.units > 0)


def _back(
    sight: Sight, sent: Sent, request: FulfillmentRequest, staying: Sequence[RequestLine]
) -> ReturnRequest | None:
    """Return what left and is not wanted any more; None where the backend had given it up."""
    wanted = {line.reference: line.units for line in staying}
    short = _short(sent)
    lines = tuple(
        ReturnRequestLine(ReturnLineId(line.reference), line.item, line.sku, line.title, Units(units), "unwanted")
        for line in request.lines
        if (units := line.units - wanted.get(line.reference, 0) - short[line.reference]) > 0
    )
    if not lines:
        return None
    number = 1 + sum(one.announced is not None for one in sight.expected_back if one.request == sent.key)
    key = key_of_goods_back(sent.key, number)
    warehouse = sight.connection.rules.returns.warehouse or request.warehouse
    return ReturnRequest(key, f"{sent.name} (back {number})", sight.id, warehouse, lines)
