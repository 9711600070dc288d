"""Variants, locations and the shop itself."""

from datetime import UTC, datetime

from tests.shopify_answers import Bench, Json, gid, page, says, shop

from crossdock.model.catalog import Location, Variant
from crossdock.model.names import Barcode, InventoryItemId, LocationId, Sku, VariantId
from crossdock.ports.storefront import Shop

VARIANT = VariantId(gid("ProductVariant", 1))


def a_variant(**changes: object) -> Json:
    return {
        "__typename": "ProductVariant",
        "id": VARIANT,
        "displayName": "Mug - blue",
        "sku": "MUG-B",
        "barcode": "",
        "inventoryItem": {"id": gid("InventoryItem", 1), "tracked": True},
    } | changes


async def test_a_variant_keeps_its_sku_as_it_is_spelled(bench: Bench) -> None:
    """SKUs are case-sensitive at Shopify (Shopify docs, 2026-07)."""
    bench.shopify.will("Variants", says({"nodes": [a_variant(sku=" Mug-b "), None]}))

    variants = await bench.storefront.variants([VARIANT, VariantId(gid("ProductVariant", 2))])

    assert variants == {
        VARIANT: Variant(
            VARIANT, InventoryItemId(gid("InventoryItem", 1)), "Mug - blue", Sku("Mug-b"), barcode=None, tracked=True
        )
    }


async def test_a_barcode_is_kept_where_there_is_one(bench: Bench) -> None:
    bench.shopify.will("Variants", says({"nodes": [a_variant(barcode="4006381333931", sku=None)]}))

    variant = (await bench.storefront.variants([VARIANT]))[VARIANT]

    assert (variant.barcode, variant.sku) == (Barcode("4006381333931"), None)


async def test_variants_are_read_250_at_a_time(bench: Bench) -> None:
    bench.shopify.always("Variants", lambda asked: says({"nodes": [a_variant(id=one) for one in asked["ids"]]}))
    ids = [VariantId(gid("ProductVariant", number)) for number in range(300)]

    variants = await bench.storefront.variants(ids)

    assert list(variants) == ids
    assert [len(asked.variables["ids"]) for asked in bench.shopify.asked] == [250, 50]


async def test_nothing_is_asked_about_nothing(bench: Bench) -> None:
    assert await bench.storefront.variants([]) == {}
    assert bench.shopify.asked == []


async def test_changed_variants_come_page_by_page_each_from_the_last_id_on(bench: Bench) -> None:
    """Shopify's cursors end at 25,000 rows; ids have no end."""
    since = datetime(2026, 7, 1, 10, tzinfo=UTC)
    first, second = ({"id": gid("ProductVariant", number), "updatedAt": "2026-07-01T10:00:05Z"} for number in (41, 43))
    bench.shopify.will("VariantsUpdated", says({"productVariants": page(first, after="C")}))
    bench.shopify.will("VariantsUpdated", says({"productVariants": page(second)}))

    changed = await bench.storefront.variants_updated(since)
    rest = await bench.storefront.variants_updated(since, changed.after)

    assert changed.objects == ((gid("ProductVariant", 41), datetime(2026, 7, 1, 10, 0, 5, tzinfo=UTC)),)
    assert [id_ for id_, _ in rest.objects] == [gid("ProductVariant", 43)]
    assert rest.after is None
    assert [asked.variables["query"] for asked in bench.shopify.asked] == [
        "updated_at:>='2026-07-01T10:00:00Z'",
        "updated_at:>='2026-07-01T10:00:00Z' AND id:>=42",
    ]


async def test_all_locations_are_read_inactive_ones_too(bench: Bench) -> None:
    def place(number: int, *, active: bool) -> Json:
        kind = {"isActive": active, "shipsInventory": True, "isFulfillmentService": False}
        return {"id": gid("Location", number), "name": f"L{number}", **kind}

    bench.shopify.will(
        "Locations",
        says({"locations": page(place(1, active=True), after="C")}),
        says({"locations": page(place(2, active=False))}),
    )

    locations = await bench.storefront.locations()

    assert locations == (
        Location(LocationId(gid("Location", 1)), "L1", active=True, ships=True),
        Location(LocationId(gid("Location", 2)), "L2", active=False, ships=True),
    )
    assert "includeInactive: true" in bench.shopify.asked[0].query


async def test_a_store_says_who_it_is(bench: Bench) -> None:
    bench.shopify.will("Shop", says(shop()))

    assert await bench.storefront.shop() == Shop("acme.myshopify.com", "Acme", "EUR", "Basic")
