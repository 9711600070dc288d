# ruff: noqa: D102 (a test's name is its sentence)
"""Levels: reading them, setting them where they hold what they held, and adding to them."""

import pytest

from crossdock.kit.errors import HubError
from crossdock.model.catalog import Variant
from crossdock.model.names import InventoryItemId, Units
from crossdock.model.stock import AdjustAvailable, InventoryLevel, SetAvailable
from crossdock.ports.storefront import RowRefused, Storefront
from crossdock.testing.storefront_conformance.chapter import REFERENCE, Chapter, keys, level_of
from crossdock.testing.storefront_conformance.counter import Counter


class Stock(Chapter):
    """All rows of a call are written, or none."""

    async def test_a_sale_moves_units_from_available_to_committed(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        mug = await counter.offer("MUG", 10)
        await counter.buy(mug, 3)

        assert await level_of(storefront, mug) == InventoryLevel(
            mug.inventory_item, await counter.location(), Units(7), Units(3)
        )

    async def test_a_level_is_set_where_it_still_holds_what_it_held(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        mug = await counter.offer("MUG", 10)

        refused = await storefront.set_available([await _row(counter, mug, 25, 10)], next(keys), REFERENCE)

        assert (list(refused), (await level_of(storefront, mug)).available) == ([], 25)

    async def test_a_stale_row_is_named_and_nothing_is_written(self, storefront: Storefront, counter: Counter) -> None:
        mug, lamp = await counter.offer("MUG", 10), await counter.offer("LAMP", 5)
        rows = [await _row(counter, mug, 25, 10), await _row(counter, lamp, 7, 4)]

        refused = await storefront.set_available(rows, next(keys), REFERENCE)

        assert [(row.index, row.stale) for row in refused] == [(1, True)]
        assert [(await level_of(storefront, variant)).available for variant in (mug, lamp)] == [10, 5]

    async def test_a_row_of_an_unknown_item_is_named_and_nothing_is_written(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        mug = await counter.offer("MUG", 10)
        unknown = SetAvailable(
            InventoryItemId("gid://shopify/InventoryItem/404"), await counter.location(), Units(1), Units(0)
        )

        refused = await storefront.set_available([unknown, await _row(counter, mug, 25, 10)], next(keys), REFERENCE)

        assert [(row.index, row.stale) for row in refused] == [(0, False)]
        assert (await level_of(storefront, mug)).available == 10

    async def test_a_repeated_write_is_not_made_twice(self, storefront: Storefront, counter: Counter) -> None:
        mug = await counter.offer("MUG", 10)
        rows, key = [await _row(counter, mug, 25, 10)], next(keys)
        await storefront.set_available(rows, key, REFERENCE)
        await counter.buy(mug, 1)

        again = await storefront.set_available(rows, key, REFERENCE)

        assert (list(again), (await level_of(storefront, mug)).available) == ([], 24)

    async def test_negative_stock_may_be_told(self, storefront: Storefront, counter: Counter) -> None:
        mug = await counter.offer("MUG", 1)

        refused: list[RowRefused] = list(
            await storefront.set_available([await _row(counter, mug, -2, 1)], next(keys), REFERENCE)
        )

        assert (refused, (await level_of(storefront, mug)).available) == ([], -2)

    async def test_units_are_added_to_whatever_a_level_holds_by_then(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        mug = await counter.offer("MUG", 10)
        await counter.buy(mug, 1)

        refused = await storefront.adjust_available([await _change(counter, mug, 5)], next(keys), REFERENCE)

        assert (list(refused), (await level_of(storefront, mug)).available) == ([], 14)

    async def test_a_repeated_addition_is_not_made_twice(self, storefront: Storefront, counter: Counter) -> None:
        mug = await counter.offer("MUG", 10)
        changes, key = [await _change(counter, mug, -3)], next(keys)
        await storefront.adjust_available(changes, key, REFERENCE)

        again = await storefront.adjust_available(changes, key, REFERENCE)

        assert (list(again), (await level_of(storefront, mug)).available) == ([], 7)

    async def test_a_key_stands_for_its_call_with_its_reference(self, storefront: Storefront, counter: Counter) -> None:
        mug = await counter.offer("MUG", 10)
        changes, key = [await _change(counter, mug, 5)], next(keys)
        await storefront.adjust_available(changes, key, REFERENCE)

        with pytest.raises(HubError, match=r"(?i)one key"):
            await storefront.adjust_available(changes, key, f"{REFERENCE}0")

        assert (await level_of(storefront, mug)).available == 15

    async def test_one_bad_row_is_named_and_nothing_is_added(self, storefront: Storefront, counter: Counter) -> None:
        mug = await counter.offer("MUG", 10)
        unknown = AdjustAvailable(
            InventoryItemId("gid://shopify/InventoryItem/404"), await counter.location(), Units(1)
        )

        refused = await storefront.adjust_available([await _change(counter, mug, 5), unknown], next(keys), REFERENCE)

        assert [(row.index, row.stale) for row in refused] == [(1, False)]
        assert (await level_of(storefront, mug)).available == 10


async def _row(counter: Counter, variant: Variant, quantity: int, change_from: int) -> SetAvailable:
    return SetAvailable(variant.inventory_item, await counter.location(), Units(quantity), Units(change_from))


async def _change(counter: Counter, variant: Variant, units: int) -> AdjustAvailable:
    return AdjustAvailable(variant.inventory_item, await counter.location(), Units(units))
