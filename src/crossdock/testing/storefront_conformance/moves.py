# ruff: noqa: D102 (a test's name is its sentence)
"""Fulfillment orders that another location is to ship."""

import pytest

from crossdock.kit.errors import Refused, TryAgain
from crossdock.model.names import Units
from crossdock.model.relocation import Move
from crossdock.ports.storefront import Storefront
from crossdock.testing.storefront_conformance.chapter import Chapter, bought
from crossdock.testing.storefront_conformance.counter import Counter


class Moves(Chapter):
    """What moves is shipped from there, and committed there."""

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
        order = await bought(storefront, counter)

        with pytest.raises(TryAgain):
            await storefront.move_fulfillment_order(Move(order.fulfillment_orders[0].id, await counter.location()))

    async def test_what_a_location_does_not_stock_cannot_move_there(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        lamp = await counter.offer("LAMP", 1)
        order = await bought(storefront, counter)
        elsewhere = await counter.stock_elsewhere(lamp, 1)

        with pytest.raises(Refused, match=r"(?i)no items are stocked at this location\. Stock them"):
            await storefront.move_fulfillment_order(Move(order.fulfillment_orders[0].id, elsewhere))
