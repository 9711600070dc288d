"""The fulfillments flow as the drain calls it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from crossdock.flows.fulfillments.act import Acted, Heard, act
from crossdock.flows.fulfillments.decide import decide
from crossdock.flows.fulfillments.observe import observe
from crossdock.flows.fulfillments.sight import Sight
from crossdock.flows.fulfillments.steps import Adopt, Cancel, Correct, Create, FulfillmentStep, Relocate, Report, Show
from crossdock.flows.fulfillments.story import events
from crossdock.model.cause import Hold
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, InventoryItemId, OrderId, RequestKey
from crossdock.model.plan import Plan
from crossdock.pending.mark import mark
from crossdock.pending.sources import Sources
from crossdock.pending.work import Claim, Look
from crossdock.store import answers, packages, requests, taken_on, timeline
from crossdock.store.database import Tx
from crossdock.store.timeline import Event

_COUNTED = Adopt | Create | Cancel | Relocate
"""What changes what Shopify counts as sold, or where."""


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
        plans = [decide(sight) for sight in sights]
        acted = await act(sources.database, sources.storefront, sources.connection.id, claims, plans)
        return [_settled(claim, sight, one) for claim, sight, one in zip(claims, sights, acted, strict=True)]


def _settled(claim: Claim, sight: Sight, acted: Acted) -> Look:
    connection, order = claim.connection, OrderId(claim.key)

    async def write(tx: Tx) -> None:
        changed, stock = await _keep_work(tx, connection, sight)
        for heard in acted.sure:
            await _keep(tx, connection, heard)
        if acted.not_moved is not None:
            await packages.moved(tx, connection, acted.not_moved.package.id)
        if sight.answered is not None and (acted.rest is None or isinstance(acted.rest, Hold)):
            await answers.taken_in(tx, connection, Flow.FULFILLMENTS, order, sight.answered)
        counted = [heard.step.key for heard in acted.heard if isinstance(heard.step, _COUNTED)]
        # Units that began to count as told when the telling began are off at Shopify now; others may be free again.
        items = await requests.items_of(tx, connection, [*changed, *counted])
        await mark(tx, connection, Flow.INVENTORY, sorted({*items, *stock}), "its shipping moved on")
        told = events(sight, acted)
        await timeline.tell_many(tx, [Event(connection, order, Flow.FULFILLMENTS, *event) for event in told])
        if changed or stock or counted:
            # The orders flow shows how far the order is; it looks again now that this has changed.
            await mark(tx, connection, Flow.ORDERS, [order], "its shipping moved on")

    return Look(claim, acted.rest, write)


async def _keep_work(
    tx: Tx, connection: ConnectionId, sight: Sight
) -> tuple[Sequence[RequestKey], Sequence[InventoryItemId]]:
    """Write down how far the backend is; return the requests that moved, and the items that it gave up on."""
    back = [package.id for known in sight.work for package in known.work.packages if package.cancelled]
    await packages.taken_back(tx, connection, back)  # before the rest, which goes by what stands
    moved = sorted(
        (known.work for known in sight.work if known.recorded is not known.work.state), key=lambda work: work.key
    )
    for work in moved:
        await taken_on.accepted(tx, connection, work.key, work.reference, work.state)
    short = [
        item
        for known in sight.work
        for item in await taken_on.gave_up(tx, connection, known.work.key, dict(known.work.short))
    ]
    return [work.key for work in moved], short


async def _keep(tx: Tx, connection: ConnectionId, heard: Heard) -> None:
    """Write down what Shopify heard."""
    step = heard.step
    match step:
        case Adopt() | Create():
            if heard.fulfillment is not None:
                adopted = isinstance(step, Adopt)
                await packages.told(tx, connection, step.package.id, heard.fulfillment, adopted=adopted)
        case Relocate():
            await packages.moved(tx, connection, step.package.id)
        case Correct():
            await packages.corrected(tx, connection, step.package.id)
        case Cancel():
            await packages.cancelled(tx, connection, step.package.id)
        case Report():
            await packages.reported(tx, connection, step.package.id, step.event)
        case Show():
            await requests.shown(tx, connection, step.key, step.after)
        case _:
            assert_never(step)
