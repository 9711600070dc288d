"""Which item a variant is."""

from collections.abc import Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from crossdock.flows.catalog.decide import Sight, decide
from crossdock.model.catalog import Item, Variant
from crossdock.model.cause import UNLINKED_ITEMS, Cause, Hold
from crossdock.model.names import ItemCode, VariantId
from crossdock.testing.builders import a_variant, an_item


def a_sight(
    variant: Variant | None,
    items: Sequence[Item] = (),
    *,
    linked: ItemCode | None = None,
    taken: Mapping[ItemCode, VariantId] | None = None,
) -> Sight:
    return Sight(
        id=VariantId("gid://shopify/ProductVariant/1") if variant is None else variant.id,
        variant=variant,
        linked=linked,
        by_sku=[item for item in items if variant and variant.sku and item.sku == variant.sku],
        by_barcode=[item for item in items if variant and variant.barcode in item.barcodes],
        taken=taken or {},
    )


def tie(sight: Sight) -> tuple[str, str] | None:
    """The item's code and what it was matched by."""
    steps = decide(sight).steps
    assert len(steps) <= 1
    return (steps[0].item.code, steps[0].matched_by) if steps else None


def held(sight: Sight) -> Hold:
    plan = decide(sight)
    assert plan.steps == ()
    assert isinstance(plan.rest, Hold)
    assert plan.rest.needs == (UNLINKED_ITEMS,)
    return plan.rest


def test_a_variant_is_the_item_with_its_sku() -> None:
    assert tie(a_sight(a_variant(sku="MUG"), [an_item("MUG")])) == ("MUG", "SKU")


def test_a_variant_is_the_item_with_its_barcode_where_none_has_its_sku() -> None:
    items = [an_item("CUP", barcodes=["4006381333931"])]

    assert tie(a_sight(a_variant(sku="MUG", barcode="4006381333931"), items)) == ("CUP", "barcode")


def test_the_sku_outranks_the_barcode() -> None:
    items = [an_item("CUP", barcodes=["4006381333931"]), an_item("MUG")]

    assert tie(a_sight(a_variant(sku="MUG", barcode="4006381333931"), items)) == ("MUG", "SKU")


def test_a_link_that_is_there_is_left_as_it_is() -> None:
    plan = decide(a_sight(a_variant(sku="MUG"), [an_item("MUG")], linked=ItemCode("CUP")))

    assert (plan.steps, plan.rest, plan.notes) == ((), None, ("Linked to CUP; left as it is.",))


def test_a_variant_that_was_deleted_is_left_alone() -> None:
    plan = decide(a_sight(None))

    assert (plan.steps, plan.rest) == ((), None)


def test_a_sku_that_several_items_share_is_held() -> None:
    hold = held(a_sight(a_variant(sku="MUG"), [an_item("B", sku="MUG"), an_item("A", sku="MUG")]))

    assert hold.cause is Cause.ITEM_AMBIGUOUS
    assert "several items have SKU MUG: A, B." in hold.detail


def test_an_ambiguous_sku_is_not_settled_by_the_barcode() -> None:
    items = [an_item("A", sku="MUG", barcodes=["1"]), an_item("B", sku="MUG")]

    assert held(a_sight(a_variant(sku="MUG", barcode="1"), items)).cause is Cause.ITEM_AMBIGUOUS


def test_an_item_that_is_another_variants_already_is_held() -> None:
    other = VariantId("gid://shopify/ProductVariant/2")

    hold = held(a_sight(a_variant(sku="MUG"), [an_item("MUG")], taken={ItemCode("MUG"): other}))

    assert hold.cause is Cause.ITEM_AMBIGUOUS
    assert other in hold.detail


def test_a_variant_without_an_item_is_held_until_there_is_one() -> None:
    hold = held(a_sight(a_variant(sku="MUG", barcode="1")))

    assert (hold.cause, "no item has SKU MUG or barcode 1." in hold.detail) == (Cause.ITEM_MISSING, True)


def test_a_variant_with_neither_code_says_so() -> None:
    assert "neither SKU nor barcode" in held(a_sight(a_variant(sku=None))).detail


CODES = st.sampled_from(["A", "B", "C"])


@given(
    variants=st.lists(st.tuples(st.none() | CODES, st.none() | CODES), max_size=6),
    items=st.lists(st.tuples(CODES, st.lists(CODES, max_size=2)), max_size=4),
)
def test_no_item_is_ever_linked_twice(
    variants: list[tuple[str | None, str | None]], items: list[tuple[str, list[str]]]
) -> None:
    stock = [an_item(f"ITEM-{number}", sku=sku, barcodes=codes) for number, (sku, codes) in enumerate(items)]
    taken: dict[ItemCode, VariantId] = {}

    for number, (sku, barcode) in enumerate(variants):
        for step in decide(a_sight(a_variant(number, sku=sku, barcode=barcode), stock, taken=taken)).steps:
            assert step.item.code not in taken
            taken[step.item.code] = step.variant.id
