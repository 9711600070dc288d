"""One item, one variant: its stock is published once."""

import pytest

from crossdock.model.names import ConnectionId, InventoryItemId, ItemCode, VariantId
from crossdock.store import links
from crossdock.store.database import Database
from crossdock.store.links import ItemTaken, Link

ACME, OTHER = ConnectionId("acme"), ConnectionId("other")


def a_link(number: int, item: str) -> Link:
    return Link(
        VariantId(f"gid://shopify/ProductVariant/{number}"),
        InventoryItemId(f"gid://shopify/InventoryItem/{number}"),
        ItemCode(item),
        "sku",
    )


MUG = a_link(1, "MUG")


async def test_a_link_is_found_by_each_of_its_ends(database: Database) -> None:
    async with database.begin() as tx:
        await links.link(tx, ACME, MUG)
        await links.link(tx, ACME, a_link(2, "LAMP"))

    async with database.begin() as tx:
        assert await links.of_variants(tx, ACME, [MUG.variant]) == {MUG.variant: MUG}
        assert await links.of_items(tx, ACME, [MUG.item]) == {MUG.item: MUG}
        assert await links.of_inventory_items(tx, ACME, [MUG.inventory_item]) == {MUG.inventory_item: MUG}
        assert len(await links.all_inventory_items(tx, ACME)) == 2


async def test_the_same_link_again_changes_nothing(database: Database) -> None:
    async with database.begin() as tx:
        await links.link(tx, ACME, MUG)
        await links.link(tx, ACME, MUG)

    async with database.begin() as tx:
        assert await links.all_inventory_items(tx, ACME) == [MUG.inventory_item]


async def test_an_item_that_has_a_variant_takes_no_other(database: Database) -> None:
    async with database.begin() as tx:
        await links.link(tx, ACME, MUG)

    with pytest.raises(ItemTaken, match="another variant"):
        async with database.begin() as tx:
            await links.link(tx, ACME, a_link(2, "MUG"))


async def test_another_connection_may_link_the_same_item(database: Database) -> None:
    async with database.begin() as tx:
        await links.link(tx, ACME, MUG)
        await links.link(tx, OTHER, MUG)

    async with database.begin() as tx:
        assert await links.of_variants(tx, OTHER, [MUG.variant]) == {MUG.variant: MUG}
