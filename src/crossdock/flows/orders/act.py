"""Sends requests to the backend, and moves or withdraws goods on Shopify; each is written down first."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from crossdock.flows.orders.changing import Amend, Leave, Stop
from crossdock.flows.orders.decide import Confirm, LinkFirst, OrderStep, Send
from crossdock.flows.orders.following_up import SeeTo
from crossdock.flows.orders.giving_up import CancelOrder, RemoveUnits, Withdraw
from crossdock.flows.orders.outcomes import Acted, Asking, Moving, Responded, SeenTo, Sending, Withdrawal
from crossdock.flows.orders.placing import Choose, MoveThere
from crossdock.flows.orders.requested import Respond
from crossdock.kit.errors import HubError
from crossdock.model.names import ConnectionId, RequestKey
from crossdock.model.plan import Plan
from crossdock.model.withdrawal import JobId
from crossdock.pending.carrying_out import ours
from crossdock.pending.work import Claim
from crossdock.ports.backend import Backend
from crossdock.ports.storefront import Storefront
from crossdock.store import cancellations, requests, returns, routes
from crossdock.store.database import Database, Tx
from crossdock.store.requests import Asked, AskedLine

SIDE_BY_SIDE = 8
"""Requests under way to one backend at once: enough to hide its latency, few enough not to be a flood."""


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
