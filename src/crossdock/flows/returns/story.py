"""What an order's time line is told of its returns: only what one look changed."""

from collections.abc import Iterator, Sequence
from typing import assert_never

from crossdock.flows.returns.act import Acted, Done
from crossdock.flows.returns.parcels import Track, said
from crossdock.flows.returns.sight import Sight
from crossdock.flows.returns.steps import Announce, Approve, BackApart, Close, Create, Dispose, Process, Tie
from crossdock.kit.wording import counted
from crossdock.model.cause import Hold


def events(sight: Sight, acted: Acted) -> Sequence[tuple[str, str]]:
    """Return the kind and the sentence of each event, in the order in which they happened."""
    return [*(_told(done) for done in acted.done), *_rested(sight, acted)]


def _told(done: Done) -> tuple[str, str]:
    step = done.step
    match step:
        case Approve():
            return "return_approved", f"Return {step.name} was approved, by rule."
        case Announce():
            return _announced(step, done)
        case Tie():
            return "return_found", f"{step.reference} came unannounced; it is return {step.name}."
        case Create():
            return "return_created", f"{step.note} came unannounced; Shopify has a return for it."
        case Track():
            sentence = f"Shopify knows of {said(step.parcel.tracking)} with {step.name}, as the warehouse has it."
            return "return_tracked", sentence
        case Dispose():
            return "disposed", f"Shopify knows what became of {step.name}: {step.what}."
        case Process():
            return _processed(step)
        case BackApart():
            return "back_apart", f"{step.reference} is back: {step.what}."
        case Close():
            return "return_closed", f"Return {step.name} is closed: everything is accounted for."
        case _:
            assert_never(step)


def _announced(step: Announce, done: Done) -> tuple[str, str]:
    request, expected = step.request, sum(line.units for line in step.request.lines)
    if not expected:
        return "return_called_off", f"Warehouse {request.warehouse} expects no more of {request.name}."
    if step.of_parcels:
        return "return_on_its_way", f"Warehouse {request.warehouse} knows how {request.name} travels{step.travel}."
    reference = done.record.reference if done.record is not None else "it"
    what = counted(expected, "unit")
    return "announced", f"Warehouse {request.warehouse} expects {request.name} as {reference}: {what}{step.travel}."


def _processed(step: Process) -> tuple[str, str]:
    money = f"{step.refund.amount} went back" if step.refund is not None else "no money went back"
    back = counted(step.back, "unit")
    if not step.exchanges:
        return "returned", f"{back} of {step.name} came back; Shopify has undone their sale, {money}."
    if step.owed is not None:
        money = f"the customer owes {step.owed}, and Shopify holds it until that is paid"
    sent = counted(step.sent, "unit")
    return "exchanged", f"{sent} instead of {back} of {step.name} to be shipped with the order; {money}."


def _rested(sight: Sight, acted: Acted) -> Iterator[tuple[str, str]]:
    if isinstance(acted.rest, Hold) and acted.rest != sight.hold:
        yield "held", f"Held: {acted.rest.detail} {acted.rest.remedy}"
    if sight.hold is not None and acted.rest is None:
        yield "released", "What held its return is settled."
