"""The orders flow as the drain calls it: observe, decide, act, and what to write at the end."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from crossdock.flows.orders.accounting import account, newly_found
from crossdock.flows.orders.act import act
from crossdock.flows.orders.changing import Amend
from crossdock.flows.orders.decide import OrderStep, decide
from crossdock.flows.orders.giving_up import IN_FLIGHT, CancelOrder
from crossdock.flows.orders.observe import observe
from crossdock.flows.orders.outcomes import Acted
from crossdock.flows.orders.placing import decided
from crossdock.flows.orders.requested import given_back
from crossdock.flows.orders.routed import keep_route, route_events
from crossdock.flows.orders.sight import Sight
from crossdock.flows.orders.taking import never_ours
from crossdock.flows.orders.undoing import CountNoMore
from crossdock.kit import telemetry
from crossdock.kit.clock import Clock
from crossdock.kit.errors import Recovery
from crossdock.kit.wording import counted
from crossdock.model.answer import Answer, Word
from crossdock.model.cause import Hold
from crossdock.model.change import Terms
from crossdock.model.commitment import learned
from crossdock.model.connection import Connection
from crossdock.model.flow import Flow
from crossdock.model.ledger import BELIEVED_FOR
from crossdock.model.money_rules import CaptureAt
from crossdock.model.names import ConnectionId, FulfillmentOrderId, OrderId, RequestKey, Units
from crossdock.model.order import Order
from crossdock.model.override import called
from crossdock.model.plan import Plan, Wait
from crossdock.model.progress import order_state
from crossdock.model.request import WorkState
from crossdock.model.service_request import awaits_word
from crossdock.model.withdrawal import Cancellation
from crossdock.pending.mark import mark
from crossdock.pending.sources import Sources
from crossdock.pending.work import Blocked, Claim, Failed, Look
from crossdock.store import (
    answers,
    cancellations,
    commitments,
    holds,
    locations,
    orders,
    overrides,
    packages,
    requests,
    returns,
    taken_on,
    timeline,
)
from crossdock.store.database import Tx
from crossdock.store.orders import OrderRow
from crossdock.store.timeline import Event

FULFILLMENT_ORDER = "gid://shopify/FulfillmentOrder/"
ORDER = "gid://shopify/Order/"


@dataclass(frozen=True, slots=True)
class OrdersFlow:
    """Looks at orders of one connection."""

    sources: Sources
    clock: Clock

    async def plan(self, keys: Sequence[str]) -> Sequence[Plan[OrderStep]]:
        """Return what would be done about these orders, and do nothing."""
        sights = decided(await observe(self.sources, [OrderId(key) for key in keys]))
        return [decide(sight, self.clock.now()) for sight in sights]

    async def __call__(self, claims: Sequence[Claim]) -> Sequence[Look]:
        """Look at the claimed orders; fulfillment orders among them pass the word on to their orders."""
        parts = [claim for claim in claims if claim.key.startswith(FULFILLMENT_ORDER)]
        whole = [claim for claim in claims if claim.key.startswith(ORDER)]
        others = [claim for claim in claims if not claim.key.startswith((FULFILLMENT_ORDER, ORDER))]
        return [*await self._pass_on(parts), *await self._look(whole), *await self._leave(others)]

    async def _leave(self, claims: Sequence[Claim]) -> Sequence[Look]:
        """Leave held what is no order: a person has to see to it, and no look can."""
        if not claims:
            return []
        keys = [claim.key for claim in claims]
        async with self.sources.database.begin() as tx:
            found = await holds.held(tx, self.sources.connection.id, Flow.ORDERS, keys=keys)
        held = {one.key: one.hold for one in found}
        return [Look(claim, held.get(claim.key)) for claim in claims]

    async def _pass_on(self, claims: Sequence[Claim]) -> Sequence[Look]:
        if not claims:
            return []
        found = await self.sources.storefront.orders_of([FulfillmentOrderId(claim.key) for claim in claims])

        def look(claim: Claim) -> Look:
            order = found.get(FulfillmentOrderId(claim.key))

            async def write(tx: Tx) -> None:
                if order is not None:
                    await mark(tx, claim.connection, Flow.ORDERS, [order], claim.reason)

            return Look(claim, None, write)

        return [look(claim) for claim in claims]

    async def _look(self, claims: Sequence[Claim]) -> Sequence[Look]:
        if not claims:
            return []
        sources = self.sources
        sights = decided(await observe(sources, [OrderId(claim.key) for claim in claims]))
        telemetry.note(orders=[sight.name for sight in sights])
        plans = [decide(sight, self.clock.now()) for sight in sights]
        acted = await act(sources.database, sources.backend, sources.storefront, sources.connection.id, claims, plans)
        return [self._settled(claim, sight, one) for claim, sight, one in zip(claims, sights, acted, strict=True)]

    def _settled(self, claim: Claim, sight: Sight, acted: Acted) -> Look:
        connection, order, rest = claim.connection, sight.order, acted.rest

        async def write(tx: Tx) -> None:
            for key, work in acted.accepted:
                await taken_on.accepted(tx, connection, key, work.reference, work.state)
            if acted.accepted:
                # What the backend accepted it has reserved; what it ships, Shopify is to hear of.
                items = await requests.items_of(tx, connection, [key for key, _ in acted.accepted])
                await mark(tx, connection, Flow.INVENTORY, items, f"{sight.name} was accepted")
                await mark(tx, connection, Flow.FULFILLMENTS, [sight.id], f"{sight.name} was accepted")
            for kept in _newly_mapped(sight, acted):
                await requests.agreed(tx, connection, kept)
            if _asked_anew(sight, acted):
                await mark(tx, connection, Flow.ORDERS, [sight.id], "it was changed while its answer was lost")
            await _keep_changes(tx, connection, sight, acted)
            await _keep_responses(tx, connection, sight, acted)
            await keep_route(tx, connection, sight, acted)
            if acted.to_link:
                await mark(tx, connection, Flow.CATALOG, acted.to_link, f"{sight.name} needs them")
            wants = learned(sight.wanted, order, sight.read_at - 2 * BELIEVED_FOR)
            await commitments.learn(tx, connection, sight.id, wants)
            if acted.accepted or not all(sent.counted for sent in sight.sent):
                await requests.counted(tx, connection, sight.id)
            await mark(tx, connection, Flow.INVENTORY, wants.items, f"{sight.name} changed")
            await overrides.seen(tx, connection, sight.id, sight.news_otherwise)
            if order is None:
                return
            await _pass_on(tx, order, self.sources.connection)
            named = {fo.location: fo.location_name for fo in order.fulfillment_orders if fo.location is not None}
            await locations.learn(tx, connection, named)
            row = self._row(order, sight, acted, heard_at=claim.first_due_at)
            new = await orders.remember(tx, row)
            events = [*_events(order, sight, acted, new=new), *newly_found(order, sight, acted)]
            await timeline.tell_many(tx, [Event(connection, order.id, Flow.ORDERS, *event) for event in events])

        return Look(claim, rest, write)

    def _row(self, order: Order, sight: Sight, acted: Acted, *, heard_at: datetime) -> OrderRow:
        said = {one.step.key: one.verdict.work.state for one in acted.askings if one.verdict is not None}
        states = [
            sent.work.state
            for sent in sight.sent
            if sent.work is not None and sent.key not in said and not sent.stopped
        ]
        # What was stopped may be asked for anew, and says nothing of how far the order is.
        states += [state for state in said.values() if state is not WorkState.CANCELLED]
        states += [sending.work.state for sending in acted.sendings if sending.work is not None]
        held = isinstance(acted.rest, Hold) and not sight.put_aside(acted.rest)
        skipped = never_ours(order, sight.connection.rules.orders) is not None
        return OrderRow(
            connection=self.sources.connection.id,
            order_id=order.id,
            name=order.name,
            placed_at=order.created_at,
            updated_at=order.updated_at,
            financial_status=order.financial_status,
            fulfillment_status=order.fulfillment_status,
            state=order_state(order, states, held=held, skipped=skipped),
            own_state=order_state(order, states, held=False, skipped=skipped),
            units=Units(sum(line.quantity for line in order.lines)),
            total=str(order.total),
            looked_at=sight.read_at,
            money=account(order, sight, acted),
            tags=order.tags,
            heard_at=heard_at,
        )


async def _pass_on(tx: Tx, order: Order, connection: Connection) -> None:
    """Let the flows look that have something to do: of returns, of refunds to tell, of authorizations to capture."""
    if order.return_status != "NO_RETURN" and Flow.RETURNS in connection.flows:
        await mark(tx, connection.id, Flow.RETURNS, [order.id], f"{order.name} changed, and has returns")
    captures = connection.rules.money.capture is not CaptureAt.OFF and order.payments.authorized
    moves = captures or bool(order.payments.paid_back) or bool(order.money.refunds)
    if moves and Flow.MONEY in connection.flows:
        await mark(tx, connection.id, Flow.MONEY, [order.id], f"{order.name} changed, and its money may move")


async def _keep_changes(tx: Tx, connection: ConnectionId, sight: Sight, acted: Acted) -> None:
    """Write down what became of what changed after the backend accepted it."""
    for asking in acted.askings:
        step, verdict = asking.step, asking.verdict
        if asking.done and isinstance(step, Amend):
            lines = zip(step.terms.request.lines, step.inventory_items, strict=True)
            known = {line.reference: item for line, item in lines if item is not None}
            await taken_on.amended(tx, connection, step.terms, known)
        elif asking.done and verdict is not None:
            # Before the rest, which goes by what stands.
            back = [package.id for package in verdict.work.packages if package.cancelled]
            await packages.taken_back(tx, connection, back)
            await taken_on.accepted(tx, connection, step.key, verdict.work.reference, verdict.work.state)
            await requests.asking(tx, connection, [step.key], known=True)
        elif asking.refused and (asking.over or not _unsure(sight, step.key)):
            await requests.asking(tx, connection, [step.key], known=True)
            await requests.stopping(tx, connection, [step.key], refused=True)
    for one in _counted_no_more(acted):
        await packages.cancelled(tx, connection, one.undone.package)
        await mark(tx, connection, Flow.ORDERS, [sight.id], "a package counts no more")
    for left in acted.left:
        await requests.agreed(tx, connection, left.terms)
    await _keep_what_was_seen_to(tx, connection, sight, acted)
    await _keep_withdrawals(tx, connection, sight, acted)
    if sight.answered is not None and not _still_to_take_in(sight.answered, acted):
        await answers.taken_in(tx, connection, Flow.ORDERS, sight.id, sight.answered)
    if acted.askings:
        items = await requests.items_of(tx, connection, [asking.step.key for asking in acted.askings])
        await mark(tx, connection, Flow.INVENTORY, items, f"{sight.name} was changed")
        if any(asking.done for asking in acted.askings):
            # What the backend let go of may now be asked for elsewhere.
            await mark(tx, connection, Flow.ORDERS, [sight.id], f"{sight.name} was changed")
        # Where the backend would not, it is further than was known; that flow tells how far.
        await mark(tx, connection, Flow.FULFILLMENTS, [sight.id], f"{sight.name} was changed")


def _still_to_take_in(said: Answer, acted: Acted) -> bool:
    """Whether the next look needs a person's word, too: an order that was let go may have to wait before it is sent."""
    return isinstance(acted.rest, Failed | Blocked) or (said.word is Word.RELEASE and isinstance(acted.rest, Wait))


