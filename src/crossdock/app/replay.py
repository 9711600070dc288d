"""Decides an order anew by the very steps that send it, and stops short of the last."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crossdock.app.hub import Hub
from crossdock.edge.replaying import Asking, Planned, Replay
from crossdock.flows.orders.changing import Amend
from crossdock.flows.orders.decide import Send
from crossdock.model.cause import Hold
from crossdock.model.change import Terms
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, OrderId, RequestKey
from crossdock.model.plan import Plan, Wait
from crossdock.store import overrides, requests

_OF_ORDERS = (Flow.ORDERS, Flow.FULFILLMENTS, Flow.RETURNS, Flow.MONEY)


@dataclass(frozen=True, slots=True)
class Replays:
    """Replays orders for an open hub; satisfies the protocol `Replaying`."""

    hub: Hub

    async def replay(self, connection: ConnectionId, order: OrderId) -> Replay:
        """Decide anew, by each flow of orders that is switched on."""
        tied = await self.hub.connection(connection)
        plans: list[Plan[Any]] = []
        for flow in _OF_ORDERS:
            if flow in tied.flows:
                plans += await (await self.hub.flow(connection, flow)).plan([order])
        async with self.hub.database.begin() as tx:
            asked = (await requests.of_orders(tx, connection, [order])).get(order, ())
            kept = (await overrides.of_orders(tx, connection, [order])).get(order, {})
        now = _terms(plans)
        known = [Asking(one.key, one.name, one.terms, now.pop(one.key, None)) for one in asked]
        new = [Asking(key, terms.request.name, None, terms) for key, terms in now.items()]
        return Replay(order, tuple(_planned(one) for one in plans), (*known, *new), kept)


def _terms(plans: Sequence[Plan[Any]]) -> dict[RequestKey, Terms]:
    steps = [step for plan in plans for step in plan.steps]
    return {step.terms.request.key: step.terms for step in steps if isinstance(step, Send | Amend)}


def _planned(plan: Plan[Any]) -> Planned:
    return Planned(
        plan.flow,
        tuple(step.sentence for step in plan.steps),
        plan.rest if isinstance(plan.rest, Hold) else None,
        plan.rest if isinstance(plan.rest, Wait) else None,
        tuple(plan.notes),
    )
