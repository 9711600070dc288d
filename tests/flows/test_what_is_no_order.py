"""What a person has to see to is held among the orders; a look at it leaves it so and asks nobody."""

from tests.flows.flow_bench import ACME, FlowBench

from crossdock.model.cause import Cause, Hold
from crossdock.model.flow import Flow
from crossdock.store import holds

KEY = "privacy request 3"


async def test_a_look_leaves_it_held(bench: FlowBench) -> None:
    hold = Hold(Cause.PERSONAL_DATA_REMAINS, "Privacy request 3: erase it there by hand.")
    async with bench.database.begin() as tx:
        await holds.hold(tx, ACME, Flow.ORDERS, {KEY: hold})

    drained = await bench.look(Flow.ORDERS, KEY)

    async with bench.database.begin() as tx:
        found = await holds.held(tx, ACME)
    assert (drained.looked_at, drained.held, drained.failed) == (1, 1, 0)
    assert [(one.key, one.hold) for one in found] == [(KEY, hold)]


async def test_what_nobody_holds_is_let_go(bench: FlowBench) -> None:
    drained = await bench.look(Flow.ORDERS, "nobody knows what")

    assert (drained.looked_at, drained.failed) == (1, 0)
    assert drained.next_due_in is None
