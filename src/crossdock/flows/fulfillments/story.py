"""What an order's time line is told of its shipping: only what one look changed."""

from collections.abc import Iterator, Sequence
from typing import assert_never

from crossdock.flows.fulfillments.act import Acted, Heard
from crossdock.flows.fulfillments.sight import Sight
from crossdock.flows.fulfillments.steps import (
    Act,
    Adopt,
    Cancel,
    Correct,
    Create,
    PackageStep,
    Relocate,
    Report,
    Show,
    said,
)
from crossdock.kit.wording import counted
from crossdock.model.cause import Hold
from crossdock.model.request import Package, Tracking, WorkState


def events(sight: Sight, acted: Acted) -> Sequence[tuple[str, str]]:
    """Return the kind and the sentence of each event, in the order in which they happened."""
    return [*_at_the_warehouse(sight), *_heard(acted.heard), *_carried(sight, acted.heard), *_rested(sight, acted)]


def _at_the_warehouse(sight: Sight) -> Iterator[tuple[str, str]]:
    for known in sight.work:
        if known.recorded is not known.work.state and known.recorded is not None:
            yield known.work.state.value, _progress(known.name, known.work.state)
            short = sum(units for _, units in known.work.short)
            if short and known.work.state is WorkState.SHIPPED:
                yield "short", f"{known.name} left short: the warehouse gave up on {counted(short, 'unit')}."


def _heard(heard: Sequence[Heard]) -> Iterator[tuple[str, str]]:
    for one in heard:
        if isinstance(one.step, Relocate):
            yield "moved", f"Shopify has {one.step.what}. They were at {one.step.from_}."
        elif not isinstance(one.step, Show):
            yield _told(one.step)
        elif one.refused is not None:
            yield "not_shown", f"Shopify does not show how far {one.step.name} is. {one.refused}"
        else:
            yield from _shown(one.step)


def _carried(sight: Sight, heard: Sequence[Heard]) -> Iterator[tuple[str, str]]:
    """Say it where a parcel carrier has what was to be brought to the customer."""
    if sight.order is None:
        return
    brought = {part.id for part in sight.order.fulfillment_orders if part.method == "LOCAL"}
    for one in heard:
        if (
            isinstance(one.step, Create)
            and one.step.tracking.carrier
            and brought & {part for part, *_ in one.step.lines}
        ):
            what = f"Package {one.step.package.id} is a local delivery, and left with {one.step.tracking.carrier}."
            yield "carried", f"{what} The customer was promised that it is brought."


def _shown(step: Show) -> Iterator[tuple[str, str]]:
    match step.act:
        case Act.HOLD:
            yield "on_hold", f"{step.name} is on hold at the warehouse: {step.after.on_hold} Shopify shows it."
        case Act.NOTE if step.after.on_hold is not None:
            yield "on_hold", f"{step.name} is on hold at the warehouse: {step.after.on_hold}"
        case Act.RELEASE:
            yield "resumed", f"Our hold on {step.name} at Shopify is off."
        case Act.PROGRESS:
            yield "begun", f"Shopify shows that the warehouse works on {step.name}."
        case Act.OPEN:
            yield "reopened", f"Shopify shows that nobody works on {step.name} any more."
        case Act.PREPARE:
            yield "ready", f"{step.name} waits to be collected; Shopify knows."
        case Act.NOTE:
            pass
        case _:
            assert_never(step.act)


def _told(step: PackageStep) -> tuple[str, str]:
    package = step.package
    match step:
        case Adopt():
            return (
                "found",
                f"Shopify knew of package {package.id} already ({_of(package.tracking)}, {_units(package)}).",
            )
        case Create(as_assigned=True):
            told = f"{_of(step.tracking)}, {_units(package)}, from where Shopify had it"
            return "told", f"Shopify was told of package {package.id}: {told}, as a person chose."
        case Create():
            return "told", f"Shopify was told of package {package.id}: {_of(step.tracking)}, {_units(package)}."
        case Correct():
            return "corrected", f"Shopify has the tracking of package {package.id} as it is now: {_of(step.tracking)}."
        case Cancel(fulfillment=None):
            return "cancelled", f"Package {package.id} was cancelled before Shopify heard of it."
        case Cancel():
            return "cancelled", f"Package {package.id} was cancelled; Shopify waits for its {_units(package)} again."
        case Report():
            return step.event.status.value, f"Package {package.id} is {said(step.event)}; Shopify knows."
        case _:
            assert_never(step)


def _of(tracking: Tracking) -> str:
    return f"{tracking.carrier or 'Carrier unknown'} {tracking.number or 'without tracking number'}"


def _units(package: Package) -> str:
    return counted(sum(units for _, units in package.contents), "unit")


def _rested(sight: Sight, acted: Acted) -> Iterator[tuple[str, str]]:
    if isinstance(acted.rest, Hold) and acted.rest != sight.hold:
        yield "held", f"Held: {acted.rest.detail} {acted.rest.remedy}"
    if sight.hold is not None and acted.rest is None:
        yield "released", "What held its shipping is settled."


def _progress(name: str, state: WorkState) -> str:
    how = {
        WorkState.NOT_RELEASED: "waits at the warehouse",
        WorkState.RELEASED: "was released to the floor",
        WorkState.PICKING: "is being picked",
        WorkState.PACKED: "is packed",
        WorkState.SHIPPED: "has left the warehouse",
        WorkState.CANCELLED: "was cancelled at the warehouse",
    }
    return f"{name} {how[state]}."
