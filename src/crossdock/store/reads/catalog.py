"""The catalog as pages list it: what is linked, what is not and why, and what shares a code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Row, text

from crossdock.model.catalog import SeenVariant
from crossdock.model.cause import Cause
from crossdock.model.names import Barcode, ConnectionId, InventoryItemId, ItemCode, Sku, VariantId
from crossdock.store.database import Tx

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


_CAUSES: Final = {Show.UNLINKED: Cause.ITEM_MISSING, Show.AMBIGUOUS: Cause.ITEM_AMBIGUOUS}


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

    `seen` is as the hub last saw it; of what was linked before that was kept, only the link is known.
    """

    connection: ConnectionId
    seen: SeenVariant
    item: ItemCode | None
    matched_by: str | None
    detail: str | None
    since: datetime


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
    """A SKU or barcode (`kind`) that several variants of a connection carry."""

    connection: ConnectionId
    kind: str
    code: str
    many: int
    variants: tuple[Twin, ...]


_AFTER = "(CAST(:after_connection AS text) IS NULL OR ({0}) > (:after_connection, CAST(:after_variant AS text)))"

# What a person has linked is held until the next look, some seconds; it is no more to be done.
_NOT_YET = """NOT EXISTS (
           SELECT FROM links WHERE links.connection = holds.connection AND links.variant = holds.key)"""

_LINKED = f"""
    SELECT links.connection, links.variant, links.inventory_item, links.item, links.matched_by,
           links.linked_at AS since, CAST(NULL AS text) AS detail, coalesce(variants.title, links.variant) AS title,
           coalesce(variants.sku, links.sku) AS sku, variants.barcode
      FROM links LEFT JOIN variants ON variants.connection = links.connection AND variants.variant = links.variant
     WHERE (CAST(:connection AS text) IS NULL OR links.connection = :connection)
       AND (CAST(:words AS text) IS NULL OR variants.words LIKE :words OR lower(links.item) LIKE :words)
       AND {_AFTER.format("links.connection, links.variant")}
     ORDER BY links.connection, links.variant LIMIT :limit
"""  # noqa: S608 - all of it is written here

_HELD = f"""
    SELECT holds.connection, holds.key AS variant, coalesce(variants.inventory_item, '') AS inventory_item,
           CAST(NULL AS text) AS item, CAST(NULL AS text) AS matched_by, holds.since, holds.detail,
           coalesce(variants.title, holds.key) AS title, variants.sku, variants.barcode
      FROM holds LEFT JOIN variants ON variants.connection = holds.connection AND variants.variant = holds.key
     WHERE holds.flow = 'catalog' AND holds.cause = :cause AND {_NOT_YET}
       AND (CAST(:connection AS text) IS NULL OR holds.connection = :connection)
       AND (CAST(:words AS text) IS NULL OR variants.words LIKE :words)
       AND {_AFTER.format("holds.connection, holds.key")}
     ORDER BY holds.connection, holds.key LIMIT :limit
"""  # noqa: S608 - all of it is written here

_COUNTS = text(
    f"""
    SELECT (SELECT count(*) FROM links) AS linked,
           count(*) FILTER (WHERE cause = 'item_missing') AS unlinked,
           count(*) FILTER (WHERE cause = 'item_ambiguous') AS ambiguous
      FROM holds WHERE flow = 'catalog' AND {_NOT_YET}
    """  # noqa: S608 - all of it is written here
)

# Read along the index on the code; most codes are one variant's, so few are left to be looked up.
_SHARED = """
    WITH shared AS (
        SELECT connection, {code} AS code, count(*) AS many FROM variants
         WHERE {code} IS NOT NULL AND {code} <> '' GROUP BY connection, {code} HAVING count(*) > 1
         ORDER BY many DESC, connection, code LIMIT :limit
    )
    SELECT shared.connection, shared.code, shared.many, variants.variant, variants.inventory_item, variants.title,
           variants.sku, variants.barcode, links.item
      FROM shared JOIN variants ON variants.connection = shared.connection AND variants.{code} = shared.code
      LEFT JOIN links ON links.connection = variants.connection AND links.variant = variants.variant
     ORDER BY shared.many DESC, shared.connection, shared.code, variants.variant
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
    given: dict[str, object] = {
        "connection": connection,
        "words": f"%{_literally(words.lower())}%" if words else None,
        "after_connection": after.connection if after else None,
        "after_variant": after.variant if after else None,
        "limit": many + 1,
    }
    if show is not Show.LINKED:
        given["cause"] = _CAUSES[show].value
    rows = (await tx.execute(text(_LINKED if show is Show.LINKED else _HELD), given)).all()
    at: datetime = (await tx.execute(text("SELECT hub_now()"))).scalar_one()
    listed = tuple(
        Listed(
            ConnectionId(row.connection),
            _seen(row),
            None if row.item is None else ItemCode(row.item),
            row.matched_by,
            row.detail,
            row.since,
        )
        for row in rows[:many]
    )
    last = listed[-1] if len(rows) > many else None
    return Page(at, listed, None if last is None else Place(last.connection, last.seen.id))


async def counts(tx: Tx) -> Mapping[Show, int]:
    """Return how many variants there are to be listed of each kind."""
    row = (await tx.execute(_COUNTS)).one()
    return {Show.LINKED: row.linked, Show.UNLINKED: row.unlinked, Show.AMBIGUOUS: row.ambiguous}


async def shared_codes(tx: Tx, limit: int = 200) -> Sequence[Shared]:
    """Return the SKUs and barcodes that several variants carry, those of most variants first, at most `limit` each."""
    found: dict[tuple[str, str, str], list[Twin]] = {}
    many: dict[tuple[str, str, str], int] = {}
    for code, kind in (("sku", "SKU"), ("barcode", "barcode")):
        for row in await tx.execute(text(_SHARED.format(code=code)), {"limit": limit}):
            group = (row.connection, kind, row.code)
            many[group] = row.many
            found.setdefault(group, []).append(Twin(_seen(row), None if row.item is None else ItemCode(row.item)))
    return [
        Shared(ConnectionId(connection), kind, code, many[connection, kind, code], tuple(twins))
        for (connection, kind, code), twins in found.items()
    ]


def _seen(row: Row[Any]) -> SeenVariant:
    return SeenVariant(
        VariantId(row.variant),
        InventoryItemId(row.inventory_item),
        row.title,
        None if row.sku is None else Sku(row.sku),
        None if row.barcode is None else Barcode(row.barcode),
    )


def _literally(words: str) -> str:
    r"""Take the meaning out of `%`, `_` and `\`."""
    return words.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
