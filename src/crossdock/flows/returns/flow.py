"""The returns flow as the drain calls it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from crossdock.flows.returns.act import Acted, Done, act
from crossdock.flows.returns.decide import decide
from crossdock.flows.returns.observe import observe
from crossdock.flows.returns.parcels import Track, known_there
from crossdock.flows.returns.sight import Case, Sight
from crossdock.flows.returns.steps import Announce, Approve, BackApart, Close, Create, Dispose, Process, ReturnStep, Tie
from crossdock.flows.returns.story import events
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, OrderId
from crossdock.model.plan import Plan
from crossdock.pending.mark import mark
from crossdock.pending.sources import Sources
from crossdock.pending.work import Claim, Look
from crossdock.store import returns, timeline
from crossdock.store.database import Tx
from crossdock.store.timeline import Event

ORDER = "gid://shopify/Order/"


@dataclass(frozen=True, slots=True)
class ReturnsFlow:
    """Looks at the returns of one connection's orders."""

    sources: Sources

    async def plan(self, keys: Sequence[str]) -> Sequence[Plan[ReturnStep]]:
        """Return what would be done about the returns of these orders, and do nothing."""
        return [decide(sight) for sight in await observe(self.sources, [OrderId(key) for key in keys])]

    async def __call__(self, claims: Sequence[Claim]) -> Sequence[Look]:
        """Look at the claimed orders; returns and their parts among them pass the word on to their orders."""
        parts = [claim for claim in claims if not claim.key.startswith(ORDER)]
        whole = [claim for claim in claims if claim.key.startswith(ORDER)]
        return [*(self._pass_on(claim) for claim in parts), *await self._look(whole)]

    def _pass_on(self, claim: Claim) -> Look:
        """A return that the hub has not dealt with is told of by its order's own news."""

        async def write(tx: Tx) -> None:
            orders = await returns.orders_of(tx, claim.connection, claim.key)
            await mark(tx, claim.connection, Flow.RETURNS, orders, claim.reason)

        return Look(claim, None, write)

    async def _look(self, claims: Sequence[Claim]) -> Sequence[Look]:
        if not claims:
            return []
        sights = await observe(self.sources, [OrderId(claim.key) for claim in claims])
        acted = await act(self.sources, claims, [decide(sight) for sight in sights])
        return [_settled(claim, sight, one) for claim, sight, one in zip(claims, sights, acted, strict=True)]


def _settled(claim: Claim, sight: Sight, acted: Acted) -> Look:
    connection, order = claim.connection, OrderId(claim.key)

    async def write(tx: Tx) -> None:
        for done in acted.done:
            await _keep(tx, connection, order, done)
        for key in acted.answered:
            await returns.told(tx, connection, key)
        for case in sight.cases:
            await _note_what_is_there(tx, connection, case)
        told = events(sight, acted)
        await timeline.tell_many(tx, [Event(connection, order, Flow.RETURNS, *event) for event in told])

    return Look(claim, acted.rest, write)


async def _note_what_is_there(tx: Tx, connection: ConnectionId, case: Case) -> None:
    """Write down what of a return Shopify is seen to have, where that is news."""
    if case.known is None:
        return
    ways = tuple(dict.fromkeys(line.order for line in case.of.reverse_lines))
    if (ways, known_there(case)) != (case.known.ways, case.known.told):
        await returns.seen(tx, connection, case.known.key, ways, known_there(case))


async def _keep(tx: Tx, connection: ConnectionId, order: OrderId, done: Done) -> None:
    """Write down what was done."""
    step = done.step
    match step:
        case Announce():
            if done.record is not None:
                lines = [(line.reference, line.units) for line in step.request.lines]
                await returns.announced(
                    tx, connection, step.request.key, done.record.reference, lines, step.request.parcels
                )
        case Tie():
            await returns.know(tx, connection, order, step.key, step.id)
        case Create():
            await returns.know(tx, connection, order, step.key, done.id)
        case Close() | BackApart():
            await returns.closed(tx, connection, step.key)
        case Track():
            await returns.tracked(tx, connection, step.key, step.parcel)
        case Approve() | Dispose() | Process():
            pass
        case _:
            assert_never(step)
