"""Tells Shopify of packages, each written down first, one after the other within an order."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from crossdock.flows.fulfillments.decide import Adopt, Create, FulfillmentStep
from crossdock.kit.errors import HubError, Recovery
from crossdock.model.cause import Cause, Hold
from crossdock.model.names import (
    ConnectionId,
    FulfillmentId,
    FulfillmentOrderId,
    FulfillmentOrderLineId,
    OrderId,
    Units,
)
from crossdock.model.plan import Plan
from crossdock.pending.work import Rest, put_off
from crossdock.ports.storefront import FulfillmentDraft, Storefront
from crossdock.store import packages
from crossdock.store.database import Database

SIDE_BY_SIDE = 8
"""Orders under way at once; the store's budget decides how fast they go."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A package that Shopify has, and under which id."""

    step: FulfillmentStep
    fulfillment: FulfillmentId


@dataclass(frozen=True, slots=True)
class Acted:
    """What came of one order's plan: what Shopify has heard, and where it stopped, if it did."""

    plan: Plan[FulfillmentStep]
    heard: Sequence[Heard]
    error: HubError | None

    @property
    def rest(self) -> Rest:
        """How the order rests: what Shopify said now outranks what the plan left open."""
        if self.error is None:
            return self.plan.rest
        if self.error.recovery is Recovery.HOLD:
            return Hold(Cause.SHOPIFY_REFUSED, str(self.error))
        return put_off(self.error)


async def act(
    database: Database, storefront: Storefront, connection: ConnectionId, plans: Sequence[Plan[FulfillmentStep]]
) -> Sequence[Acted]:
    """
    Carry the plans out: orders side by side, one order's packages in turn.

    All packages of the batch are written down in one transaction before Shopify is told of the first. Errors of one
    order stay with it.
    """
    async with database.begin() as tx:
        for plan in plans:
            for step in plan.steps:
                note = packages.found if isinstance(step, Adopt) else packages.tried
                await note(tx, connection, OrderId(plan.key), step.key, step.package)
    gate = asyncio.Semaphore(SIDE_BY_SIDE)

    async def tell(plan: Plan[FulfillmentStep]) -> Acted:
        heard: list[Heard] = []
        async with gate:
            for step in plan.steps:
                try:
                    heard.append(Heard(step, await _tell(storefront, step)))
                except HubError as error:
                    # The rest of the order waits for a fresh look: what follows may rest on what failed.
                    return Acted(plan, heard, error)
        return Acted(plan, heard, None)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(tell(plan)) for plan in plans]
    return [task.result() for task in tasks]


async def _tell(storefront: Storefront, step: FulfillmentStep) -> FulfillmentId:
    if isinstance(step, Adopt):
        return step.fulfillment
    return await storefront.create_fulfillment(_draft(step))


def _draft(step: Create) -> FulfillmentDraft:
    lines: defaultdict[FulfillmentOrderId, list[tuple[FulfillmentOrderLineId, Units]]] = defaultdict(list)
    for fulfillment_order, line, units in step.lines:
        lines[fulfillment_order].append((line, units))
    return FulfillmentDraft(
        lines={fulfillment_order: tuple(some) for fulfillment_order, some in lines.items()},
        tracking_company=step.package.carrier,
        tracking_number=step.package.tracking_number,
        tracking_url=step.package.tracking_url,
        notify_customer=step.notify_customer,
    )
