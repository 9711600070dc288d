"""Tells Shopify of packages, each telling written down first, one after the other within an order."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from crossdock.flows.fulfillments.departing import left_from
from crossdock.flows.fulfillments.steps import (
    Act,
    Adopt,
    Cancel,
    Correct,
    Create,
    FulfillmentStep,
    PackageStep,
    Relocate,
    Report,
    Show,
)
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
from crossdock.pending.carrying_out import carry_out
from crossdock.pending.work import Claim, Rest, put_off
from crossdock.ports.storefront import FulfillmentDraft, Storefront
from crossdock.store import packages, requests
from crossdock.store.database import Database, Tx

SIDE_BY_SIDE = 8
"""Orders under way at once; the store's budget decides how fast they go."""


@dataclass(frozen=True, slots=True)
class Heard:
    """
    A step that Shopify heard of, and the fulfillment that it is about; None where it never had one.

    `refused` is what it said to something that it was only to show: no shipment waits for that.
    """

    step: FulfillmentStep
    fulfillment: FulfillmentId | None
    refused: str | None = None


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
        if self.error.recovery is not Recovery.HOLD:
            return put_off(self.error)
        refused = self.not_moved
        if refused is not None:
            return Hold(Cause.PACKAGE_ELSEWHERE, f"{left_from(self.plan.title, refused.package)}. {self.error}")
        return Hold(Cause.SHOPIFY_REFUSED, str(self.error))

    @property
    def sure(self) -> Sequence[Heard]:
        """What Shopify has heard, but for what it is to show of a request where it may not have heard all of that."""
        half = {step.key for step in self.plan.steps[len(self.heard) :] if isinstance(step, Show)}
        return [one for one in self.heard if not (isinstance(one.step, Show) and one.step.key in half)]

    @property
    def not_moved(self) -> Relocate | None:
        """The move that Shopify refused, where it was that at which the plan stopped."""
        if self.error is None or self.error.recovery is not Recovery.HOLD:
            return None
        stopped_at = self.plan.steps[len(self.heard)]
        return stopped_at if isinstance(stopped_at, Relocate) else None


async def act(
    database: Database,
    storefront: Storefront,
    connection: ConnectionId,
    claims: Sequence[Claim],
    plans: Sequence[Plan[FulfillmentStep]],
) -> Sequence[Acted]:
    """Carry out the plan of each claim; Shopify has no key by which it would know the same package told twice."""

    async def write_down(tx: Tx, plan: Plan[FulfillmentStep]) -> None:
        await _write_down(tx, connection, plan)

    async def tell(step: FulfillmentStep) -> Heard:
        if isinstance(step, Show):
            return Heard(step, None, await _show(storefront, step))
        if isinstance(step, Relocate):
            await storefront.move_fulfillment_order(step.move)
            return Heard(step, None)
        return Heard(step, await _tell(storefront, step))

    carried = await carry_out(database, claims, plans, write_down, tell, SIDE_BY_SIDE)
    return [Acted(plan, heard, error) for plan, (heard, error) in zip(plans, carried, strict=True)]


async def _write_down(tx: Tx, connection: ConnectionId, plan: Plan[FulfillmentStep]) -> None:
    for step in plan.steps:
        match step:
            case Adopt():
                await packages.found(tx, connection, OrderId(plan.key), step.key, step.package)
            case Relocate():
                await packages.moving(tx, connection, OrderId(plan.key), step.key, step.package, step.move.to)
            case Create():
                if step.as_assigned:
                    await packages.stayed(tx, connection, step.package.id)
                await packages.tried(tx, connection, OrderId(plan.key), step.key, step.package)
            case Correct():
                await packages.correcting(tx, connection, step.package)
            case Cancel():
                # Known before Shopify makes a new fulfillment order of the units: nobody may ask for them again.
                await packages.taken_back(tx, connection, [step.package.id])
                await packages.cancelling(tx, connection, step.package.id)
            case Report():
                await packages.reporting(tx, connection, step.package.id, step.event)
            case Show():
                await requests.showing(tx, connection, step.key)
            case _:
                assert_never(step)


async def _show(storefront: Storefront, step: Show) -> str | None:
    try:
        match step.act:
            case Act.HOLD:
                await storefront.hold(step.fulfillment_order, step.after.on_hold or "")
            case Act.RELEASE:
                await storefront.release_hold(step.fulfillment_order, step.holds)
            case Act.PROGRESS:
                await storefront.report_progress(step.fulfillment_order)
            case Act.OPEN:
                await storefront.take_progress_back(step.fulfillment_order)
            case Act.PREPARE:
                await storefront.prepared_for_pickup(step.fulfillment_order)
            case Act.NOTE:
                pass
            case _:
                assert_never(step.act)
    except HubError as error:
        if error.recovery is not Recovery.HOLD:
            raise
        return str(error)
    return None


async def _tell(storefront: Storefront, step: PackageStep) -> FulfillmentId | None:
    match step:
        case Create():
            return await storefront.create_fulfillment(_draft(step))
        case Correct(there=False):
            await storefront.correct_tracking(step.fulfillment, step.tracking, notify_customer=step.notify_customer)
        case Cancel(there=False, fulfillment=str() as fulfillment):
            await storefront.cancel_fulfillment(FulfillmentId(fulfillment))
        case Report(there=False):
            await storefront.report_event(step.fulfillment, step.event)
        case _:
            pass
    return step.fulfillment


def _draft(step: Create) -> FulfillmentDraft:
    lines: defaultdict[FulfillmentOrderId, list[tuple[FulfillmentOrderLineId, Units]]] = defaultdict(list)
    for fulfillment_order, line, units in step.lines:
        lines[fulfillment_order].append((line, units))
    return FulfillmentDraft(
        lines={fulfillment_order: tuple(some) for fulfillment_order, some in lines.items()},
        tracking_company=step.tracking.carrier,
        tracking_number=step.tracking.number,
        tracking_url=step.tracking.url,
        notify_customer=step.notify_customer,
    )