async def _keep_what_was_seen_to(tx: Tx, connection: ConnectionId, sight: Sight, acted: Acted) -> None:
    """Write down which requests are as they left, and have what they do not ship looked at."""
    for one in acted.seen_to:
        if one.error is not None:
            continue
        await requests.agreed(tx, connection, one.step.terms)
        if one.step.back is not None and one.record is not None:
            lines = [(line.reference, line.units) for line in one.step.back.lines]
            await returns.announced(tx, connection, one.step.back.key, one.record.reference, lines, ())
        for flow in (Flow.ORDERS, Flow.FULFILLMENTS):
            await mark(tx, connection, flow, [sight.id], "what changed after it left was seen to")


async def _keep_withdrawals(tx: Tx, connection: ConnectionId, sight: Sight, acted: Acted) -> None:
    """Write down what became of what Shopify is to take off, and see to it that the order is looked at again."""
    begun, order = sight.cancellation, sight.order
    cancelled = order is not None and order.cancelled_at is not None
    if begun is not None and (begun.done or cancelled or _is_off(begun, acted)):
        await cancellations.ended(tx, connection, sight.id)
    for one in acted.withdrawn:
        if one.job is not None:
            await cancellations.begun(tx, connection, sight.id, one.job)
        elif one.error is not None and one.error.recovery is Recovery.HOLD:
            await cancellations.ended(tx, connection, sight.id)
        elif one.error is None:
            await mark(tx, connection, Flow.ORDERS, [sight.id], "units were taken out of it")


