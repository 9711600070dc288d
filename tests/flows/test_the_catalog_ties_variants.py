"""Variants find their items by themselves, one item each, and what waited for them goes on."""

from tests.flows.flow_bench import ACME, HAMBURG, MUG, FlowBench

from crossdock.model.cause import Cause
from crossdock.model.flow import Flow
from crossdock.model.names import ItemCode, Sku, VariantId
from crossdock.model.unlinked import Unlinked
from crossdock.store import links, unlinked, variants
from crossdock.store.links import Link
from crossdock.testing.builders import a_variant, an_item


async def linked(bench: FlowBench, *variants: VariantId) -> dict[str, str]:
    async with bench.database.begin() as tx:
        return {found.variant: found.item for found in (await links.of_variants(tx, ACME, variants)).values()}


async def take_off(bench: FlowBench) -> None:
    async with bench.database.begin() as tx:
        await links.remove(tx, ACME, [MUG.id])
        await unlinked.keep(tx, ACME, [Unlinked(MUG.id, ItemCode("MUG"), "Ada")])


async def test_a_variant_is_linked_and_its_stock_looked_at(bench: FlowBench) -> None:
    await bench.look(Flow.CATALOG, MUG.id)

    assert await linked(bench, MUG.id) == {MUG.id: "MUG"}
    assert await bench.pending(Flow.INVENTORY) == {MUG.inventory_item}


async def test_two_variants_with_one_sku_get_one_link_and_one_hold(bench: FlowBench) -> None:
    twin = a_variant(2, sku="MUG")
    bench.store.add_variant(twin, {HAMBURG: 0})

    await bench.look(Flow.CATALOG, MUG.id, twin.id)

    assert len(await linked(bench, MUG.id, twin.id)) == 1
    assert [hold.cause for hold in (await bench.held(Flow.CATALOG)).values()] == [Cause.ITEM_AMBIGUOUS]


async def test_a_products_id_passes_the_word_on_to_its_variants(bench: FlowBench) -> None:
    await bench.look(Flow.CATALOG, "gid://shopify/Product/1", "gid://shopify/Product/404")

    assert await linked(bench, MUG.id) == {MUG.id: "MUG"}
    assert await bench.pending(Flow.CATALOG) == set()


async def test_a_link_that_is_there_survives_a_new_sku(bench: FlowBench) -> None:
    await bench.look(Flow.CATALOG, MUG.id)
    bench.store.add_variant(a_variant(1, sku="CUP"))
    await bench.backend.add_item(an_item("CUP"))

    await bench.look(Flow.CATALOG, MUG.id)

    assert await linked(bench, MUG.id) == {MUG.id: "MUG"}


async def test_a_deleted_variant_settles(bench: FlowBench) -> None:
    drained = await bench.look(Flow.CATALOG, "gid://shopify/ProductVariant/404")

    assert (drained.held, drained.failed) == (0, 0)


async def test_what_was_seen_of_a_variant_is_kept_for_pages_and_lists(bench: FlowBench) -> None:
    await bench.look(Flow.CATALOG, MUG.id)
    bench.store.add_variant(a_variant(1, sku="CUP"))
    await bench.look(Flow.CATALOG, MUG.id)

    async with bench.database.begin() as tx:
        seen = await variants.of_ids(tx, ACME, [MUG.id])
        by_sku = await variants.of_skus(tx, ACME, [Sku("CUP"), Sku("MUG")])

    assert (seen[MUG.id].title, seen[MUG.id].sku) == (MUG.title, "CUP")
    assert [one.id for one in by_sku] == [MUG.id]


async def test_a_link_of_a_persons_survives_the_next_look_though_another_item_has_the_sku(bench: FlowBench) -> None:
    await bench.backend.add_item(an_item("CUP", sku="OTHER"))
    async with bench.database.begin() as tx:
        await links.link(tx, ACME, Link(MUG.id, MUG.inventory_item, ItemCode("CUP"), "person"))

    await bench.look(Flow.CATALOG, MUG.id)

    assert await linked(bench, MUG.id) == {MUG.id: "CUP"}


async def test_what_a_person_unlinked_stays_unlinked_whatever_its_sku_says(bench: FlowBench) -> None:
    await bench.look(Flow.CATALOG, MUG.id)
    await take_off(bench)

    await bench.look(Flow.CATALOG, MUG.id)

    assert await linked(bench, MUG.id) == {}
    hold = (await bench.held(Flow.CATALOG))[MUG.id]
    assert (hold.cause, "Ada took it off item MUG" in hold.detail) == (Cause.ITEM_TAKEN_OFF, True)


async def test_what_may_be_matched_again_finds_its_item_by_itself(bench: FlowBench) -> None:
    await bench.look(Flow.CATALOG, MUG.id)
    await take_off(bench)
    await bench.look(Flow.CATALOG, MUG.id)
    async with bench.database.begin() as tx:
        await unlinked.forget(tx, ACME, [MUG.id])

    await bench.look(Flow.CATALOG, MUG.id)

    assert (await linked(bench, MUG.id), await bench.held(Flow.CATALOG)) == ({MUG.id: "MUG"}, {})
