"""The fulfillments flow as the drain calls it."""

from collections.abc import Sequence
from dataclasses import dataclass

from crossdock.flows.fulfillments.act import Acted, act
from crossdock.flows.fulfillments.decide import Adopt, FulfillmentStep, decide
from crossdock.flows.fulfillments.observe import observe
from crossdock.flows.fulfillments.sight import Sight
from crossdock.kit.wording import counted
from crossdock.model.cause import Hold
from crossdock.model.flow import Flow
from crossdock.model.names import OrderId
from crossdock.model.plan import Plan
from crossdock.model.request import WorkState
from crossdock.pending.mark import mark
from crossdock.pending.sources import Sources
from crossdock.pending.work import Claim, Look
from crossdock.store import packages, requests, timeline
from crossdock.store.database import Tx
from crossdock.store.timeline import Event


@dataclass(frozen=True, slots=True)
class FulfillmentsFlow:
    """Looks at the shipping of one connection's orders."""

    sources: Sources

    async def plan(self, keys: Sequence[str]) -> Sequence[Plan[FulfillmentStep]]:
        """Return what would be done about these orders, and do nothing."""
        return [decide(sight) for sight in await observe(self.sources, [OrderId(key) for key in keys])]

    async def __call__(self, claims: Sequence[Claim]) -> Sequence[Look]:
        """Look at the claimed orders."""
        sources = self.sources
        sights = await observe(sources, [OrderId(claim.key) for claim in claims])
        acted = await act(
            sources.database, sources.storefront, sources.connection.id, [decide(sight) for sight in sights]
        )
        return [_settled(claim, sight, one) for claim, sight, one in zip(claims, sights, acted, strict=True)]


def _settled(claim: Claim, sight: Sight, acted: Acted) -> Look:
    connection, order = claim.connection, OrderId(claim.key)

    async def write(tx: Tx) -> None:
        changed = (known.work for known in sight.work if known.recorded is not known.work.state)
        moved = sorted(changed, key=lambda work: work.key)
        for work in moved:
            await requests.accepted(tx, connection, work.key, work.reference, work.state)
        short = [
            item
            for known in sight.work
            for item in await requests.gave_up(tx, connection, known.work.key, dict(known.work.short))
        ]
        for heard in acted.heard:
            adopted = isinstance(heard.step, Adopt)
            await packages.told(tx, connection, heard.step.package.id, heard.fulfillment, adopted=adopted)
        # Units that began to count as told when the telling began are off at Shopify now; others may be free again.
        items = await requests.items_of(
            tx, connection, [*(work.key for work in moved), *(heard.step.key for heard in acted.heard)]
        )
        await mark(tx, connection, Flow.INVENTORY, sorted({*items, *short}), "its shipping moved on")
        events = _events(sight, acted)
        await timeline.tell_many(tx, [Event(connection, order, Flow.FULFILLMENTS, *event) for event in events])
        if moved or short or acted.heard:
            # The orders flow shows how far the order is; it looks again now that this has changed.
            await mark(tx, connection, Flow.ORDERS, [order], "its shipping moved on")

    return Look(claim, acted.rest, write)


def _events(sight: Sight, acted: Acted) -> Sequence[tuple[str, str]]:
    """What the time line is told: only what this look changed."""
    events: list[tuple[str, str]] = []
    for known in sight.work:
        if known.recorded is not known.work.state and known.recorded is not None:
            events.append((known.work.state.value, _progress(known.name, known.work.state)))
            short = sum(units for _, units in known.work.short)
            if short and known.work.state is WorkState.SHIPPED:
                events.append(("short", f"{known.name} left short: the warehouse gave up on {counted(short, 'unit')}."))
    for heard in acted.heard:
        package = heard.step.package
        units = counted(sum(units for _, units in package.contents), "unit")
        tracking = f"{package.carrier or 'Carrier unknown'} {package.tracking_number or 'without tracking number'}"
        if isinstance(heard.step, Adopt):
            events.append(("found", f"Shopify knew of package {package.id} already ({tracking}, {units})."))
        else:
            events.append(("told", f"Shopify was told of package {package.id}: {tracking}, {units}."))
    if isinstance(acted.rest, Hold) and acted.rest != sight.hold:
        events.append(("held", f"Held: {acted.rest.detail} {acted.rest.remedy}"))
    if sight.hold is not None and acted.rest is None:
        events.append(("released", "What held its shipping is settled."))
    return events


def _progress(name: str, state: WorkState) -> str:
    said = {
        WorkState.NOT_RELEASED: "waits at the warehouse",
        WorkState.RELEASED: "was released to the floor",
        WorkState.PICKING: "is being picked",
        WorkState.PACKED: "is packed",
        WorkState.SHIPPED: "has left the warehouse",
        WorkState.CANCELLED: "was cancelled at the warehouse",
    }
    return f"{name} {said[state]}."
