"""Carrying out what nobody would recognise as a repeat: the fence, the record, and one step after the other."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from crossdock.kit.errors import HubError, TryAgain
from crossdock.model.plan import Plan, Step
from crossdock.pending.work import Claim
from crossdock.store import pending
from crossdock.store.database import Database, Tx

StepT = TypeVar("StepT", bound=Step)
DoneT = TypeVar("DoneT")


class Overtaken(TryAgain):
    """Another worker has the order now: this one had lost its lease."""

    def __init__(self, title: str) -> None:
        super().__init__(f"{title}: another worker has taken it over. It is looked at again.")


async def ours(tx: Tx, claims: Sequence[Claim]) -> set[str]:
    """Return the keys of the claims that still hold, locked; all claims are of one connection and flow."""
    tokens = {claim.key: claim.token for claim in claims}
    return await pending.still_ours(tx, claims[0].connection, claims[0].flow, tokens) if claims else set()


async def carry_out(
    database: Database,
    claims: Sequence[Claim],
    plans: Sequence[Plan[StepT]],
    write_down: Callable[[Tx, Plan[StepT]], Awaitable[None]],
    tell: Callable[[StepT], Awaitable[DoneT]],
    side_by_side: int,
) -> Sequence[tuple[Sequence[DoneT], HubError | None]]:
    """
    Carry out the plan of each claim, and return what was done of it and where it stopped, if it did.

    All steps of the batch are written down in one transaction before anybody is told of the first. Plans then go
    `side_by_side`, so many at once, the steps of each in turn. Errors of one plan stay with it. What was claimed by
    someone else meanwhile is neither written down nor told: a worker that slept past its lease wakes up here, and
    knows things as they were then.
    """
    async with database.begin() as tx:
        held = await ours(tx, claims)
        for plan in plans:
            if plan.key in held:
                await write_down(tx, plan)
    gate = asyncio.Semaphore(side_by_side)

    async def carry(plan: Plan[StepT]) -> tuple[Sequence[DoneT], HubError | None]:
        done: list[DoneT] = []
        if plan.steps and plan.key not in held:
            return done, Overtaken(plan.title)
        async with gate:
            for step in plan.steps:
                try:
                    done.append(await tell(step))
                except HubError as error:
                    # The rest waits for a fresh look: what follows may rest on what failed.
                    return done, error
        return done, None

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(carry(plan)) for plan in plans]
    return [task.result() for task in tasks]
