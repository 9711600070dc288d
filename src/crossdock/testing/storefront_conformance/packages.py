# ruff: noqa: D102 (a test's name is its sentence)
"""Fulfillments: packages that leave, their tracking, and packages that are taken back."""

from datetime import timedelta

import pytest

from crossdock.kit.errors import HubError
from crossdock.model.request import DeliveryEvent, DeliveryStatus, Tracking
from crossdock.ports.storefront import Storefront
from crossdock.testing.storefront_conformance.chapter import NOWHERE, Chapter, a_draft, bought, level_of
from crossdock.testing.storefront_conformance.counter import Counter


class Packages(Chapter):
    """What left is fulfilled, and what was taken back is to ship again."""

    async def test_a_package_leaves_with_its_tracking_and_the_rest_remains(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        order = await bought(storefront, counter, units=3)

        id_ = await storefront.create_fulfillment(a_draft(order, 1, "T-1"))

        after = (await storefront.orders([order.id]))[order.id]
        (fulfillment,) = after.fulfillments
        assert (fulfillment.id, fulfillment.tracking_numbers) == (id_, ("T-1",))
        assert fulfillment.lines == ((order.lines[0].id, 1),)
        assert [line.remaining for line in after.fulfillment_orders[0].lines] == [2]
        assert after.fulfillment_orders[0].can("CREATE_FULFILLMENT")

    async def test_the_last_package_closes_the_fulfillment_order(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        order = await bought(storefront, counter, units=2)

        await storefront.create_fulfillment(a_draft(order, 2, None))

        (part,) = (await storefront.orders([order.id]))[order.id].fulfillment_orders
        assert (part.status, part.can("CREATE_FULFILLMENT"), part.lines[0].remaining) == ("CLOSED", False, 0)

    async def test_fulfilled_units_are_committed_no_longer(self, storefront: Storefront, counter: Counter) -> None:
        mug = await counter.offer("MUG", 10)
        id_ = await counter.buy(mug, 3)
        order = (await storefront.orders([id_]))[id_]

        await storefront.create_fulfillment(a_draft(order, 2, "T-1"))

        level = await level_of(storefront, mug)
        assert (level.available, level.committed) == (7, 1)

    async def test_a_repeated_package_is_another_one(self, storefront: Storefront, counter: Counter) -> None:
        order = await bought(storefront, counter, units=3)

        first, second = [await storefront.create_fulfillment(a_draft(order, 1, "T-1")) for _ in range(2)]

        after = (await storefront.orders([order.id]))[order.id]
        assert first != second
        assert {one.id for one in after.fulfillments} == {first, second}

    async def test_more_than_is_left_is_refused(self, storefront: Storefront, counter: Counter) -> None:
        order = await bought(storefront, counter, units=2)

        with pytest.raises(HubError):
            await storefront.create_fulfillment(a_draft(order, 3, "T-1"))

        assert (await storefront.orders([order.id]))[order.id].fulfillments == ()

    async def test_corrected_tracking_replaces_what_was_told(self, storefront: Storefront, counter: Counter) -> None:
        order = await bought(storefront, counter)
        id_ = await storefront.create_fulfillment(a_draft(order, 1, "T-1"))
        corrected = Tracking("Parcel Pigeons", "T-2", "https://pigeons.example/T-2")

        await storefront.correct_tracking(id_, corrected, notify_customer=False)

        (told,) = (await storefront.orders([order.id]))[order.id].fulfillments
        assert (told.tracking_company, told.tracking_numbers, told.tracking_urls) == (
            "Parcel Pigeons",
            ("T-2",),
            ("https://pigeons.example/T-2",),
        )

    async def test_tracking_of_a_fulfillment_that_is_not_there_is_refused(self, storefront: Storefront) -> None:
        with pytest.raises(HubError):
            await storefront.correct_tracking(NOWHERE, Tracking(number="T-1"), notify_customer=False)

    async def test_units_of_a_cancelled_part_go_back_to_their_fulfillment_order(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        order = await bought(storefront, counter, units=3)
        id_ = await storefront.create_fulfillment(a_draft(order, 2, "T-1"))

        await storefront.cancel_fulfillment(id_)

        after = (await storefront.orders([order.id]))[order.id]
        assert [one.status for one in after.fulfillments] == ["CANCELLED"]
        assert [(part.id, part.lines[0].remaining) for part in after.fulfillment_orders] == [
            (order.fulfillment_orders[0].id, 3)
        ]

    async def test_units_of_a_cancelled_whole_come_back_in_a_new_fulfillment_order(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        order = await bought(storefront, counter, units=2)
        id_ = await storefront.create_fulfillment(a_draft(order, 2, "T-1"))

        await storefront.cancel_fulfillment(id_)

        after = (await storefront.orders([order.id]))[order.id]
        old, new = sorted(after.fulfillment_orders, key=lambda part: part.id != order.fulfillment_orders[0].id)
        assert (old.id, old.status, old.lines[0].remaining) == (order.fulfillment_orders[0].id, "CLOSED", 0)
        assert (new.location, new.can("CREATE_FULFILLMENT")) == (old.location, True)
        assert [(line.line_item, line.remaining) for line in new.lines] == [(order.lines[0].id, 2)]
        assert new.lines[0].id != old.lines[0].id

    async def test_cancelled_units_are_committed_again(self, storefront: Storefront, counter: Counter) -> None:
        mug = await counter.offer("MUG", 10)
        bought = await counter.buy(mug, 3)
        order = (await storefront.orders([bought]))[bought]
        id_ = await storefront.create_fulfillment(a_draft(order, 3, "T-1"))

        await storefront.cancel_fulfillment(id_)

        level = await level_of(storefront, mug)
        assert (level.available, level.committed) == (7, 3)

    async def test_a_second_cancellation_changes_nothing(self, storefront: Storefront, counter: Counter) -> None:
        order = await bought(storefront, counter, units=2)
        id_ = await storefront.create_fulfillment(a_draft(order, 1, "T-1"))
        await storefront.cancel_fulfillment(id_)
        once = (await storefront.orders([order.id]))[order.id]

        await storefront.cancel_fulfillment(id_)

        twice = (await storefront.orders([order.id]))[order.id]
        assert (twice.fulfillments, twice.fulfillment_orders) == (once.fulfillments, once.fulfillment_orders)

    async def test_what_happened_on_the_way_is_told_and_a_repeat_is_another_event(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        order = await bought(storefront, counter)
        id_ = await storefront.create_fulfillment(a_draft(order, 1, "T-1"))
        at = order.created_at + timedelta(days=1)
        left, arrived = DeliveryEvent(DeliveryStatus.IN_TRANSIT, at), DeliveryEvent(DeliveryStatus.DELIVERED, at)

        for event in (left, arrived, arrived):
            await storefront.report_event(id_, event)

        told = (await storefront.delivery_events([id_, NOWHERE]))[id_]
        assert sorted(one.status for one in told) == ["delivered", "delivered", "in_transit"]
        assert {one.happened_at for one in told} == {at.replace(microsecond=0)}
