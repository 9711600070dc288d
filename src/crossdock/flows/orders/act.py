"""Sends requests to the backend, and moves or withdraws goods on Shopify; each is written down first."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from crossdock.flows.orders.decide import Confirm, LinkFirst, OrderStep, Send, together
from crossdock.flows.orders.following_up import SeeTo
from crossdock.flows.orders.giving_up import CancelOrder, RemoveUnits, Withdraw
from crossdock.flows.orders.late import Amend, Leave, Stop, too_late
from crossdock.flows.orders.placing import Choose, MoveThere
from crossdock.flows.orders.requested import Respond, refuse, refused_by_backend
from crossdock.flows.orders.sight import Work
from crossdock.kit.errors import HubError, Recovery
from crossdock.model.cause import Cause, Hold
from crossdock.model.change import Kind
from crossdock.model.generation import fulfillment_order_of
from crossdock.model.names import ConnectionId, RequestKey, VariantId
from crossdock.model.plan import Plan
from crossdock.model.request import Verdict, WorkOrder, WorkState
from crossdock.model.returning import ReturnOrder
from crossdock.model.service_request import Reason, Reply, Say
from crossdock.model.withdrawal import JobId
from crossdock.pending.carrying_out import ours
from crossdock.pending.work import Claim, Rest, put_off
from crossdock.ports.backend import Backend, OutOfStock, UnknownItem
from crossdock.ports.storefront import Storefront
from crossdock.store import cancellations, requests, returns, routes
from crossdock.store.database import Database, Tx
from crossdock.store.requests import Asked, AskedLine

SIDE_BY_SIDE = 8
"""Requests under way to one backend at once: enough to hide its latency, few enough not to be a flood."""


@dataclass(frozen=True, slots=True)
class Sending:
    """What came of one request: the backend's order for it, or what it said instead."""

    step: Send
    work: WorkOrder | None
    error: HubError | None

    @property
    def refused(self) -> bool:
        """Whether the backend said no."""
        return self.error is not None and self.error.recovery is Recovery.HOLD

    @property
    def passed_on(self) -> bool:
        """Whether it said no, and another location is to be asked."""
        return self.refused and self.step.may_pass_on

    @property
    def hold(self) -> Hold:
        """What a person is asked where the backend said no."""
        if not self.step.requested:
            return Hold(Cause.BACKEND_REFUSED, str(self.error))
        return Hold(Cause.REQUEST_UNMET, refused_by_backend(self.step.request.name, str(self.error)))

    @property
    def respond(self) -> Respond | None:
        """What the merchant is told of it who requested it; None where nobody is told, or not now."""
        if not self.refused or self.passed_on or not self.step.rejects:
            return None
        name, reason = self.step.request.name, Reason.OTHER
        if isinstance(self.error, UnknownItem):
            reason = Reason.INVALID_SKU
        elif isinstance(self.error, OutOfStock):
            reason = Reason.INVENTORY_OUT_OF_STOCK
        fulfillment_order = fulfillment_order_of(self.step.request.key)
        return Respond(name, Reply(fulfillment_order, Say.REJECT, self.hold.detail, reason))


@dataclass(frozen=True, slots=True)
class Asking:
    """What came of asking the backend to change its order: its verdict, or what it said instead."""

    step: Amend | Stop
    verdict: Verdict | None
    error: HubError | None

    @property
    def done(self) -> bool:
        """Whether the backend did it."""
        return self.verdict is not None and self.verdict.done

    @property
    def refused(self) -> bool:
        """Whether the backend said no; otherwise nobody knows yet whether it did it."""
        if self.error is not None:
            return self.error.recovery is Recovery.HOLD
        return not self.done

    @property
    def over(self) -> bool:
        """Whether nothing more will leave for it: whatever came of earlier changes, its packages say what it was."""
        return self.verdict is not None and not self.verdict.work.state.may_still_ship

    @property
    def hold(self) -> Hold | None:
        """What a person is asked where the backend said no; None where a merchant's question was all."""
        asked = [one for one in self.step.done if one.kind is not Kind.CALLED_BACK or self.respond is None]
        return too_late(self.step.what, self._work, asked, self._said) if asked or not self.step.done else None

    @property
    def respond(self) -> Respond | None:
        """What the merchant is told who asked for the cancellation that the backend refused."""
        called_back = any(one.kind is Kind.CALLED_BACK for one in self.step.done)
        if not called_back or not self.refused or self._work.state is WorkState.CANCELLED:
            return None
        return refuse(self.step.name, fulfillment_order_of(self.step.key), self._work, self._said)

    @property
    def _work(self) -> Work:
        if self.verdict is None:
            return self.step.work
        return Work(self.verdict.work.reference, self.verdict.work.state)

    @property
    def _said(self) -> str:
        return f"It said: {self.error}" if self.error is not None else "It would not change it any more."


