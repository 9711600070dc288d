"""Stock as pages list it: linked items with their levels, one page at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Row, text

from crossdock.model.cause import Cause
from crossdock.model.ledger import Account, Drift
from crossdock.model.names import ConnectionId, InventoryItemId, ItemCode, LocationId, Sku, Units, VariantId
from crossdock.store import locations, stock_history, stock_ledger
from crossdock.store.database import Tx
from crossdock.store.reads import variant_search
from crossdock.store.reads.counting import counted
from crossdock.store.reads.search import Listing, rows
from crossdock.store.reads.stock import FoundDrift
from crossdock.store.stock_history import Noted

PAGE: Final = 50
"""Items a page."""

DRIFTED_WITHIN: Final = timedelta(days=7)
"""How long an item counts as drifted after Shopify was found to hold something else."""

LATEST: Final = 500
"""How many notes of its history one item's page reads: what a busy level does in some days."""


class Show(StrEnum):
    """Which items a page lists."""

    ALL = "all"
    DRIFTED = "drifted"
    """Edited in Shopify and not decided upon, or found to differ within a week."""
    BELOW_ZERO = "below_zero"
    """More was promised somewhere than there is."""
    WAITING = "waiting"
    """Held until a person approves that many levels become empty."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: after this item."""

    connection: ConnectionId
    item: ItemCode

    @property
    def cursor(self) -> str:
        """The place as addresses and answers carry it."""
        return f"{self.connection} {self.item}"


def place(cursor: str) -> Place | None:
    """Read what `Place.cursor` wrote; anything else begins at the first item."""
    connection, found, item = cursor.partition(" ")
    return Place(ConnectionId(connection), ItemCode(item)) if found else None


@dataclass(frozen=True, slots=True)
class Filter:
    """What is wanted. `words` are a part of the item's code, of the variant's title, or of its SKU or barcode."""

    connection: ConnectionId | None = None
    show: Show = Show.ALL
    words: str | None = None


@dataclass(frozen=True, slots=True)
class StockedItem:
    """
    A linked item, its levels by location, and for what its stock is held. `title` is None before it was seen.

    `places` are what the locations of its connection are called, where the hub has read of them.
    """

    connection: ConnectionId
    item: ItemCode
    variant: VariantId
    inventory_item: InventoryItemId
    sku: Sku | None
    title: str | None
    cause: Cause | None
    detail: str | None
    levels: tuple[Account, ...]
    places: Mapping[LocationId, str]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of items by connection and code; `after` is where the next one begins, None at the end."""

    at: datetime
    items: tuple[StockedItem, ...]
    after: Place | None


@dataclass(frozen=True, slots=True)
class ItemStory:
    """One item with all that is known of its stock; `noted` is its history and `drift` what was found, newest first."""

    at: datetime
    stocked: StockedItem
    noted: Sequence[Noted]
    drift: Sequence[FoundDrift]
    looks_at: datetime | None
    """When it is looked at next, where it waits for a look."""


# Few items drift, are below zero or wait at any time: their indexes are read first, and the links looked up for them.
_ITEMS_OF: Final[Mapping[Show, str]] = {
    Show.DRIFTED: """
        SELECT connection, inventory_item FROM stock_drift WHERE found_at > hub_now() - :within
         UNION
        SELECT connection, key FROM holds WHERE flow = 'inventory' AND cause = 'stock_edited'
    """,
    Show.BELOW_ZERO: "SELECT DISTINCT connection, inventory_item FROM stock_ledger WHERE publish < 0",
    Show.WAITING: """
        SELECT connection, key AS inventory_item FROM holds WHERE flow = 'inventory' AND cause = 'mass_change'
    """,
}

# Each of the few is looked up; else PostgreSQL reads all links for them.
_LINKS_OF: Final = """(
    SELECT tied.* FROM ({}) AS items
     CROSS JOIN LATERAL (
         SELECT * FROM links
          WHERE links.connection = items.connection AND links.inventory_item = items.inventory_item OFFSET 0
     ) AS tied) AS links"""

_ROWS = """
    SELECT links.connection, links.item, links.variant, links.inventory_item,
           coalesce(variants.sku, links.sku) AS sku, variants.title, holds.cause, holds.detail
      FROM page AS links
      LEFT JOIN variants ON variants.connection = links.connection AND variants.variant = links.variant
      LEFT JOIN holds ON holds.connection = links.connection AND holds.flow = 'inventory'
                     AND holds.key = links.inventory_item
     ORDER BY links.connection, links.item
