"""Outside of a flow's hours nothing new is sent and nothing is lost; what was sent is followed all the same."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.flows.flow_bench import ACME, FlowBench
from tests.flows.test_deciding_orders import a_sight

from crossdock.edge.rule_changes import change_rules
from crossdock.flows.orders.decide import Send, decide
from crossdock.kit.clock import SystemClock
from crossdock.model.connection import Rules
from crossdock.model.flow import Flow
from crossdock.model.names import RequestKey
from crossdock.model.people import Actor, Face
from crossdock.model.plan import Wait
from crossdock.model.schedule import Hours, ScheduleRules
from crossdock.pending.drain import drain
from crossdock.pending.within_hours import put_off
from crossdock.pending.work import Claim, Look
from crossdock.store import connections, pending
from crossdock.testing.builders import NOON, an_order

NIGHT = ScheduleRules(orders=Hours("22:00-06:00 UTC"), inventory=Hours("22:00-06:00 UTC"))


def test_an_order_waits_for_its_hours_and_goes_when_they_begin() -> None:
    sight = a_sight(an_order())
    rules = replace(sight.connection.rules, schedule=NIGHT)
    sight = replace(sight, connection=replace(sight.connection, rules=rules))

    noon, night = decide(sight, NOON), decide(sight, NOON + timedelta(hours=10))

    assert not any(isinstance(step, Send) for step in noon.steps)
    assert noon.rest == Wait(timedelta(hours=10), "#1001 waits until 22:00 UTC by schedule.")
    assert [step for step in night.steps if isinstance(step, Send)]


@pytest.mark.parametrize("flow", [Flow.FULFILLMENTS, Flow.RETURNS, Flow.CATALOG, Flow.ORDERS])
def test_flows_without_hours_and_orders_are_looked_at_at_any_time(flow: Flow) -> None:
    assert put_off(NIGHT, flow, [], NOON) is None


async def test_what_a_closed_flow_has_to_do_waits_untouched_and_is_due_once_the_hours_change(
    bench: FlowBench,
) -> None:
    await bench.keep()
    await bench.mark(Flow.INVENTORY, "gid://shopify/InventoryItem/1")
    looked_at: list[str] = []

    async def look(claims: Sequence[Claim]) -> Sequence[Look]:
        async with bench.database.begin() as tx:
            rules = (await connections.get(tx, ACME)).rules
        waiting = put_off(rules.schedule, Flow.INVENTORY, claims, NOON)
        if waiting is not None:
            return waiting
        looked_at.extend(claim.key for claim in claims)
        return [Look(claim) for claim in claims]

    await _set_hours(bench, NIGHT)
    closed = await drain(bench.database, look, ACME, Flow.INVENTORY, "tester")
    async with bench.database.begin() as tx:
        [waits] = await pending.waiting(tx)
    await _set_hours(bench, ScheduleRules())
    opened = await drain(bench.database, look, ACME, Flow.INVENTORY, "tester")

    assert (closed.failed, closed.held, closed.waiting) == (0, 0, 1)
    assert (waits.later, waits.failing) == (1, 0)
    assert closed.next_due_in is not None
    assert closed.next_due_in > timedelta(hours=9)
    assert looked_at == ["gid://shopify/InventoryItem/1"]
    assert opened.next_due_in is None


async def test_what_was_sent_is_followed_outside_of_the_hours(bench: FlowBench) -> None:
    await bench.keep()
    await bench.link()
    order = an_order(note="Ring once")
    bench.store.put(order)
    await bench.look(Flow.ORDERS, order.id)
    rules = replace(bench.connection.rules, schedule=_shut_now())
    bench.connection = replace(bench.connection, rules=rules)

    late = an_order(number=1002)
    bench.store.put(replace(order, note="Ring twice"))
    bench.store.put(late)
    await bench.look(Flow.ORDERS, order.id, late.id)

    keys = [RequestKey(one.fulfillment_orders[0].id) for one in (order, late)]
    assert "amended" in await bench.story(order.id)
    assert list(await bench.backend.work_orders(keys)) == keys[:1]


def _shut_now() -> ScheduleRules:
    """Hours that begin two hours from now, and last one."""
    start = SystemClock().now() + timedelta(hours=2)
    return ScheduleRules(orders=Hours(f"{start:%H:%M}-{start + timedelta(hours=1):%H:%M} UTC"))


async def _set_hours(bench: FlowBench, schedule: ScheduleRules) -> None:
    def change(rules: Rules) -> Rules:
        return replace(rules, schedule=schedule)

    async with bench.database.begin() as tx:
        await change_rules(tx, Actor("Ada", Face.PORTAL), ACME, change)
