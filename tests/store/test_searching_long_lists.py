"""A part of a text finds the same rows whether few or many have it, and wherever in the list these are."""

import pytest
from sqlalchemy import text

from crossdock.edge.portal.rendering import tally
from crossdock.model.names import ConnectionId
from crossdock.store.database import Database
from crossdock.store.reads import catalog, levels, orders
from crossdock.store.reads.catalog import Show
from crossdock.store.reads.counting import COUNTED_TO
from crossdock.store.reads.search import A_LITTLE, FEW

ACME = ConnectionId("acme")
MANY = 2 * FEW

_FILL = (
    """
    INSERT INTO links (connection, variant, inventory_item, item, matched_by, sku)
    SELECT 'acme', 'v' || lpad(i::text, 6, '0'), 'i' || i, 'ITEM-' || lpad(i::text, 6, '0'), 'sku', 'SKU-' || i
      FROM generate_series(1, 2 * :many) AS i
    """,
    """
    INSERT INTO variants (connection, variant, inventory_item, title, sku, words)
    SELECT 'acme', 'v' || lpad(i::text, 6, '0'), 'i' || i, title, 'SKU-' || i, title || ' sku-' || i
      FROM generate_series(1, 2 * :many) AS i,
           LATERAL (SELECT CASE WHEN i > :many THEN 'oak bowl' ELSE 'enamel mug' END AS title) AS t
    """,
    """
    INSERT INTO orders (connection, order_id, name, placed_at, updated_at, fulfillment_status, state, units, total)
    SELECT 'acme', 'o' || i, '#' || i, at, at, 'UNFULFILLED', 'waiting', 1, '1.00 EUR'
      FROM generate_series(1, 2 * :many) AS i, LATERAL (SELECT hub_now() - interval '1 minute' * i AS at) AS t
    """,
)


@pytest.fixture
async def full(database: Database) -> Database:
    async with database.begin() as tx:
        for statement in _FILL:
            await tx.execute(text(statement), {"many": MANY})
    return database


async def _items(database: Database, words: str, after: levels.Place | None = None) -> list[str]:
    async with database.begin() as tx:
        return [one.item for one in (await levels.page(tx, levels.Filter(words=words), after, 3)).items]


@pytest.mark.parametrize(
    ("words", "items"),
    [
        ("ENAMEL", ["ITEM-000001", "ITEM-000002", "ITEM-000003"]),
        ("oak", [f"ITEM-{MANY + n:06}" for n in (1, 2, 3)]),
        ("sku-77", ["ITEM-000077", "ITEM-000770", "ITEM-000771"]),
        (f"item-{MANY:06}", [f"ITEM-{MANY:06}"]),
        ("77", ["ITEM-000077", "ITEM-000177", "ITEM-000277"]),
        ("100%", []),
        ("teak", []),
    ],
    ids=["at the start", "at the end", "few", "one", "two letters", "a sign of LIKE", "none"],
)
async def test_items_are_found_by_a_part_of_what_is_known_of_them(full: Database, words: str, items: list[str]) -> None:
    assert await _items(full, words) == items


async def test_the_next_page_of_a_search_goes_on_where_the_last_one_ended(full: Database) -> None:
    async with full.begin() as tx:
        first = await levels.page(tx, levels.Filter(words="oak"), limit=3)

    assert await _items(full, "oak", first.after) == [f"ITEM-{MANY + n:06}" for n in (4, 5, 6)]


async def test_linked_variants_are_found_at_the_far_end_of_the_catalog(full: Database) -> None:
    async with full.begin() as tx:
        found = await catalog.page(tx, Show.LINKED, ACME, "Oak Bowl", limit=2)

    assert [one.item for one in found.variants] == [f"ITEM-{MANY + n:06}" for n in (1, 2)]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("#1", ["#1", "#10", "#11"]),
        (f"#{MANY + 1}", [f"#{MANY + 1}"]),
        (f"{A_LITTLE + 77}", ["#477", "#1477", "#2477"]),
    ],
)
async def test_orders_are_found_by_a_part_of_their_name_newest_first(
    full: Database, typed: str, names: list[str]
) -> None:
    async with full.begin() as tx:
        found = await orders.page(tx, orders.Filter(text=typed), limit=3)

    assert [one.name for one in found.orders] == names


def test_a_page_says_that_there_are_more_than_it_counts() -> None:
    assert [tally(many) for many in (0, 1234, COUNTED_TO, COUNTED_TO + 1)] == ["0", "1,234", "10,000", "10,000+"]