"""

_PAGE = f"WITH page AS MATERIALIZED ({{page}}) {_ROWS}"

_COUNTS = text(
    "SELECT " + ", ".join(f"{counted(f'({items}) AS items')} AS {show.value}" for show, items in _ITEMS_OF.items())
)


async def page(tx: Tx, wanted: Filter, after: Place | None = None, limit: int = PAGE) -> Page:
    """Return a page of the items that are wanted, with their levels."""
    conditions = [
        condition
        for condition, asked in (
            ("connection = :connection", wanted.connection),
            ("(connection, item) > (:after_connection, :after_item)", after),
        )
        if asked
    ]
    given = {
        "connection": wanted.connection,
        "after_connection": after and after.connection,
        "after_item": after and after.item,
        "within": DRIFTED_WITHIN,
    }
    words = wanted.words
    search = variant_search.search_for(words, "links", "variant", wanted.connection) if words else None
    source = _LINKS_OF.format(_ITEMS_OF[wanted.show]) if wanted.show in _ITEMS_OF else None
    listing = Listing("links", ("connection", "variant"), "connection, item", conditions, limit + 1, source)
    found = await rows(tx, listing, _PAGE, given, search)
    items = await _with_levels(tx, found[:limit])
    at: datetime = (await tx.execute(text("SELECT hub_now()"))).scalar_one()
    last = items[-1] if len(found) > limit else None
    return Page(at, tuple(items), None if last is None else Place(last.connection, last.item))


async def counts(tx: Tx) -> Mapping[Show, int]:
    """Return how many items there are to be listed, of each kind but all of them, counted up to `COUNTED_TO`."""
    row = (await tx.execute(_COUNTS, {"within": DRIFTED_WITHIN})).one()
    return {show: getattr(row, show.value) for show in _ITEMS_OF}


async def waiting_for_approval(tx: Tx) -> Mapping[ConnectionId, int]:
    """Return how many items of each connection wait until a person approves that many levels become empty."""
    rows = await tx.execute(
        text(
            "SELECT connection, count(*) AS many FROM holds WHERE flow = 'inventory' AND cause = 'mass_change' "
            "GROUP BY connection ORDER BY connection"
        )
    )
    return {ConnectionId(row.connection): row.many for row in rows}


async def story(tx: Tx, connection: ConnectionId, item: ItemCode) -> ItemStory | None:
    """Return one item with all that is known of its stock, None where it is not linked."""
    only = text(f"WITH page AS (SELECT * FROM links WHERE connection = :connection AND item = :item) {_ROWS}")  # noqa: S608 - all of it is written above
    found = await _with_levels(tx, (await tx.execute(only, {"connection": connection, "item": item})).all())
    if not found:
        return None
    of = {"connection": connection, "item": found[0].inventory_item}
    drift = await tx.execute(
        text(
            "SELECT * FROM stock_drift WHERE connection = :connection AND inventory_item = :item "
            "ORDER BY found_at DESC, id DESC LIMIT 20"
        ),
        of,
    )
    waits = text("SELECT due_at FROM pending WHERE connection = :connection AND flow = 'inventory' AND key = :item")
    at: datetime = (await tx.execute(text("SELECT hub_now()"))).scalar_one()
    return ItemStory(
        at=at,
        stocked=found[0],
        noted=await stock_history.of_item(tx, connection, found[0].inventory_item, LATEST),
        drift=[
            FoundDrift(
                Drift(
                    InventoryItemId(row.inventory_item), LocationId(row.location), row.units, Units(row.found), row.done
                ),
                row.found_at,
            )
            for row in drift
        ],
        looks_at=(await tx.execute(waits, of)).scalar(),
    )


async def _with_levels(tx: Tx, rows: Sequence[Row[Any]]) -> Sequence[StockedItem]:
    accounts: dict[tuple[str, str], list[Account]] = {}
    places: dict[str, Mapping[LocationId, str]] = {}
    for connection in sorted({row.connection for row in rows}):
        ids = [InventoryItemId(row.inventory_item) for row in rows if row.connection == connection]
        kept = await stock_ledger.of_items(tx, ConnectionId(connection), ids)
        places[connection] = await locations.names(tx, ConnectionId(connection))
        for (item, _location), account in sorted(kept.items()):
            accounts.setdefault((connection, item), []).append(account)
    return [
        StockedItem(
            connection=ConnectionId(row.connection),
            item=ItemCode(row.item),
            variant=VariantId(row.variant),
            inventory_item=InventoryItemId(row.inventory_item),
            sku=None if row.sku is None else Sku(row.sku),
            title=row.title,
            cause=None if row.cause is None else Cause(row.cause),
            detail=row.detail,
            levels=tuple(accounts.get((row.connection, row.inventory_item), ())),
            places=places[row.connection],
        )
        for row in rows
    ]
