"""Carries plans about money out, each move written down first, one after the other within an order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from crossdock.flows.money.refunding import what
from crossdock.flows.money.steps import Book, Capture, GiveBack, MoneyStep, Note, Reply
from crossdock.kit.errors import HubError, Recovery
from crossdock.model.cause import Cause, Hold
from crossdock.model.credit import RefundRequest
from crossdock.model.names import ConnectionId, OrderId, RefundId
from crossdock.model.plan import Plan
from crossdock.pending.carrying_out import carry_out
from crossdock.pending.sources import Sources
from crossdock.pending.work import Claim, Rest, put_off
from crossdock.ports.backend import Credits, RefundRequests
from crossdock.store import money_moves
from crossdock.store.database import Tx

SIDE_BY_SIDE = 8
"""Orders under way at once; the store's budget decides how fast they go."""


@dataclass(frozen=True, slots=True)
class Done:
    """A step that was carried out, and what came back: the backend's document, or the refund that was made."""

    step: MoneyStep
    reference: str | None = None
    refund: RefundId | None = None


@dataclass(frozen=True, slots=True)
class Acted:
    """What came of one order's plan: what was done, and where it stopped, if it did."""

    plan: Plan[MoneyStep]
    done: Sequence[Done]
    error: HubError | None = None

    @property
    def refused(self) -> tuple[MoneyStep, str] | None:
        """The step that was refused, and what was said to it."""
        if self.error is None or self.error.recovery is not Recovery.HOLD:
            return None
        return self.plan.steps[len(self.done)], str(self.error)

    @property
    def rest(self) -> Rest:
        """How the order rests: what was said now outranks what the plan left open, and hides no hold of it."""
        if self.error is None:
            return self.plan.rest
        if self.refused is None:
            return put_off(self.error)
        step, said = self.refused
        left = f" {self.plan.rest.detail}" if isinstance(self.plan.rest, Hold) else ""
        return Hold(_cause(step), said + left)


def _cause(step: MoneyStep) -> Cause:
    match step:
        case Capture():
            return Cause.CAPTURE_REFUSED
        case GiveBack():
            return Cause.REFUND_ASKED
        case Reply() | Book() | Note():
            return Cause.CREDIT_REFUSED
        case _:
            assert_never(step)


async def act(sources: Sources, claims: Sequence[Claim], plans: Sequence[Plan[MoneyStep]]) -> Sequence[Acted]:
    """Carry out the plan of each claim; a payment would be captured, or given back, a second time."""

    async def write_down(tx: Tx, plan: Plan[MoneyStep]) -> None:
        await _write_down(tx, sources.connection.id, plan)

    async def tell(step: MoneyStep) -> Done:
        return await _tell(sources, step)

    carried = await carry_out(sources.database, claims, plans, write_down, tell, SIDE_BY_SIDE)
    return [Acted(plan, done, error) for plan, (done, error) in zip(plans, carried, strict=True)]


async def _write_down(tx: Tx, connection: ConnectionId, plan: Plan[MoneyStep]) -> None:
    order = OrderId(plan.key)
    for step in plan.steps:
        match step:
            case Capture():
                await money_moves.trying(tx, connection, order, step.authorization, step.sentence)
            case GiveBack():
                await money_moves.trying(tx, connection, order, step.key, _what(step))
            case Reply() | Book() | Note():
                pass
            case _:
                assert_never(step)


def _what(step: GiveBack) -> str:
    return what(RefundRequest(step.key, step.what.order, step.money, ""))


async def _tell(sources: Sources, step: MoneyStep) -> Done:
    storefront, backend = sources.storefront, sources.backend
    match step:
        case Capture():
            await storefront.capture(step.order, step.authorization, step.money)
        case GiveBack():
            key = f"{sources.connection.id}/{step.key}/{step.tries}"
            return Done(step, refund=await storefront.refund(step.what, key))
        case Reply():
            if isinstance(backend, RefundRequests):
                await backend.answer_refund_request(step.key, step.answer)
        case Book():
            if isinstance(backend, Credits):
                return Done(step, reference=await backend.credit(step.credit))
        case Note():
            pass
        case _:
            assert_never(step)
    return Done(step)


async def keep(tx: Tx, connection: ConnectionId, acted: Acted) -> None:
    """Write down what became of what was tried of an order's money."""
    for one in acted.done:
        step = one.step
        if isinstance(step, Capture):
            await money_moves.done(tx, connection, step.authorization)
        elif isinstance(step, GiveBack):
            await money_moves.done(tx, connection, step.key, one.refund)
        elif isinstance(step, Reply):
            await money_moves.done(tx, connection, step.key)
    if acted.refused is not None:
        step, said = acted.refused
        if isinstance(step, Capture):
            await money_moves.refused(tx, connection, step.authorization, said)
        elif isinstance(step, GiveBack):
            await money_moves.refused(tx, connection, step.key, said)
