# ruff: noqa: D102 (a test's name is its sentence)
"""Orders that are cancelled, and units that are taken out of them."""

import pytest

from crossdock.kit.errors import HubError
from crossdock.model.names import Units
from crossdock.model.withdrawal import Removal
from crossdock.ports.storefront import Storefront
from crossdock.testing.storefront_conformance.chapter import Chapter, a_draft, bought, level_of
from crossdock.testing.storefront_conformance.counter import Counter


class Withdrawals(Chapter):
    """What is withdrawn is not to ship any more."""

    async def test_an_order_is_cancelled_by_a_job_and_gives_its_units_up(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        mug = await counter.offer("MUG", 10)
        id_ = await counter.buy(mug, 3)

        job = await storefront.cancel_order(id_, restock=False, refund=False, notify_customer=False)
        done = await storefront.jobs_done([job])

        order = (await storefront.orders([id_]))[id_]
        level = await level_of(storefront, mug)
        assert list(done) == [job]
        assert order.cancelled_at is not None
        assert sum(line.remaining for fo in order.fulfillment_orders for line in fo.lines) == 0
        assert (level.available, level.committed) == (7, 0)

    async def test_an_order_of_which_something_left_is_not_cancelled(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        order = await bought(storefront, counter, units=2)
        await storefront.create_fulfillment(a_draft(order, 1, "T-1"))

        with pytest.raises(HubError, match="outstanding fulfillments"):
            await storefront.cancel_order(order.id, restock=False, refund=False, notify_customer=False)

    @pytest.mark.parametrize(("restock", "available"), [(True, 8), (False, 7)])
    async def test_units_are_taken_out_of_an_order_once_however_often_it_is_said(
        self, storefront: Storefront, counter: Counter, available: int, *, restock: bool
    ) -> None:
        mug = await counter.offer("MUG", 10)
        id_ = await counter.buy(mug, 3)
        (line,) = (await storefront.orders([id_]))[id_].lines

        for _ in range(2):
            await storefront.remove_units(Removal(id_, {line.id: Units(2)}, restock, notify_customer=False))

        order = (await storefront.orders([id_]))[id_]
        level = await level_of(storefront, mug)
        assert [one.current_quantity for one in order.lines] == [2]
        assert [one.remaining for fo in order.fulfillment_orders for one in fo.lines] == [2]
        assert (level.available, level.committed) == (available, 2)
