"""A backend that lost a request is asked again under the same key; one that has it is not, and no goods leave twice."""

import pytest
from tests.flows.flow_bench import FlowBench
from tests.flows.test_changes_after_acceptance import an_accepted_order, both_sides, key_of, only_line, there
from tests.flows.test_set_by_hand import ADA, story

from crossdock.edge.resending import resend
from crossdock.kit.errors import UsageError
from crossdock.model.flow import Flow
from crossdock.model.names import OrderId
from crossdock.testing.floor import Parcel


@pytest.fixture
async def kept(bench: FlowBench) -> FlowBench:
    """A connection that the database knows."""
    await bench.keep()
    return bench


async def ask_again(bench: FlowBench, order: OrderId) -> None:
    told = await story(bench, order)
    async with bench.database.begin() as tx:
        await resend(tx, ADA, told)


async def test_what_the_backend_lost_is_sent_again_under_its_key(kept: FlowBench) -> None:
    order = await an_accepted_order(kept)
    key = key_of(kept, order)
    await kept.backend.stop(key)
    del kept.backend._orders[key]
    before = await both_sides(kept)

    await ask_again(kept, order)
    await kept.settle()

    assert sum(line.units for line in there(kept, order).lines) == 3
    assert set(kept.backend._orders) == {key}
    assert (before, await both_sides(kept)) == ((7, 10), (7, 7))
    assert (await kept.story(order)).count("accepted") == 2


async def test_what_the_backend_has_is_not_sent_again(kept: FlowBench) -> None:
    order = await an_accepted_order(kept)
    before = await both_sides(kept)

    await ask_again(kept, order)
    await kept.settle()

    assert await both_sides(kept) == before
    assert len(kept.backend._orders) == 1
    assert (await kept.story(order))[-1] == "confirmed"


async def test_what_left_already_is_not_asked_for_again(kept: FlowBench) -> None:
    order = await an_accepted_order(kept, 1)
    key = key_of(kept, order)
    await kept.backend.ship(key, [Parcel({only_line(kept, order): 1})])
    await kept.hear()
    await kept.settle()

    with pytest.raises(UsageError, match="might ship the goods twice"):
        await ask_again(kept, order)


async def test_what_was_cancelled_is_not_asked_for_again(kept: FlowBench) -> None:
    order = await an_accepted_order(kept)
    kept.store.cancel(order)
    await kept.look(Flow.ORDERS, order)
    await kept.settle()

    with pytest.raises(UsageError, match="cancelled on Shopify"):
        await ask_again(kept, order)


async def test_what_is_being_asked_for_is_not_asked_for_twice(kept: FlowBench) -> None:
    order = await an_accepted_order(kept)
    await ask_again(kept, order)

    with pytest.raises(UsageError, match="is being asked for already"):
        await ask_again(kept, order)
