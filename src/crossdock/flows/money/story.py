"""What an order's time line is told of its money: only what one look changed."""

from collections.abc import Iterator, Sequence
from typing import assert_never

from crossdock.flows.money.act import Acted, Done
from crossdock.flows.money.sight import Sight
from crossdock.flows.money.steps import Book, Capture, GiveBack, Note, Reply
from crossdock.model.cause import Hold
from crossdock.model.credit import Credit


def events(sight: Sight, acted: Acted) -> Sequence[tuple[str, str]]:
    """Return the kind and the sentence of each event, in the order in which they happened."""
    return [*(_told(sight, done) for done in acted.done), *_rested(sight, acted)]


def _told(sight: Sight, done: Done) -> tuple[str, str]:
    step = done.step
    match step:
        case Capture():
            return "captured", f"{step.money} was captured: {step.why}."
        case GiveBack():
            return "refunded", f"{step.money} went back to the customer; {sight.backend} asked for it as {step.key}."
        case Reply():
            answer = "" if step.answer.made else " It was not made."
            return "refund_answered", f"{sight.backend} knows what became of {step.key}: {step.answer.said}{answer}"
        case Book():
            return "credited", f"{_refund(step.credit)} {sight.backend} has it as {done.reference}."
        case Note():
            how = "it is to be booked there by hand" if step.ask else "it is not told"
            return "refund_noted", f"{_refund(step.credit)} {sight.backend} takes no credit documents: {how}."
        case _:
            assert_never(step)


def _refund(credit: Credit) -> str:
    """The refund, and what of it is for neither goods nor shipping."""
    money = f"{credit.total.written(credit.currencies)} went back as {credit.name}"
    if not credit.adjustment:
        return f"{money}."
    beside = credit.adjustment.written(credit.currencies)
    reason = f", by Shopify's reason {credit.reason}" if credit.reason else ", for which Shopify gives no reason"
    return (
        f"{money}; goods and shipping come to {credit.listed.written(credit.currencies)}, {beside} is beside{reason}."
    )


def _rested(sight: Sight, acted: Acted) -> Iterator[tuple[str, str]]:
    if isinstance(acted.rest, Hold) and acted.rest != sight.hold:
        yield "held", f"Held: {acted.rest.detail} {acted.rest.remedy}"
    if sight.hold is not None and acted.rest is None:
        yield "released", "What held its money is settled."
