"""What an unlinked variant may be, with a reason that a person can check."""

from dataclasses import replace

import pytest

from crossdock.model.catalog import Item, SeenVariant
from crossdock.model.names import Barcode, InventoryItemId, ItemCode, Sku, VariantId
from crossdock.model.suggestion import BEST, suggest

OTHER = VariantId("gid://shopify/ProductVariant/9")
MUG = SeenVariant(
    VariantId("gid://shopify/ProductVariant/1"),
    InventoryItemId("gid://shopify/InventoryItem/1"),
    "Enamel mug, blue",
    Sku("MUG-01"),
    Barcode("4006381333931"),
)


def an_item(code: str, title: str = "Something else", sku: str | None = None, barcode: str | None = None) -> Item:
    barcodes = () if barcode is None else (Barcode(barcode),)
    return Item(ItemCode(code), title, None if sku is None else Sku(sku), barcodes)


@pytest.mark.parametrize(
    ("item", "score", "reason"),
    [
        (an_item("A", sku="MUG-01"), 100, "It has the same SKU, MUG-01."),
        (an_item("A", barcode="4006381333931"), 95, "It has the same barcode, 4006381333931."),
        (an_item("A", sku="mug_01"), 90, "mug_01 is spelled like SKU MUG-01 but for case and dashes."),
        (an_item("Mug01"), 90, "Mug01 is spelled like SKU MUG-01 but for case and dashes."),
        (an_item("A", "Blue enamel mug"), 80, "Its title, “Blue enamel mug”, is alike: blue, enamel, mug."),
        (an_item("A", "Enamel mug"), 53, "Its title, “Enamel mug”, is alike: enamel, mug."),
    ],
)
def test_the_reason_says_by_what_and_the_score_how_sure(item: Item, score: int, reason: str) -> None:
    [one] = suggest(MUG, [item], {})

    assert (one.score, one.reason, one.sure) == (score, reason, score >= 90)


@pytest.mark.parametrize("title", ["Mug", "Blue plate with a rim", "", "Default Title"])
def test_a_title_that_shares_less_than_half_its_words_is_not_alike(title: str) -> None:
    assert suggest(MUG, [an_item("A", title)], {}) == []


def test_a_variant_without_codes_is_like_no_code() -> None:
    bare = replace(MUG, sku=Sku("--"), barcode=None)

    assert suggest(bare, [an_item("-", sku=""), an_item("_", sku="__")], {}) == []


def test_the_likeliest_come_first_and_only_a_few() -> None:
    items = [an_item("T", "Enamel mug"), *(an_item(f"B{number}", "Blue enamel mug") for number in range(5))]

    found = suggest(MUG, [*items, an_item("S", sku="MUG-01")], {})

    assert ([one.item.code for one in found], len(found)) == (["S", "B0", "B1"], BEST)


def test_what_two_items_have_alike_makes_neither_sure() -> None:
    found = suggest(MUG, [an_item("A", sku="MUG-01"), an_item("B", sku="MUG-01")], {})

    assert [(one.sure, one.reason) for one in found] == [
        (False, "It has the same SKU, MUG-01. So has another item.")
    ] * 2


def test_an_item_that_is_another_variants_is_shown_and_not_sure() -> None:
    [one] = suggest(MUG, [an_item("A", sku="MUG-01")], {ItemCode("A"): OTHER})

    assert (one.taken_by, one.sure) == (OTHER, False)
