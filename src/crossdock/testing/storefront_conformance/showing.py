# ruff: noqa: D102 (a test's name is its sentence)
"""Holds on fulfillment orders, and how far the work on them is."""

import pytest

from crossdock.kit.errors import Refused
from crossdock.ports.storefront import Storefront
from crossdock.testing.storefront_conformance.chapter import Chapter, bought, part_of
from crossdock.testing.storefront_conformance.counter import Counter


class Showing(Chapter):
    """What the warehouse does shows at the fulfillment order."""

    async def test_a_hold_of_ours_is_known_as_ours_and_there_is_one(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        part = (await bought(storefront, counter)).fulfillment_orders[0].id

        await storefront.hold(part, "The address is a hotel.")
        await storefront.hold(part, "Something else.")

        held = await part_of(storefront, part)
        assert [(one.ours, one.reason) for one in held.holds] == [(True, "The address is a hotel.")]
        assert (held.status, held.held, held.can("CREATE_FULFILLMENT")) == ("ON_HOLD", False, False)

    async def test_a_hold_is_released_by_its_id_and_a_second_release_changes_nothing(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        part = (await bought(storefront, counter)).fulfillment_orders[0].id
        await storefront.hold(part, "The address is a hotel.")
        ours = [one.id for one in (await part_of(storefront, part)).holds]

        await storefront.release_hold(part, ours)
        await storefront.release_hold(part, ours)

        free = await part_of(storefront, part)
        assert (free.holds, free.can("CREATE_FULFILLMENT")) == ((), True)

    async def test_progress_is_reported_and_taken_back(self, storefront: Storefront, counter: Counter) -> None:
        part = (await bought(storefront, counter)).fulfillment_orders[0].id

        await storefront.report_progress(part)
        await storefront.report_progress(part)
        begun = await part_of(storefront, part)
        await storefront.take_progress_back(part)

        assert (begun.status, begun.can("MARK_AS_OPEN"), begun.can("CREATE_FULFILLMENT")) == ("IN_PROGRESS", True, True)
        assert (await part_of(storefront, part)).status == "OPEN"

    async def test_what_is_shipped_is_not_said_to_wait_for_its_customer(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        part = (await bought(storefront, counter)).fulfillment_orders[0].id

        with pytest.raises(Refused):
            await storefront.prepared_for_pickup(part)
