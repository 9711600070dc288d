"""The catalog as pages list it: what is linked, what is not and why, and what shares a code."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Row, text

from crossdock.model.catalog import SeenVariant
from crossdock.model.cause import Cause
from crossdock.model.names import Barcode, ConnectionId, InventoryItemId, ItemCode, Sku, VariantId
from crossdock.store.database import Tx
from crossdock.store.reads import variant_search
from crossdock.store.reads.counting import counted
from crossdock.store.reads.search import Listing, rows

PAGE: Final = 50
"""Linked variants a page."""

TO_CHOOSE: Final = 25
"""Unlinked variants a page: for each of them the backend is asked what it may be."""


class Show(StrEnum):
    """Which variants a page lists."""

    LINKED = "linked"
    UNLINKED = "unlinked"
    """No item has its SKU or barcode."""
    AMBIGUOUS = "ambiguous"
    """Several items or variants share its SKU or barcode."""
    TAKEN_OFF = "taken_off"
    """A person unlinked it."""


_CAUSES: Final = {
    Show.UNLINKED: Cause.ITEM_MISSING,
    Show.AMBIGUOUS: Cause.ITEM_AMBIGUOUS,
    Show.TAKEN_OFF: Cause.ITEM_TAKEN_OFF,
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: after this variant."""

    connection: ConnectionId
    variant: VariantId

    @property
    def cursor(self) -> str:
        """The place as addresses and answers carry it."""
        return f"{self.connection} {self.variant}"


def place(cursor: str) -> Place | None:
    """Read what `Place.cursor` wrote; anything else begins at the first variant."""
    connection, found, variant = cursor.partition(" ")
    return Place(ConnectionId(connection), VariantId(variant)) if found else None


@dataclass(frozen=True, slots=True)
class Listed:
    """
    A variant of a connection, and its item or why it has none.

    `seen` is as the hub last saw it; of what was linked before that was kept, only the link is known. `was` is the item
    that a person took it off.
    """

    connection: ConnectionId
    seen: SeenVariant
    item: ItemCode | None
    matched_by: str | None
    detail: str | None
    since: datetime
    was: ItemCode | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page of variants; `after` is where the next one begins, None at the end."""

    at: datetime
    variants: tuple[Listed, ...]
    after: Place | None


@dataclass(frozen=True, slots=True)
class Twin:
    """A variant that shares a code with others, and what it is linked to."""

    seen: SeenVariant
    item: ItemCode | None


@dataclass(frozen=True, slots=True)
class Shared:
    """A SKU or barcode (`kind`) that `many` variants of a connection carry, some of them read with it."""

    connection: ConnectionId
    kind: str
    code: str
    many: int
    variants: tuple[Twin, ...]


@dataclass(frozen=True, slots=True)
class SharedCodes:
    """Codes that several variants carry, those of most variants first, and of how many `skus` and `barcodes` in all."""

    shared: tuple[Shared, ...]
    skus: int
    barcodes: int


# What a person has linked is held until the next look, some seconds; it is no more to be done. OFFSET 0 keeps
# PostgreSQL from reading all links for a page of holds.
_NOT_YET = """NOT EXISTS (
           SELECT FROM links WHERE links.connection = holds.connection AND links.variant = holds.key OFFSET 0)"""

# The page is cut out first, so that titles are looked up for its variants only.
_LINKED = """
    WITH page AS MATERIALIZED ({page})
    SELECT page.connection, page.variant, page.inventory_item, page.item, page.matched_by, page.linked_at AS since,
           CAST(NULL AS text) AS was, CAST(NULL AS text) AS detail, coalesce(variants.title, page.variant) AS title,
           coalesce(variants.sku, page.sku) AS sku, variants.barcode
      FROM page LEFT JOIN variants USING (connection, variant)
     ORDER BY page.connection, page.variant
"""

_HELD = """
    WITH page AS MATERIALIZED ({page})
    SELECT page.connection, page.key AS variant, coalesce(variants.inventory_item, '') AS inventory_item,
           CAST(NULL AS text) AS item, CAST(NULL AS text) AS matched_by, unlinked.item AS was, page.since, page.detail,
           coalesce(variants.title, page.key) AS title, variants.sku, variants.barcode
      FROM page LEFT JOIN variants ON variants.connection = page.connection AND variants.variant = page.key
                LEFT JOIN unlinked ON unlinked.connection = page.connection AND unlinked.variant = page.key
     ORDER BY page.connection, page.key