@dataclass(frozen=True, slots=True)
class SeenTo:
    """What came of seeing to what changed after it left: what the backend expects back, or what it said instead."""

    step: SeeTo
    record: ReturnOrder | None
    error: HubError | None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What came of taking something off at Shopify: the job that cancels the order, or what Shopify said instead."""

    step: Withdraw
    job: JobId | None
    error: HubError | None


@dataclass(frozen=True, slots=True)
class Moving:
    """What came of moving goods on Shopify: nothing where it did so, else what it said."""

    step: MoveThere
    error: HubError | None

    @property
    def refused(self) -> bool:
        """Whether Shopify said no."""
        return self.error is not None and self.error.recovery is Recovery.HOLD

    @property
    def known(self) -> bool:
        """Whether it is known what came of it."""
        return self.error is None or self.refused


@dataclass(frozen=True, slots=True)
class Responded:
    """What came of answering a merchant: nothing where Shopify took it, else what it said."""

    step: Respond
    error: HubError | None


@dataclass(frozen=True, slots=True)
class Acted:
    """What came of one order's plan."""

    plan: Plan[OrderStep]
    confirmed: Sequence[Confirm]
    sendings: Sequence[Sending]
    to_link: Sequence[VariantId]
    askings: Sequence[Asking] = ()
    left: Sequence[Leave] = ()
    seen_to: Sequence[SeenTo] = ()
    withdrawn: Sequence[Withdrawal] = ()
    moved: Sequence[Moving] = ()
    responded: Sequence[Responded] = ()

    @property
    def to_respond(self) -> Sequence[Respond]:
        """What merchants are to be told: as planned, and because the backend just said no."""
        planned = [step for step in self.plan.steps if isinstance(step, Respond)]
        refusals = [*(one.respond for one in self.sendings), *(one.respond for one in self.askings)]
        return [*planned, *(step for step in refusals if step is not None)]

    @property
    def accepted(self) -> Sequence[tuple[RequestKey, Work]]:
        """What the backend is known to have since this look, by key: what was confirmed, and what it answered."""
        answered = [sending.work for sending in self.sendings if sending.work is not None]
        known = {confirm.key: confirm.work for confirm in self.confirmed}
        return sorted((known | {work.key: Work(work.reference, work.state) for work in answered}).items())

    @property
    def rest(self) -> Rest:
        """How the order rests: what the backend refused comes before what the plan left open, and hides none of it."""
        failed = [one for one in self.sendings if one.error is not None and not one.passed_on and one.respond is None]
        holds = [replace(one.hold, needs=tuple(self.to_link)) for one in failed if one.refused]
        holds += [hold for asking in self.askings if asking.refused and (hold := asking.hold) is not None]
        seen_to = [one.error for one in self.seen_to if one.error is not None]
        holds += [Hold(Cause.BACKEND_REFUSED, str(one)) for one in seen_to if one.recovery is Recovery.HOLD]
        told_shopify = [*(one.error for one in self.withdrawn), *(one.error for one in self.responded)]
        refused = [error for error in told_shopify if error is not None]
        holds += [Hold(Cause.SHOPIFY_REFUSED, str(one)) for one in refused if one.recovery is Recovery.HOLD]
        holds += [Hold(Cause.MOVE_REFUSED, str(one.error)) for one in self.moved if one.refused and not one.step.follow]
        if holds:
            return together([*holds, *([self.plan.rest] if isinstance(self.plan.rest, Hold) else [])])
        errors = [*(one.error for one in failed if one.error is not None), *seen_to]
        errors += [one.error for one in self.askings if one.error is not None and one.respond is None]
        errors += refused
        errors += [one.error for one in self.moved if one.error is not None and not one.refused]
        return put_off(errors[0]) if errors else self.plan.rest


async def act(
    database: Database,
    backend: Backend,
    storefront: Storefront,
    connection: ConnectionId,
    claims: Sequence[Claim],
    plans: Sequence[Plan[OrderStep]],
) -> Sequence[Acted]:
    """
    Carry out the plan of each claim, side by side.

    All requests of the batch are written down in one transaction before the first is sent. Errors of one request
    stay with its order. Of an order that somebody else claimed meanwhile nothing is done: a worker that slept past its
    lease knows it as it was then, and what it would write down is not what its successor asks for.
    """
    async with database.begin() as tx:
        held = await ours(tx, claims)
        mine = [plan if plan.key in held else replace(plan, steps=()) for plan in plans]
        await _write_down(tx, connection, mine)
    return await _respond_all(storefront, await _carry_out(backend, storefront, mine))


async def _write_down(tx: Tx, connection: ConnectionId, plans: Sequence[Plan[OrderStep]]) -> None:
    steps = [step for plan in plans for step in plan.steps]
    await requests.tried(tx, connection, [_asked(step) for step in steps if isinstance(step, Send)])
    await requests.asking(tx, connection, [step.key for step in steps if isinstance(step, Amend | Stop)])
    await requests.stopping(tx, connection, [step.key for step in steps if isinstance(step, Stop)])
    for back in [step.back for step in steps if isinstance(step, SeeTo) and step.back is not None]:
        await returns.know(tx, connection, back.order, back.key, None)
    await cancellations.tried(tx, connection, [step.order for step in steps if isinstance(step, CancelOrder)])
    await routes.decided(tx, connection, {step.order: step.route for step in steps if isinstance(step, Choose)})
    await routes.moving(tx, connection, {step.order: step.number for step in steps if isinstance(step, MoveThere)})