async def _keep_responses(tx: Tx, connection: ConnectionId, sight: Sight, acted: Acted) -> None:
    """Let what merchants gave up on be requested anew, and see to it that they hear what they wait for."""
    await requests.stopping(tx, connection, given_back(sight))
    if any(one.error is None for one in acted.responded) or _is_to_hear(sight, acted):
        await mark(tx, connection, Flow.ORDERS, [sight.id], "its merchant waits for word, or had it")


def _is_to_hear(sight: Sight, acted: Acted) -> bool:
    """Whether a merchant waits to hear that what was requested is accepted: only once that is recorded."""
    return bool(acted.accepted) and sight.order is not None and any(map(awaits_word, sight.order.fulfillment_orders))


def _is_off(begun: Cancellation, acted: Acted) -> bool:
    """Whether a cancellation that Shopify did not hear of is not wanted any more."""
    again = any(isinstance(one.step, CancelOrder) for one in acted.withdrawn)
    return begun.job is None and begun.ago >= IN_FLIGHT and not again


def _asked_anew(sight: Sight, acted: Acted) -> bool:
    """
    Whether a request was sent in other terms than when it was tried before.

    Either try may be the one that the backend took; what is kept is the first, so the next look sees the difference.
    """
    tried = {sent.key: sent.terms for sent in sight.sent if sent.work is None}
    return any(
        one.work is not None and tried.get(one.step.request.key) not in {None, one.step.terms} for one in acted.sendings
    )