"""


def _held_for(cause: Cause) -> str:
    return f"holds WHERE flow = 'catalog' AND cause = '{cause}' AND {_NOT_YET}"


_COUNTS = text(
    f"SELECT {counted('links')} AS linked, "
    + ", ".join(f"{counted(_held_for(cause))} AS {show.value}" for show, cause in _CAUSES.items())
)

# Read in the order of the index on the code, which is all that is read; most codes are one variant's, so few are left
# to be looked up. It is the one page that reads as much as there is: who shares with whom is written nowhere. Of a code
# that very many carry any variants will do: to read them in order would be to read all of them.
_SHARED = """
    WITH codes AS (
        SELECT connection, {code} AS code FROM variants
         WHERE {code} IS NOT NULL ORDER BY connection, {code} OFFSET 0
    ), shared AS (
        SELECT connection, code, count(*) AS many, count(*) OVER () AS codes FROM codes
         WHERE code <> '' GROUP BY connection, code HAVING count(*) > 1
         ORDER BY many DESC, connection, code LIMIT :limit
    )
    SELECT shared.connection, shared.code, shared.many, shared.codes, twins.variant, twins.inventory_item, twins.title,
           twins.sku, twins.barcode, links.item
      FROM shared CROSS JOIN LATERAL (
          SELECT * FROM variants
           WHERE variants.connection = shared.connection AND variants.{code} = shared.code LIMIT :twins
      ) AS twins
      LEFT JOIN links ON links.connection = twins.connection AND links.variant = twins.variant
     ORDER BY shared.many DESC, shared.connection, shared.code, twins.variant
"""


async def page(
    tx: Tx,
    show: Show,
    connection: ConnectionId | None = None,
    words: str | None = None,
    after: Place | None = None,
    limit: int | None = None,
) -> Page:
    """Return a page of variants, by their gids. `words` are a part of a title, SKU, barcode or item's code."""
    many = limit or (PAGE if show is Show.LINKED else TO_CHOOSE)
    table, id_ = ("links", "variant") if show is Show.LINKED else ("holds", "key")
    wanted = [
        condition
        for condition, asked in (
            (f"flow = 'catalog' AND cause = :cause AND {_NOT_YET}", show is not Show.LINKED),
            (f"{table}.connection = :connection", connection),
            (f"({table}.connection, {table}.{id_}) > (:after_connection, :after_variant)", after),
        )
        if asked
    ]
    given = {
        "connection": connection,
        "cause": _CAUSES.get(show),
        "after_connection": after and after.connection,
        "after_variant": after and after.variant,
    }
    search = variant_search.search_for(words, table, id_, connection) if words else None
    listing = Listing(table, ("connection", id_), f"connection, {id_}", wanted, many + 1)
    found = await rows(tx, listing, _LINKED if show is Show.LINKED else _HELD, given, search)
    at: datetime = (await tx.execute(text("SELECT hub_now()"))).scalar_one()
    listed = tuple(
        Listed(
            ConnectionId(row.connection),
            _seen(row),
            None if row.item is None else ItemCode(row.item),
            row.matched_by,
            row.detail,
            row.since,
            None if row.was is None else ItemCode(row.was),
        )
        for row in found[:many]
    )
    last = listed[-1] if len(found) > many else None
    return Page(at, listed, None if last is None else Place(last.connection, last.seen.id))


async def counts(tx: Tx) -> Mapping[Show, int]:
    """Return how many variants there are to be listed of each kind, counted up to `COUNTED_TO`."""
    row = (await tx.execute(_COUNTS)).one()
    return {show: getattr(row, show.value) for show in Show}


async def shared_codes(tx: Tx, limit: int = 200, twins: int = 1_000) -> SharedCodes:
    """Return at most `limit` SKUs and barcodes each that several variants carry, with at most `twins` of these."""
    codes: dict[str, int] = {}
    found: dict[tuple[str, str, str], list[Twin]] = {}
    many: dict[tuple[str, str, str], int] = {}
    for code, kind in (("sku", "SKU"), ("barcode", "barcode")):
        for row in await tx.execute(text(_SHARED.format(code=code)), {"limit": limit, "twins": twins}):
            group = (row.connection, kind, row.code)
            codes[code] = row.codes
            many[group] = row.many
            found.setdefault(group, []).append(Twin(_seen(row), None if row.item is None else ItemCode(row.item)))
    shared = tuple(
        Shared(ConnectionId(connection), kind, code, many[connection, kind, code], tuple(some))
        for (connection, kind, code), some in found.items()
    )
    return SharedCodes(shared, codes.get("sku", 0), codes.get("barcode", 0))


def _seen(row: Row[Any]) -> SeenVariant:
    return SeenVariant(
        VariantId(row.variant),
        InventoryItemId(row.inventory_item),
        row.title,
        None if row.sku is None else Sku(row.sku),
        None if row.barcode is None else Barcode(row.barcode),
    )
