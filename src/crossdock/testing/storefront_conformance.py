# ruff: noqa: D102 (a test's name is its sentence)
"""
What every storefront must do, as tests: our fake and the real adapter pass the same ones, so the fake cannot drift.

Subclass `StorefrontConformance` in a test module and give it the fixtures `storefront` and `counter`.
"""

import itertools
from datetime import timedelta
from decimal import Decimal
from typing import Protocol

import pytest

from crossdock.kit.errors import HubError, Refused, TryAgain
from crossdock.model.catalog import Variant
from crossdock.model.money import Money
from crossdock.model.names import (
    FulfillmentId,
    FulfillmentOrderId,
    InventoryItemId,
    LocationId,
    OrderId,
    PaymentId,
    Units,
    VariantId,
)
from crossdock.model.order import FulfillmentOrder, Order
from crossdock.model.relocation import Move
from crossdock.model.request import DeliveryEvent, DeliveryStatus, Tracking
from crossdock.model.returning import Disposal, Refund, Return, ReturnTracking
from crossdock.model.service_request import (
    Reason,
    Reply,
    Say,
    awaits_word,
    is_called_back,
    is_to_ship,
    was_given_back,
)
from crossdock.model.settlement import PaidBack, Settlement
from crossdock.model.stock import AdjustAvailable, InventoryLevel, SetAvailable
from crossdock.model.withdrawal import Removal
from crossdock.ports.storefront import FulfillmentDraft, RowRefused, Storefront

REFERENCE = "gid://crossdock/StockReading/1"

NOWHERE = FulfillmentId("gid://shopify/Fulfillment/404")

_keys = (f"conformance-{number}" for number in itertools.count())


class Counter(Protocol):
    """What a shop's people and customers do, in the few acts that the suite needs."""

    async def location(self) -> LocationId:
        """Return a location that ships."""
        ...

    async def offer(self, sku: str, units: int) -> Variant:
        """Sell a tracked product of one variant, with so many units at that location."""
        ...

    async def stock_elsewhere(self, variant: Variant, units: int) -> LocationId:
        """Open another location that ships, with so many units of the variant, and return it."""
        ...

    async def buy(self, variant: Variant, units: int) -> OrderId:
        """Let a customer buy and pay, and wait until the order is routed."""
        ...

    async def assign_to_service(self, order: OrderId, variant: Variant) -> FulfillmentOrderId:
        """Have a fulfillment service of this app ship an order of one variant, unrequested."""
        ...

    async def request(self, fulfillment_order: FulfillmentOrderId) -> None:
        """Let the merchant request it of the service."""
        ...

    async def call_back(self, fulfillment_order: FulfillmentOrderId) -> None:
        """Let the merchant request the cancellation of what the service accepted."""
        ...

    async def authorize(self, variant: Variant, units: int) -> OrderId:
        """Let a customer buy, and authorize the payment of ten a unit."""
        ...


