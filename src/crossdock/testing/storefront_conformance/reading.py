# ruff: noqa: D102 (a test's name is its sentence)
"""Reading orders and variants, and what changed of them."""

from datetime import timedelta

from crossdock.model.names import FulfillmentOrderId, InventoryItemId, OrderId, VariantId
from crossdock.ports.storefront import Storefront
from crossdock.testing.storefront_conformance.chapter import Chapter, bought
from crossdock.testing.storefront_conformance.counter import Counter


class Reading(Chapter):
    """What is read is whole, and what the store does not know is left out."""

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
        order = await bought(storefront, counter)

        part = order.fulfillment_orders[0].id

        assert await storefront.orders_of([part]) == {part: order.id}

    async def test_a_variant_is_read_with_its_codes(self, storefront: Storefront, counter: Counter) -> None:
        mug = await counter.offer("MUG", 10)

        found = (await storefront.variants([mug.id]))[mug.id]

        assert (found.sku, found.inventory_item, found.tracked) == ("MUG", mug.inventory_item, True)

    async def test_changed_orders_are_listed_from_their_second_on(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        order = await bought(storefront, counter)

        now = await storefront.orders_updated(order.updated_at)
        later = await storefront.orders_updated(order.updated_at + timedelta(seconds=1))

        assert [id_ for id_, _ in now.objects] == [order.id]
        assert later.objects == ()

    async def test_changed_variants_are_listed(self, storefront: Storefront, counter: Counter) -> None:
        mug = await counter.offer("MUG", 10)
        order = await bought(storefront, counter)

        since = await storefront.variants_updated(order.created_at - timedelta(days=1))
        later = await storefront.variants_updated(order.created_at + timedelta(days=1))

        assert mug.id in [id_ for id_, _ in since.objects]
        assert later.objects == ()
