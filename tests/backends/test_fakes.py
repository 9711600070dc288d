"""The fake backend fails as networks do, and builders make objects that fit together."""

import pytest

from crossdock.kit.errors import TryAgain
from crossdock.model.names import ItemCode
from crossdock.ports.backend import Warehouse
from crossdock.testing.builders import MAIN, a_line, a_request, an_item, an_order
from crossdock.testing.fakes import FakeBackend


@pytest.fixture
async def fake() -> FakeBackend:
    backend = FakeBackend()
    await backend.add_warehouse(Warehouse(MAIN, "Main"))
    await backend.add_item(an_item("MUG"))
    return backend


async def test_a_lost_question_leaves_nothing_behind(fake: FakeBackend) -> None:
    request = a_request()
    fake.lose_next_submit()

    with pytest.raises(TryAgain):
        await fake.submit(request)

    assert await fake.work_orders([request.key]) == {}


async def test_a_lost_answer_leaves_the_order_behind_once(fake: FakeBackend) -> None:
    request = a_request()
    fake.lose_next_answer()

    with pytest.raises(TryAgain):
        await fake.submit(request)
    again = await fake.submit(request)

    assert await fake.work_orders([request.key]) == {request.key: again}
    assert (await fake.stock([ItemCode("MUG")])).available == {("MUG", MAIN): -1}


def test_an_orders_fulfillment_order_is_for_its_lines() -> None:
    order = an_order(lines=[a_line(1, quantity=2), a_line(2, variant=7, quantity=3, current_quantity=1)])

    (fulfillment_order,) = order.fulfillment_orders
    assert [(line.line_item, line.remaining) for line in fulfillment_order.lines] == [
        (order.lines[0].id, 2),
        (order.lines[1].id, 1),
    ]
    assert fulfillment_order.lines[1].inventory_item == "gid://shopify/InventoryItem/7"
