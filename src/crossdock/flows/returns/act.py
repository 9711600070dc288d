"""Carries plans about returns out, each telling written down first, one after the other within an order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from crossdock.flows.returns.parcels import Track
from crossdock.flows.returns.steps import Announce, Approve, BackApart, Close, Create, Dispose, Process, ReturnStep, Tie
from crossdock.kit.errors import HubError, Recovery
from crossdock.model.cause import Cause, Hold
from crossdock.model.names import ConnectionId, OrderId, ReturnId, ReturnKey
from crossdock.model.plan import Plan
from crossdock.model.returning import ReturnOrder
from crossdock.pending.carrying_out import carry_out
from crossdock.pending.sources import Sources
from crossdock.pending.work import Claim, Rest, put_off
from crossdock.store import returns
from crossdock.store.database import Tx

SIDE_BY_SIDE = 8
"""Orders under way at once; the store's budget decides how fast they go."""


@dataclass(frozen=True, slots=True)
class Done:
    """A step that was carried out, and what came back: the backend's record, or the id of a new return."""

    step: ReturnStep
    record: ReturnOrder | None = None
    id: ReturnId | None = None


@dataclass(frozen=True, slots=True)
class Acted:
    """What came of one order's plan: what was done, and where it stopped, if it did."""

    plan: Plan[ReturnStep]
    done: Sequence[Done]
    error: HubError | None = None

    @property
    def answered(self) -> Sequence[ReturnKey]:
        """The returns of which it is known what became of all that Shopify was told."""
        told = [step for step in self.plan.steps if isinstance(step, Create | Track | Dispose | Process)]
        known = {step.key for step in told}
        if self.error is not None and self.error.recovery is not Recovery.HOLD:
            known.discard(_key(self.plan.steps[len(self.done)]))
        return sorted(known)

    @property
    def rest(self) -> Rest:
        """How the order rests: what was said now outranks what the plan left open."""
        if self.error is None:
            return self.plan.rest
        if self.error.recovery is Recovery.HOLD:
            return Hold(Cause.RETURN_REFUSED, str(self.error))
        return put_off(self.error)


def _key(step: ReturnStep) -> ReturnKey | None:
    return step.key if isinstance(step, Create | Track | Dispose | Process) else None


async def act(sources: Sources, claims: Sequence[Claim], plans: Sequence[Plan[ReturnStep]]) -> Sequence[Acted]:
    """Carry out the plan of each claim; Shopify would take the same goods back, or refund them, a second time."""

    async def write_down(tx: Tx, plan: Plan[ReturnStep]) -> None:
        await _write_down(tx, sources.connection.id, plan)

    async def tell(step: ReturnStep) -> Done:
        return await _tell(sources, step)

    carried = await carry_out(sources.database, claims, plans, write_down, tell, SIDE_BY_SIDE)
    return [Acted(plan, done, error) for plan, (done, error) in zip(plans, carried, strict=True)]


async def _write_down(tx: Tx, connection: ConnectionId, plan: Plan[ReturnStep]) -> None:
    order = OrderId(plan.key)
    for step in plan.steps:
        match step:
            case Announce():
                await returns.know(tx, connection, order, step.request.key, step.id)
            case Create():
                await returns.know(tx, connection, order, step.key, None)
                await returns.telling(tx, connection, step.key, step.sentence)
            case Track() | Dispose() | Process():
                await returns.telling(tx, connection, step.key, step.sentence)
            case Approve() | Tie() | Close() | BackApart():
                pass
            case _:
                assert_never(step)


async def _tell(sources: Sources, step: ReturnStep) -> Done:
    storefront = sources.storefront
    match step:
        case Approve():
            await storefront.approve_return(step.id)
        case Announce():
            return Done(step, record=await sources.backend.announce_return(step.request))
        case Tie() | BackApart():
            pass
        case Create():
            return Done(step, id=await storefront.create_return(step.order, step.lines, step.note))
        case Track():
            tracking = step.parcel.tracking
            if step.delivery is None:
                await storefront.create_reverse_delivery(step.order, tracking)
            else:
                await storefront.track_reverse_delivery(step.delivery, tracking)
        case Dispose():
            await storefront.dispose(step.disposals)
        case Process():
            await storefront.process_return(step.id, step.lines, step.refund, step.exchanges, shipping=step.shipping)
        case Close():
            await storefront.close_return(step.id)
        case _:
            assert_never(step)
    return Done(step)
