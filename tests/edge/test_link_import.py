"""A list of links: every row is good or told with its reason, and no list, however muddled, links one item twice."""

from collections.abc import Mapping, Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crossdock.edge.link_import import Known, Row, judge, read_rows
from crossdock.model.catalog import SeenVariant
from crossdock.model.names import InventoryItemId, ItemCode, Sku, VariantId
from crossdock.store.links import Link


def variant(number: int) -> VariantId:
    return VariantId(f"gid://shopify/ProductVariant/{number}")


def a_row(line: int, number: int, item: str) -> Row:
    return Row(line, str(number), "", item)


def known(linked: Mapping[int, str]) -> Known:
    """Three variants, of which some are linked; the backend has items A, B and C."""
    seen = {
        variant(number): SeenVariant(
            variant(number), InventoryItemId(f"gid://shopify/InventoryItem/{number}"), f"Thing {number}", Sku("S"), None
        )
        for number in (1, 2, 3)
    }
    links = {
        variant(number): Link(variant(number), seen[variant(number)].inventory_item, ItemCode(item), "SKU")
        for number, item in linked.items()
    }
    items = {ItemCode(code): code for code in "ABC"}
    return Known(seen, {Sku("S"): list(seen.values())}, links, {link.item: link for link in links.values()}, items)


def after(rows: Sequence[Row], facts: Known) -> tuple[dict[VariantId, ItemCode], list[int]]:
    """What would be linked to what once the list is imported, and the lines of its bad rows."""
    good, _, bad = judge(rows, facts)
    moved = {seen.id: item for seen, item in good}
    stays = {id_: link.item for id_, link in facts.linked.items() if id_ not in moved}
    return stays | moved, [one.row.line for one in bad]


def test_a_row_that_is_bad_makes_no_room_for_another() -> None:
    rows = [a_row(2, 1, "GHOST"), a_row(3, 2, "A")]

    assert after(rows, known({1: "A"})) == ({variant(1): ItemCode("A")}, [2, 3])


def test_variants_change_places_in_a_circle() -> None:
    rows = [a_row(2, 1, "B"), a_row(3, 2, "C"), a_row(4, 3, "A")]

    linked, bad = after(rows, known({1: "A", 2: "B", 3: "C"}))

    assert (linked, bad) == ({variant(1): "B", variant(2): "C", variant(3): "A"}, [])


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    rows = read_rows('\ufeffItem , SKU,note\nA,S,"two\nlines"\n,,\nB,T,\n')

    assert [(row.line, row.sku, row.item) for row in rows] == [(3, "S", "A"), (5, "T", "B")]


_NUMBERS, _ITEMS = st.integers(1, 4), st.sampled_from(["A", "B", "C", "GHOST", ""])


# How fast lists are made says nothing of the lists: other programs may have the machine.
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    codes=st.permutations(["A", "B", "C"]),
    many=st.integers(0, 3),
    pairs=st.lists(st.tuples(_NUMBERS, _ITEMS), max_size=6),
)
def test_no_list_links_an_item_twice_or_loses_a_row(codes: list[str], many: int, pairs: list[tuple[int, str]]) -> None:
    rows = [a_row(line, number, item) for line, (number, item) in enumerate(pairs, start=2)]
    facts = known(dict(enumerate(codes[:many], start=1)))

    good, unchanged, bad = judge(rows, facts)
    result, _ = after(rows, facts)

    assert len(good) + unchanged + len(bad) == len(rows)
    assert len(set(result.values())) == len(result)
