"""What became of routing at one look at an order: written down, and told."""

from collections.abc import Sequence

from crossdock.flows.orders.outcomes import Acted, Moving, Sending
from crossdock.flows.orders.placing import Choose, Settle
from crossdock.flows.orders.sight import Sight
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId
from crossdock.model.routing_rules import Mode
from crossdock.pending.mark import mark
from crossdock.store import requests, routes
from crossdock.store.database import Tx


async def keep_route(tx: Tx, connection: ConnectionId, sight: Sight, acted: Acted) -> None:
    """Write down what Shopify and the warehouses said to where the order is to ship from."""
    if sight.route is None:
        return
    number = sight.route.number
    for step in acted.plan.steps:
        if isinstance(step, Settle):
            await routes.settled(tx, connection, sight.id, number)
    for moving in acted.moved:
        if moving.known:
            await routes.answered(tx, connection, sight.id, number)
        if _follows(moving):
            await routes.settled(tx, connection, sight.id, number)
        if moving.error is None or _follows(moving):
            await mark(tx, connection, Flow.ORDERS, [sight.id], "Shopify answered where it is to ship from")
    for sending in _passed_on(acted):
        await requests.refused(tx, connection, sending.step.request.key)
        await routes.rejected(tx, connection, sight.id, number, sending.step.location)
        await mark(tx, connection, Flow.ORDERS, [sight.id], "a warehouse refused it")
    if _told_now(sight, acted):
        await routes.told(tx, connection, sight.id, number)


def route_events(sight: Sight, acted: Acted) -> Sequence[tuple[str, str]]:
    """Return what the time line is told of it: the kind of each event and its sentence."""
    events: list[tuple[str, str]] = []
    if sight.route is not None and _told_now(sight, acted):
        watches = sight.connection.rules.routing.mode is Mode.WATCH
        events.append(("routed", f"{'Would' if watches else 'To'} ship from {sight.route.routed.sentence}"))
    for moving in acted.moved:
        if moving.error is None:
            events.append(("moved", moving.step.story))
        elif _follows(moving):
            events.append(("rejected", f"It ships from where Shopify has it. {moving.error}"))
    events += [("rejected", f"The next location is asked. {sending.error}") for sending in _passed_on(acted)]
    return events


def _told_now(sight: Sight, acted: Acted) -> bool:
    """Whether the decision is written down, and nobody was told of it."""
    if sight.route is None or sight.route.told:
        return False
    return not sight.is_new_route or any(isinstance(step, Choose) for step in acted.plan.steps)


def _follows(moving: Moving) -> bool:
    return moving.refused and moving.step.follow


def _passed_on(acted: Acted) -> Sequence[Sending]:
    return [sending for sending in acted.sendings if sending.passed_on]