def _newly_mapped(sight: Sight, acted: Acted) -> Sequence[Terms]:
    """
    Return the terms of requests that were accepted by another mapping than they were tried with first.

    They stay as tried, for nobody knows which try was taken; but from now on they go by the mapping of the last one.
    """
    tried = {sent.key: sent.terms for sent in sight.sent if sent.work is None and sent.terms is not None}
    accepted = [one.step.terms for one in acted.sendings if one.work is not None]
    now = {terms.request.key: terms.mapping for terms in accepted}
    return [replace(kept, mapping=now[key]) for key, kept in tried.items() if key in now and now[key] != kept.mapping]


def _unsure(sight: Sight, key: RequestKey) -> bool:
    """Whether the answer to an earlier change was lost: a no to this one does not say what came of that one."""
    return any(sent.asking for sent in sight.sent if sent.key == key)


def _counted_no_more(acted: Acted) -> Sequence[CountNoMore]:
    return [step for step in acted.plan.steps if isinstance(step, CountNoMore)]


def _changed(acted: Acted) -> Sequence[tuple[str, str]]:
    events: list[tuple[str, str]] = []
    for asking in acted.askings:
        if asking.done and isinstance(asking.step, Amend):
            events.append(("amended", f"{asking.step.what} The warehouse changed {asking.step.work.reference}."))
        elif asking.done:
            events.append(("stopped", f"{asking.step.what} The warehouse stopped {asking.step.work.reference}."))
    events += [
        ("followed_up", one.step.story(None if one.record is None else one.record.reference))
        for one in acted.seen_to
        if one.error is None
    ]
    for left in acted.left:
        why = "A person left it" if left.by_hand else "It ships"
        events.append(("left", f"{left.what} {why} as the warehouse has it, {left.work.reference}."))
    return events


def _contradicted(sight: Sight) -> Sequence[str]:
    """Say in which fields Shopify, or the mapping, says something else since a person said what stands there."""
    news = [name for name in sight.news_otherwise if sight.overrides[name].seen_at is not None]
    named = ", ".join(called(name) for name in news)
    return (
        [f"It would say something else now, but for what was set by hand: {named}. What was set stands."]
        if news
        else []
    )


def _events(order: Order, sight: Sight, acted: Acted, *, new: bool) -> Sequence[tuple[str, str]]:
    """What the time line is told: the kind of each event and its sentence, only what this look changed."""
    events: list[tuple[str, str]] = []
    if new:
        events.append(
            ("arrived", f"{order.name} arrived from Shopify: {order.total}, placed {order.created_at:%H:%M}.")
        )
        events += [("left_alone", note) for note in acted.plan.notes]
    if sight.hold is not None and not isinstance(acted.rest, Hold):
        events.append(("released", "What held it is settled."))
    events += [("contradicted", sentence) for sentence in _contradicted(sight)]
    events += route_events(sight, acted)
    for confirm in acted.confirmed:
        name, reference = confirm.name, confirm.work.reference
        events.append(("confirmed", f"The warehouse has {name} as {reference}, as it says when asked."))
    for sending in acted.sendings:
        if sending.work is not None:
            request, reference = sending.step.request, sending.work.reference
            units = counted(sum(line.units for line in request.lines), "unit")
            events.append(
                ("accepted", f"Warehouse {request.warehouse} accepted {request.name} as {reference}: {units}.")
            )
            events += [("left_out", f"Sent without it: {sentence}") for sentence in sending.step.left_out]
    events += _changed(acted)
    events += [("left", step.story) for step in _counted_no_more(acted)]
    events += [one.step.event for one in acted.responded if one.error is None]
    events += [("withdrawn", one.step.story) for one in acted.withdrawn if one.error is None]
    if isinstance(acted.rest, Hold) and acted.rest != sight.hold:
        events.append(("held", f"Held: {acted.rest.detail} {acted.rest.remedy}"))
    return events