async def _carry_out(backend: Backend, storefront: Storefront, plans: Sequence[Plan[OrderStep]]) -> Sequence[Acted]:
    sends = [step for plan in plans for step in plan.steps if isinstance(step, Send)]
    asks = [step for plan in plans for step in plan.steps if isinstance(step, Amend | Stop)]
    withdraws = [step for plan in plans for step in plan.steps if isinstance(step, CancelOrder | RemoveUnits)]
    gone = [step for plan in plans for step in plan.steps if isinstance(step, SeeTo)]
    moves = [step for plan in plans for step in plan.steps if isinstance(step, MoveThere)]
    gate = asyncio.Semaphore(SIDE_BY_SIDE)

    async def send(step: Send) -> Sending:
        async with gate:
            try:
                return Sending(step, await backend.submit(step.request), None)
            except HubError as error:
                return Sending(step, None, error)

    async def ask(step: Amend | Stop) -> Asking:
        async with gate:
            try:
                if isinstance(step, Amend):
                    return Asking(step, await backend.amend(step.terms.request), None)
                return Asking(step, await backend.stop(step.key), None)
            except HubError as error:
                return Asking(step, None, error)

    async def move(step: MoveThere) -> Moving:
        async with gate:
            try:
                await storefront.move_fulfillment_order(step.move)
            except HubError as error:
                return Moving(step, error)
            return Moving(step, None)

    # What there is comes first: a line that moves from one request to another is never at the backend twice.
    async with asyncio.TaskGroup() as group:
        asked = [group.create_task(ask(step)) for step in asks]
    changed: dict[RequestKey, Asking] = {task.result().step.key: task.result() for task in asked}
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(send(step)) for step in sends]
        seen = [group.create_task(_see_to(gate, backend, step)) for step in gone]
        off = [group.create_task(_take_off(gate, storefront, step)) for step in withdraws]
        moved = [group.create_task(move(step)) for step in moves]
    done: dict[RequestKey, Sending] = {task.result().step.request.key: task.result() for task in tasks}
    return [
        Acted(
            plan=plan,
            confirmed=[step for step in plan.steps if isinstance(step, Confirm)],
            sendings=[done[step.request.key] for step in plan.steps if isinstance(step, Send)],
            to_link=[variant for step in plan.steps if isinstance(step, LinkFirst) for variant in step.variants],
            askings=[changed[step.key] for step in plan.steps if isinstance(step, Amend | Stop)],
            left=[step for step in plan.steps if isinstance(step, Leave)],
            seen_to=[task.result() for task in seen if task.result().step in plan.steps],
            withdrawn=[task.result() for task in off if task.result().step in plan.steps],
            moved=[task.result() for task in moved if task.result().step in plan.steps],
        )
        for plan in plans
    ]


async def _respond_all(storefront: Storefront, acted: Sequence[Acted]) -> Sequence[Acted]:
    """Answer merchants at last: what they hear rests on what the backend said."""
    gate = asyncio.Semaphore(SIDE_BY_SIDE)

    async def respond(one: Acted) -> Acted:
        async with gate:
            return replace(one, responded=[await _respond(storefront, step) for step in one.to_respond])

    async with asyncio.TaskGroup() as group:
        told = [group.create_task(respond(one)) for one in acted]
    return [task.result() for task in told]


async def _respond(storefront: Storefront, step: Respond) -> Responded:
    try:
        await storefront.reply(step.reply)
    except HubError as error:
        return Responded(step, error)
    return Responded(step, None)


async def _see_to(gate: asyncio.Semaphore, backend: Backend, step: SeeTo) -> SeenTo:
    if step.back is None:
        return SeenTo(step, None, None)
    async with gate:
        try:
            return SeenTo(step, await backend.announce_return(step.back), None)
        except HubError as error:
            return SeenTo(step, None, error)


async def _take_off(gate: asyncio.Semaphore, storefront: Storefront, step: Withdraw) -> Withdrawal:
    async with gate:
        try:
            return Withdrawal(step, await _withdraw(storefront, step), None)
        except HubError as error:
            return Withdrawal(step, None, error)


async def _withdraw(storefront: Storefront, step: Withdraw) -> JobId | None:
    if isinstance(step, RemoveUnits):
        await storefront.remove_units(step.removal)
        return None
    rules = step.rules
    return await storefront.cancel_order(
        step.order, restock=rules.restock, refund=rules.refund, notify_customer=rules.notify_customer
    )


def _asked(step: Send) -> tuple[Asked, Sequence[AskedLine]]:
    request = step.request
    asked = Asked(request.key, request.order, request.name, request.warehouse, step.location, None, None, step.terms)
    lines = [
        AskedLine(line.reference, inventory_item, line.item, line.units)
        for line, inventory_item in zip(request.lines, step.inventory_items, strict=True)
    ]
    return asked, lines