class StorefrontConformance:
    """The promises of `crossdock.ports.storefront.Storefront` that flows rest on, one test each."""

    @pytest.fixture
    def storefront(self) -> Storefront:
        """Give an open storefront of an empty shop. To be overridden, sync or async."""
        raise NotImplementedError

    @pytest.fixture
    def counter(self) -> Counter:
        """Give the hands inside that shop. To be overridden, sync or async."""
        raise NotImplementedError

    # --- reading --------------------------------------------------------------------------------------------------

    async def test_an_order_is_read_whole(self, storefront: Storefront, counter: Counter) -> None:
        mug = await counter.offer("MUG", 10)
        id_ = await counter.buy(mug, 2)

        order = (await storefront.orders([id_]))[id_]

        (line,) = order.lines
        (part,) = order.fulfillment_orders
        assert (order.financial_status, order.fulfillment_status, order.cancelled_at) == ("PAID", "UNFULFILLED", None)
        assert (line.variant, line.sku, line.quantity) == (mug.id, "MUG", 2)
        assert (part.location, part.can("CREATE_FULFILLMENT")) == (await counter.location(), True)
        assert [(one.line_item, one.variant, one.inventory_item, one.remaining) for one in part.lines] == [
            (line.id, mug.id, mug.inventory_item, 2)
        ]
        assert order.fulfillments == ()

    async def test_ids_that_the_store_does_not_know_are_left_out(self, storefront: Storefront) -> None:
        assert await storefront.orders([OrderId("gid://shopify/Order/404")]) == {}
        assert await storefront.orders_of([FulfillmentOrderId("gid://shopify/FulfillmentOrder/404")]) == {}
        assert await storefront.variants([VariantId("gid://shopify/ProductVariant/404")]) == {}
        assert await storefront.variants_of(["gid://shopify/Product/404"]) == {}
        assert list(await storefront.levels([InventoryItemId("gid://shopify/InventoryItem/404")])) == []

    async def test_a_fulfillment_order_names_its_order(self, storefront: Storefront, counter: Counter) -> None:
        order = await _bought(storefront, counter)

        part = order.fulfillment_orders[0].id

        assert await storefront.orders_of([part]) == {part: order.id}

    async def test_a_variant_is_read_with_its_codes(self, storefront: Storefront, counter: Counter) -> None:
        mug = await counter.offer("MUG", 10)

        found = (await storefront.variants([mug.id]))[mug.id]

        assert (found.sku, found.inventory_item, found.tracked) == ("MUG", mug.inventory_item, True)

    async def test_changed_orders_are_listed_from_their_second_on(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        order = await _bought(storefront, counter)

        now = await storefront.orders_updated(order.updated_at)
        later = await storefront.orders_updated(order.updated_at + timedelta(seconds=1))

        assert [id_ for id_, _ in now.objects] == [order.id]
        assert later.objects == ()

    async def test_changed_variants_are_listed(self, storefront: Storefront, counter: Counter) -> None:
        mug = await counter.offer("MUG", 10)
        order = await _bought(storefront, counter)

        since = await storefront.variants_updated(order.created_at - timedelta(days=1))
        later = await storefront.variants_updated(order.created_at + timedelta(days=1))

        assert mug.id in [id_ for id_, _ in since.objects]
        assert later.objects == ()

    # --- stock ----------------------------------------------------------------------------------------------------

    async def test_a_sale_moves_units_from_available_to_committed(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        mug = await counter.offer("MUG", 10)
        await counter.buy(mug, 3)

        assert await _level(storefront, mug) == InventoryLevel(
            mug.inventory_item, await counter.location(), Units(7), Units(3)
        )

    async def test_a_level_is_set_where_it_still_holds_what_it_held(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        mug = await counter.offer("MUG", 10)

        refused = await storefront.set_available([await _row(counter, mug, 25, 10)], next(_keys), REFERENCE)

        assert (list(refused), (await _level(storefront, mug)).available) == ([], 25)

    async def test_a_stale_row_is_named_and_nothing_is_written(self, storefront: Storefront, counter: Counter) -> None:
        mug, lamp = await counter.offer("MUG", 10), await counter.offer("LAMP", 5)
        rows = [await _row(counter, mug, 25, 10), await _row(counter, lamp, 7, 4)]

        refused = await storefront.set_available(rows, next(_keys), REFERENCE)

        assert [(row.index, row.stale) for row in refused] == [(1, True)]
        assert [(await _level(storefront, variant)).available for variant in (mug, lamp)] == [10, 5]

    async def test_a_row_of_an_unknown_item_is_named_and_nothing_is_written(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        mug = await counter.offer("MUG", 10)
        unknown = SetAvailable(
            InventoryItemId("gid://shopify/InventoryItem/404"), await counter.location(), Units(1), Units(0)
        )

        refused = await storefront.set_available([unknown, await _row(counter, mug, 25, 10)], next(_keys), REFERENCE)

        assert [(row.index, row.stale) for row in refused] == [(0, False)]
        assert (await _level(storefront, mug)).available == 10

    async def test_a_repeated_write_is_not_made_twice(self, storefront: Storefront, counter: Counter) -> None:
        mug = await counter.offer("MUG", 10)
        rows, key = [await _row(counter, mug, 25, 10)], next(_keys)
        await storefront.set_available(rows, key, REFERENCE)
        await counter.buy(mug, 1)

        again = await storefront.set_available(rows, key, REFERENCE)

        assert (list(again), (await _level(storefront, mug)).available) == ([], 24)

    async def test_negative_stock_may_be_told(self, storefront: Storefront, counter: Counter) -> None:
        mug = await counter.offer("MUG", 1)

        refused: list[RowRefused] = list(
            await storefront.set_available([await _row(counter, mug, -2, 1)], next(_keys), REFERENCE)
        )

        assert (refused, (await _level(storefront, mug)).available) == ([], -2)

    async def test_units_are_added_to_whatever_a_level_holds_by_then(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        mug = await counter.offer("MUG", 10)
        await counter.buy(mug, 1)

        refused = await storefront.adjust_available([await _change(counter, mug, 5)], next(_keys), REFERENCE)

        assert (list(refused), (await _level(storefront, mug)).available) == ([], 14)

    async def test_a_repeated_addition_is_not_made_twice(self, storefront: Storefront, counter: Counter) -> None:
        mug = await counter.offer("MUG", 10)
        changes, key = [await _change(counter, mug, -3)], next(_keys)
        await storefront.adjust_available(changes, key, REFERENCE)

        again = await storefront.adjust_available(changes, key, REFERENCE)

        assert (list(again), (await _level(storefront, mug)).available) == ([], 7)

    async def test_a_key_stands_for_its_call_with_its_reference(self, storefront: Storefront, counter: Counter) -> None:
        mug = await counter.offer("MUG", 10)
        changes, key = [await _change(counter, mug, 5)], next(_keys)
        await storefront.adjust_available(changes, key, REFERENCE)

        with pytest.raises(HubError, match=r"(?i)one key"):
            await storefront.adjust_available(changes, key, f"{REFERENCE}0")

        assert (await _level(storefront, mug)).available == 15

    async def test_one_bad_row_is_named_and_nothing_is_added(self, storefront: Storefront, counter: Counter) -> None:
        mug = await counter.offer("MUG", 10)
        unknown = AdjustAvailable(
            InventoryItemId("gid://shopify/InventoryItem/404"), await counter.location(), Units(1)
        )

        refused = await storefront.adjust_available([await _change(counter, mug, 5), unknown], next(_keys), REFERENCE)

        assert [(row.index, row.stale) for row in refused] == [(1, False)]
        assert (await _level(storefront, mug)).available == 10

    # --- fulfillments ---------------------------------------------------------------------------------------------

    async def test_a_package_leaves_with_its_tracking_and_the_rest_remains(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        order = await _bought(storefront, counter, units=3)

        id_ = await storefront.create_fulfillment(_draft(order, 1, "T-1"))

        after = (await storefront.orders([order.id]))[order.id]
        (fulfillment,) = after.fulfillments
        assert (fulfillment.id, fulfillment.tracking_numbers) == (id_, ("T-1",))
        assert fulfillment.lines == ((order.lines[0].id, 1),)
        assert [line.remaining for line in after.fulfillment_orders[0].lines] == [2]
        assert after.fulfillment_orders[0].can("CREATE_FULFILLMENT")

    async def test_the_last_package_closes_the_fulfillment_order(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        order = await _bought(storefront, counter, units=2)

        await storefront.create_fulfillment(_draft(order, 2, None))

        (part,) = (await storefront.orders([order.id]))[order.id].fulfillment_orders
        assert (part.status, part.can("CREATE_FULFILLMENT"), part.lines[0].remaining) == ("CLOSED", False, 0)

    async def test_fulfilled_units_are_committed_no_longer(self, storefront: Storefront, counter: Counter) -> None:
        mug = await counter.offer("MUG", 10)
        id_ = await counter.buy(mug, 3)
        order = (await storefront.orders([id_]))[id_]

        await storefront.create_fulfillment(_draft(order, 2, "T-1"))

        level = await _level(storefront, mug)
        assert (level.available, level.committed) == (7, 1)

    async def test_a_repeated_package_is_another_one(self, storefront: Storefront, counter: Counter) -> None:
        order = await _bought(storefront, counter, units=3)

        first, second = [await storefront.create_fulfillment(_draft(order, 1, "T-1")) for _ in range(2)]

        after = (await storefront.orders([order.id]))[order.id]
        assert first != second
        assert {one.id for one in after.fulfillments} == {first, second}

    async def test_more_than_is_left_is_refused(self, storefront: Storefront, counter: Counter) -> None:
        order = await _bought(storefront, counter, units=2)

        with pytest.raises(HubError):
            await storefront.create_fulfillment(_draft(order, 3, "T-1"))

        assert (await storefront.orders([order.id]))[order.id].fulfillments == ()

    async def test_corrected_tracking_replaces_what_was_told(self, storefront: Storefront, counter: Counter) -> None:
        order = await _bought(storefront, counter)
        id_ = await storefront.create_fulfillment(_draft(order, 1, "T-1"))
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

    async def test_a_hold_of_ours_is_known_as_ours_and_there_is_one(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        part = (await _bought(storefront, counter)).fulfillment_orders[0].id

        await storefront.hold(part, "The address is a hotel.")
        await storefront.hold(part, "Something else.")

        held = await _part(storefront, part)
        assert [(one.ours, one.reason) for one in held.holds] == [(True, "The address is a hotel.")]
        assert (held.status, held.held, held.can("CREATE_FULFILLMENT")) == ("ON_HOLD", False, False)

    async def test_a_hold_is_released_by_its_id_and_a_second_release_changes_nothing(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        part = (await _bought(storefront, counter)).fulfillment_orders[0].id
        await storefront.hold(part, "The address is a hotel.")
        ours = [one.id for one in (await _part(storefront, part)).holds]

        await storefront.release_hold(part, ours)
        await storefront.release_hold(part, ours)

        free = await _part(storefront, part)
        assert (free.holds, free.can("CREATE_FULFILLMENT")) == ((), True)

    async def test_progress_is_reported_and_taken_back(self, storefront: Storefront, counter: Counter) -> None:
        part = (await _bought(storefront, counter)).fulfillment_orders[0].id

        await storefront.report_progress(part)
        await storefront.report_progress(part)
        begun = await _part(storefront, part)
        await storefront.take_progress_back(part)

        assert (begun.status, begun.can("MARK_AS_OPEN"), begun.can("CREATE_FULFILLMENT")) == ("IN_PROGRESS", True, True)
        assert (await _part(storefront, part)).status == "OPEN"

    async def test_what_is_shipped_is_not_said_to_wait_for_its_customer(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        part = (await _bought(storefront, counter)).fulfillment_orders[0].id

        with pytest.raises(Refused):
            await storefront.prepared_for_pickup(part)

    async def test_what_a_merchant_requests_is_accepted_once(self, storefront: Storefront, counter: Counter) -> None:
        part = await _assigned(counter)
        unrequested = await _part(storefront, part)
        await counter.request(part)
        requested = await _part(storefront, part)

        await storefront.reply(Reply(part, Say.ACCEPT, "It is W-1."))

        accepted = await _part(storefront, part)
        assert (unrequested.at_service, is_to_ship(unrequested)) == (True, False)
        assert (awaits_word(requested), is_to_ship(requested)) == (True, True)
        assert (accepted.status, accepted.request_status) == ("IN_PROGRESS", "ACCEPTED")
        assert accepted.can("CREATE_FULFILLMENT")
        with pytest.raises(TryAgain):
            await storefront.reply(Reply(part, Say.ACCEPT, "It is W-1."))

    async def test_what_was_rejected_may_be_requested_again(self, storefront: Storefront, counter: Counter) -> None:
        part = await _assigned(counter)
        await counter.request(part)

        await storefront.reply(Reply(part, Say.REJECT, "No such item.", Reason.INVALID_SKU))
        rejected = await _part(storefront, part)
        await counter.request(part)

        assert (rejected.status, rejected.request_status) == ("OPEN", "REJECTED")
        assert was_given_back(rejected)
        assert awaits_word(await _part(storefront, part))

    async def test_what_is_given_back_waits_in_a_new_fulfillment_order(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        part = await _accepted(storefront, counter)
        await counter.call_back(part)
        called_back = await _part(storefront, part)

        await storefront.reply(Reply(part, Say.AGREE, "It is stopped."))

        order = (await storefront.orders_of([part]))[part]
        old, new = sorted((await storefront.orders([order]))[order].fulfillment_orders, key=lambda one: one.id != part)
        assert is_called_back(called_back)
        assert (old.request_status, sum(line.remaining for line in old.lines)) == ("CANCELLATION_ACCEPTED", 0)
        assert (new.at_service, new.request_status, new.lines[0].remaining) == (True, "UNSUBMITTED", 2)

    async def test_what_is_not_given_back_goes_on(self, storefront: Storefront, counter: Counter) -> None:
        part = await _accepted(storefront, counter)
        await counter.call_back(part)

        await storefront.reply(Reply(part, Say.REFUSE, "It is packed."))

        kept = await _part(storefront, part)
        assert (kept.status, kept.request_status) == ("IN_PROGRESS", "CANCELLATION_REJECTED")
        assert is_to_ship(kept)

    async def test_what_a_service_gives_up_may_be_requested_again(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        part = await _accepted(storefront, counter)

        await storefront.reply(Reply(part, Say.CLOSE, "The racks fell over."))
        closed = await _part(storefront, part)
        await counter.request(part)

        assert (closed.status, closed.request_status) == ("INCOMPLETE", "CLOSED")
        assert awaits_word(await _part(storefront, part))

    async def test_units_of_a_cancelled_part_go_back_to_their_fulfillment_order(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        order = await _bought(storefront, counter, units=3)
        id_ = await storefront.create_fulfillment(_draft(order, 2, "T-1"))

        await storefront.cancel_fulfillment(id_)

        after = (await storefront.orders([order.id]))[order.id]
        assert [one.status for one in after.fulfillments] == ["CANCELLED"]
        assert [(part.id, part.lines[0].remaining) for part in after.fulfillment_orders] == [
            (order.fulfillment_orders[0].id, 3)
        ]

    async def test_units_of_a_cancelled_whole_come_back_in_a_new_fulfillment_order(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        order = await _bought(storefront, counter, units=2)
        id_ = await storefront.create_fulfillment(_draft(order, 2, "T-1"))

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
        id_ = await storefront.create_fulfillment(_draft(order, 3, "T-1"))

        await storefront.cancel_fulfillment(id_)

        level = await _level(storefront, mug)
        assert (level.available, level.committed) == (7, 3)

    async def test_a_second_cancellation_changes_nothing(self, storefront: Storefront, counter: Counter) -> None:
        order = await _bought(storefront, counter, units=2)
        id_ = await storefront.create_fulfillment(_draft(order, 1, "T-1"))
        await storefront.cancel_fulfillment(id_)
        once = (await storefront.orders([order.id]))[order.id]

        await storefront.cancel_fulfillment(id_)

        twice = (await storefront.orders([order.id]))[order.id]
        assert (twice.fulfillments, twice.fulfillment_orders) == (once.fulfillments, once.fulfillment_orders)

    async def test_what_happened_on_the_way_is_told_and_a_repeat_is_another_event(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        order = await _bought(storefront, counter)
        id_ = await storefront.create_fulfillment(_draft(order, 1, "T-1"))
        at = order.created_at + timedelta(days=1)
        left, arrived = DeliveryEvent(DeliveryStatus.IN_TRANSIT, at), DeliveryEvent(DeliveryStatus.DELIVERED, at)

        for event in (left, arrived, arrived):
            await storefront.report_event(id_, event)

        told = (await storefront.delivery_events([id_, NOWHERE]))[id_]
        assert sorted(one.status for one in told) == ["delivered", "delivered", "in_transit"]
        assert {one.happened_at for one in told} == {at.replace(microsecond=0)}

    async def test_a_fulfillment_order_that_moves_whole_keeps_its_id_and_what_was_sold_moves_along(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        mug, home = await counter.offer("MUG", 10), await counter.location()
        order = (await storefront.orders([id_ := await counter.buy(mug, 2)]))[id_]
        elsewhere = await counter.stock_elsewhere(mug, 5)

        await storefront.move_fulfillment_order(Move(order.fulfillment_orders[0].id, elsewhere))

        (part,) = (await storefront.orders([id_]))[id_].fulfillment_orders
        levels = {one.location: (one.available, one.committed) for one in await storefront.levels([mug.inventory_item])}
        assert (part.id, part.location) == (order.fulfillment_orders[0].id, elsewhere)
        assert part.can("MOVE")
        assert part.method in {None, "SHIPPING"}
        assert levels == {home: (10, 0), elsewhere: (3, 2)}

    async def test_units_that_move_make_a_fulfillment_order_of_their_own(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        mug = await counter.offer("MUG", 10)
        order = (await storefront.orders([id_ := await counter.buy(mug, 3)]))[id_]
        elsewhere = await counter.stock_elsewhere(mug, 5)
        (part,) = order.fulfillment_orders

        await storefront.move_fulfillment_order(Move(part.id, elsewhere, ((part.lines[0].id, Units(1)),)))

        parts = (await storefront.orders([id_]))[id_].fulfillment_orders
        assert {(one.location, one.lines[0].line_item, one.lines[0].remaining) for one in parts} == {
            (part.location, part.lines[0].line_item, 2),
            (elsewhere, part.lines[0].line_item, 1),
        }
        assert part.id in {one.id for one in parts}

    async def test_a_move_to_where_it_is_already_is_to_be_looked_at_again(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        order = await _bought(storefront, counter)

        with pytest.raises(TryAgain):
            await storefront.move_fulfillment_order(Move(order.fulfillment_orders[0].id, await counter.location()))

    async def test_what_a_location_does_not_stock_cannot_move_there(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        lamp = await counter.offer("LAMP", 1)
        order = await _bought(storefront, counter)
        elsewhere = await counter.stock_elsewhere(lamp, 1)

        with pytest.raises(Refused, match=r"(?i)no items are stocked at this location\. Stock them"):
            await storefront.move_fulfillment_order(Move(order.fulfillment_orders[0].id, elsewhere))

    async def test_an_order_is_cancelled_by_a_job_and_gives_its_units_up(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        mug = await counter.offer("MUG", 10)
        id_ = await counter.buy(mug, 3)

        job = await storefront.cancel_order(id_, restock=False, refund=False, notify_customer=False)
        done = await storefront.jobs_done([job])

        order = (await storefront.orders([id_]))[id_]
        level = await _level(storefront, mug)
        assert list(done) == [job]
        assert order.cancelled_at is not None
        assert sum(line.remaining for fo in order.fulfillment_orders for line in fo.lines) == 0
        assert (level.available, level.committed) == (7, 0)

    async def test_an_order_of_which_something_left_is_not_cancelled(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        order = await _bought(storefront, counter, units=2)
        await storefront.create_fulfillment(_draft(order, 1, "T-1"))

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
        level = await _level(storefront, mug)
        assert [one.current_quantity for one in order.lines] == [2]
        assert [one.remaining for fo in order.fulfillment_orders for one in fo.lines] == [2]
        assert (level.available, level.committed) == (available, 2)

    # --- returns --------------------------------------------------------------------------------------------------

    async def test_a_created_return_is_open_and_carries_its_note(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        order = await _sent(storefront, counter, 3)
        (row,) = await storefront.returnable(order.id)

        id_ = await storefront.create_return(order.id, [(row.fulfillment_line, Units(2))], "RMA-000001")

        (made,) = (await storefront.returns([order.id]))[order.id]
        (line,), (way,) = made.lines, made.reverse_lines
        assert (made.id, made.order, made.status, made.exchanges) == (id_, order.id, "OPEN", ())
        assert (line.units, line.processed, line.note, line.line_item) == (2, 0, "RMA-000001", order.lines[0].id)
        assert (line.variant, line.sku) == (order.lines[0].variant, "CUP")
        assert (way.fulfillment_line, way.total, way.disposed) == (line.fulfillment_line, 2, ())
        assert [one.units for one in await storefront.returnable(order.id)] == [1]
        assert (await storefront.orders([order.id]))[order.id].return_status == "IN_PROGRESS"

    async def test_more_than_was_fulfilled_cannot_be_returned(self, storefront: Storefront, counter: Counter) -> None:
        order = await _sent(storefront, counter, 1)
        (row,) = await storefront.returnable(order.id)

        with pytest.raises(HubError):
            await storefront.create_return(order.id, [(row.fulfillment_line, Units(2))], "RMA-000001")

        assert await storefront.returns([order.id]) == {}

    async def test_only_restocked_units_become_available(self, storefront: Storefront, counter: Counter) -> None:
        mug = await counter.offer("MUG", 10)
        made = await _returned(storefront, await _sent(storefront, counter, 3, mug))
        (way,) = made.reverse_lines
        before = await _level(storefront, mug)

        await storefront.dispose([Disposal(way.id, "RESTOCKED", Units(1), await counter.location())])
        await storefront.dispose([Disposal(way.id, "NOT_RESTOCKED", Units(1), None)])
        with pytest.raises(HubError):
            await storefront.dispose([Disposal(way.id, "MISSING", Units(2), None)])

        (after,) = (await storefront.returns([made.order]))[made.order]
        (told,) = (line.disposed for line in after.reverse_lines)
        assert (await _level(storefront, mug)).available == before.available + 1
        assert [(one.type, one.units) for one in told] == [("RESTOCKED", 1), ("NOT_RESTOCKED", 1)]

    async def test_units_are_processed_and_refunded_once(self, storefront: Storefront, counter: Counter) -> None:
        made = await _returned(storefront, await _sent(storefront, counter, 3))
        lines = [(made.lines[0].id, Units(2))]
        refund = await storefront.suggested_outcome(made.id, lines, shipping=False)

        assert isinstance(refund, Refund)
        await storefront.process_return(made.id, lines, refund, shipping=False)
        with pytest.raises(HubError):
            await storefront.process_return(made.id, lines, refund, shipping=False)

        (after,) = (await storefront.returns([made.order]))[made.order]
        assert [refund.amount.amount, *(part.amount for _, part in refund.payments)] == [20, 20]
        assert (after.status, after.lines[0].processed) == ("OPEN", 2)

    async def test_a_parcel_on_its_way_back_is_told_and_told_anew(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        made = await _returned(storefront, await _sent(storefront, counter, 2))
        place = "https://carrier.example/follow/BACK-2"

        await storefront.create_reverse_delivery(made.reverse_lines[0].order, ReturnTracking(number="BACK-1"))
        (first,) = (await storefront.returns([made.order]))[made.order][0].deliveries
        for _ in range(2):
            await storefront.track_reverse_delivery(first.id, ReturnTracking(number="BACK-2", url=place))

        (after,) = (await storefront.returns([made.order]))[made.order][0].deliveries
        assert (first.order, first.tracking.number) == (made.reverse_lines[0].order, "BACK-1")
        assert (after.id, after.tracking.number, after.tracking.url) == (first.id, "BACK-2", place)

    async def test_closing_a_return_again_changes_nothing(self, storefront: Storefront, counter: Counter) -> None:
        made = await _returned(storefront, await _sent(storefront, counter, 1))

        for _ in range(2):
            await storefront.close_return(made.id)

        (after,) = (await storefront.returns([made.order]))[made.order]
        assert after.status == "CLOSED"

    async def test_only_what_was_requested_is_approved(self, storefront: Storefront, counter: Counter) -> None:
        made = await _returned(storefront, await _sent(storefront, counter, 1))

        with pytest.raises(TryAgain):
            await storefront.approve_return(made.id)

    async def test_an_authorization_is_open_for_what_of_it_was_not_captured(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        id_ = await counter.authorize(await counter.offer("CUP", 10), 3)
        (authorization,) = (await _settled(storefront, id_)).authorizations

        await storefront.capture(id_, PaymentId(authorization.id), await _money(storefront, id_, 20))

        after = await _settled(storefront, id_)
        (still,) = after.authorizations
        (captured,) = after.parts_of(authorization.id, "CAPTURE")
        assert [authorization.open.presentment, still.open.presentment, captured.amount.presentment] == [30, 10, 20]
        assert [after.total.presentment, after.received.presentment] == [30, 20]

    async def test_no_more_is_captured_than_is_open(self, storefront: Storefront, counter: Counter) -> None:
        id_ = await counter.authorize(await counter.offer("CUP", 10), 3)
        (authorization,) = (await _settled(storefront, id_)).authorizations

        with pytest.raises(Refused):
            await storefront.capture(id_, PaymentId(authorization.id), await _money(storefront, id_, 31))

        assert (await _settled(storefront, id_)).received.presentment == 0

    async def test_a_refund_is_made_once_for_a_key_and_found_by_its_note(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        order, key = await _bought(storefront, counter, 2), next(_keys)
        (paid,) = (await _settled(storefront, order.id)).transactions
        part = (PaymentId(paid.id), paid.gateway, await _money(storefront, order.id, 5))

        made = [await storefront.refund(PaidBack(order.id, (part,), "Dented [acme/RR-1]"), key) for _ in range(2)]

        after = await _settled(storefront, order.id)
        (refund,) = after.refunds
        assert {refund.id} == set(made)
        assert (refund.note, refund.what.lines, refund.under_way) == ("Dented [acme/RR-1]", (), False)
        assert [refund.what.paid_back.presentment, after.refundable.presentment] == [5, 15]

    async def test_no_more_is_refunded_than_was_paid(self, storefront: Storefront, counter: Counter) -> None:
        order = await _bought(storefront, counter, 2)
        (paid,) = (await _settled(storefront, order.id)).transactions
        part = (PaymentId(paid.id), paid.gateway, await _money(storefront, order.id, 21))

        with pytest.raises(Refused):
            await storefront.refund(PaidBack(order.id, (part,), "Too much"), next(_keys))

        assert (await _settled(storefront, order.id)).refunds == ()

    async def test_an_order_that_is_not_there_is_not_settled(self, storefront: Storefront) -> None:
        assert await storefront.settlement(OrderId("gid://shopify/Order/404")) is None


async def _settled(storefront: Storefront, order: OrderId) -> Settlement:
    found = await storefront.settlement(order)
    assert found is not None
    return found


async def _money(storefront: Storefront, order: OrderId, amount: int) -> Money:
    """So much in the customer's currency."""
    return Money(Decimal(amount), (await _settled(storefront, order)).currencies.presentment)


async def _sent(storefront: Storefront, counter: Counter, units: int, variant: Variant | None = None) -> Order:
    """An order of which everything was fulfilled."""
    id_ = await counter.buy(variant or await counter.offer("CUP", 10), units)
    order = (await storefront.orders([id_]))[id_]
    await storefront.create_fulfillment(_draft(order, units, "T-1"))
    return order


async def _returned(storefront: Storefront, order: Order) -> Return:
    """A return of everything that was fulfilled."""
    rows = await storefront.returnable(order.id)
    await storefront.create_return(order.id, [(row.fulfillment_line, row.units) for row in rows], "RMA-000001")
    (made,) = (await storefront.returns([order.id]))[order.id]
    return made


async def _bought(storefront: Storefront, counter: Counter, units: int = 1) -> Order:
    id_ = await counter.buy(await counter.offer("CUP", 10), units)
    return (await storefront.orders([id_]))[id_]


async def _level(storefront: Storefront, variant: Variant) -> InventoryLevel:
    (level,) = await storefront.levels([variant.inventory_item])
    return level


async def _row(counter: Counter, variant: Variant, quantity: int, change_from: int) -> SetAvailable:
    return SetAvailable(variant.inventory_item, await counter.location(), Units(quantity), Units(change_from))


async def _change(counter: Counter, variant: Variant, units: int) -> AdjustAvailable:
    return AdjustAvailable(variant.inventory_item, await counter.location(), Units(units))


def _draft(order: Order, units: int, tracking_number: str | None) -> FulfillmentDraft:
    part = order.fulfillment_orders[0]
    lines = {part.id: ((part.lines[0].id, Units(units)),)}
    return FulfillmentDraft(lines, "DHL", tracking_number, None, notify_customer=False)


async def _part(storefront: Storefront, id_: FulfillmentOrderId) -> FulfillmentOrder:
    order = (await storefront.orders_of([id_]))[id_]
    return next(part for part in (await storefront.orders([order]))[order].fulfillment_orders if part.id == id_)


async def _assigned(counter: Counter) -> FulfillmentOrderId:
    """Two mugs that a fulfillment service is to ship, unrequested."""
    mug = await counter.offer("MUG", 10)
    return await counter.assign_to_service(await counter.buy(mug, 2), mug)


async def _accepted(storefront: Storefront, counter: Counter) -> FulfillmentOrderId:
    part = await _assigned(counter)
    await counter.request(part)
    await storefront.reply(Reply(part, Say.ACCEPT, "It is W-1."))
    return part
