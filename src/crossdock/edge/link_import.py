"""
A person's list of links, as a CSV file: all good rows are linked together, each bad one is told with its line and why.

The first line names the columns: `variant` (its gid or number) or `sku`, and `item` (its code at the backend); others
are left alone. A link that a variant has is replaced by the list's, so that two variants can change places.
"""

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from crossdock.edge.catalog_changes import Pair, problem_with, tie, variant_id
from crossdock.edge.outside import Outside
from crossdock.kit.errors import UsageError
from crossdock.model.catalog import SeenVariant
from crossdock.model.deed import Deed
from crossdock.model.names import ConnectionId, ItemCode, Sku, VariantId
from crossdock.model.people import Actor
from crossdock.store import audit, connections, links, variants
from crossdock.store.database import Database
from crossdock.store.links import Link

LONGEST: Final = 50_000
"""Rows of a list."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list, as it was written; `line` counts from 1, the heading included."""

    line: int
    variant: str
    sku: str
    item: str


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was not linked, and why."""

    row: Row
    problem: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a list: how many rows were linked, how many said what was so already, and the bad ones."""

    linked: int
    unchanged: int
    bad: tuple[BadRow, ...]

    @property
    def bad_csv(self) -> str:
        """The bad rows as a list that can be mended and imported again."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("variant", "sku", "item", "problem"))
        writer.writerows((one.row.variant, one.row.sku, one.row.item, one.problem) for one in self.bad)
        return out.getvalue()


@dataclass(frozen=True, slots=True)
class Known:
    """What the hub and the backend know of the things that a list names. `items` is None where no one can say."""

    by_id: Mapping[VariantId, SeenVariant]
    by_sku: Mapping[Sku, Sequence[SeenVariant]]
    linked: Mapping[VariantId, Link]
    taken: Mapping[ItemCode, Link]
    items: Mapping[ItemCode, object] | None


def read_rows(text: str) -> Sequence[Row]:
    """Return the rows of a list; empty ones are left out. Raises UsageError where its heading cannot be understood."""
    try:
        reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
        names = {name.strip().lower(): name for name in reader.fieldnames or ()}
        if "item" not in names or not {"variant", "sku"} & names.keys():
            raise UsageError("The first line has to name the columns: item, and variant or sku; separated by commas.")
        rows = [
            Row(reader.line_num, *((row.get(names.get(name, "")) or "").strip() for name in ("variant", "sku", "item")))
            for row in reader
        ]
    except csv.Error as error:
        raise UsageError(f"This is no CSV file ({error}). Separate by commas, and quote with double quotes.") from error
    if len(rows) > LONGEST:
        raise UsageError(f"The list has {len(rows):,} rows; import up to {LONGEST:,} at once.")
    return [row for row in rows if row.variant or row.sku or row.item]


def judge(rows: Sequence[Row], known: Known) -> tuple[Sequence[tuple[SeenVariant, ItemCode]], int, Sequence[BadRow]]:
    """Return the pairs to link, how many rows say what is so already, and the bad rows. Pure."""
    leaving = {seen.id: ItemCode(row.item) for row in rows if isinstance(seen := _variant_of(row, known), SeenVariant)}
    while True:
        good, unchanged, bad = _judged(rows, known, leaving)
        going = {seen.id: item for seen, item in good}
        if going == leaving:
            return good, unchanged, bad
        # A row that is bad makes no room for another one.
        leaving = going


def _judged(
    rows: Sequence[Row], known: Known, leaving: Mapping[VariantId, ItemCode]
) -> tuple[Sequence[tuple[SeenVariant, ItemCode]], int, Sequence[BadRow]]:
    """Judge each row, were all of `leaving` to be linked to these items."""
    found = {row: _variant_of(row, known) for row in rows}
    of_variant = Counter(seen.id for seen in found.values() if isinstance(seen, SeenVariant))
    of_item = Counter(row.item for row in rows)
    good: list[tuple[SeenVariant, ItemCode]] = []
    bad: list[BadRow] = []
    unchanged = 0
    for row, seen in found.items():
        if isinstance(seen, str):
            bad.append(BadRow(row, seen))
            continue
        item = ItemCode(row.item)
        before, taken = known.linked.get(seen.id), known.taken.get(item)
        if taken is not None and leaving.get(taken.variant, item) != item:
            taken = None
        problem = problem_with(Pair(seen.id, item), seen, before, taken, known.items, replace=True)
        if of_variant[seen.id] > 1:
            problem = f"“{seen.title}” is in the list {of_variant[seen.id]} times. Leave one row."
        elif of_item[row.item] > 1:
            problem = f"Item {row.item} is in the list {of_item[row.item]} times. One item is one variant."
        if problem is not None:
            bad.append(BadRow(row, problem))
        elif before is not None and before.item == item:
            unchanged += 1
        else:
            good.append((seen, item))
    return good, unchanged, bad


async def import_links(
    database: Database, outside: Outside, by: Actor, connection: ConnectionId, text: str, *, only_check: bool = False
) -> Imported:
    """
    Link what a list says, all good rows in one transaction; with `only_check`, say what would become of it.

    Raises UsageError where it is no list.
    """
    rows = read_rows(text.replace("\0", ""))
    items = await outside.items(connection, sorted({ItemCode(row.item) for row in rows}))
    async with database.begin() as tx:
        await connections.get(tx, connection)
        by_id = await variants.of_ids(tx, connection, [variant_id(row.variant) for row in rows if row.variant])
        by_sku: dict[Sku, list[SeenVariant]] = {}
        for seen in await variants.of_skus(tx, connection, [Sku(row.sku) for row in rows if row.sku]):
            if seen.sku:
                by_sku.setdefault(seen.sku, []).append(seen)
        ids = {*by_id, *(one.id for some in by_sku.values() for one in some)}
        known = Known(
            by_id,
            by_sku,
            await links.of_variants(tx, connection, sorted(ids)),
            await links.of_items(tx, connection, sorted({ItemCode(row.item) for row in rows})),
            items,
        )
        good, unchanged, bad = judge(rows, known)
        if good and not only_check:
            await tie(tx, by, connection, good)
            await audit.record(tx, by, Deed.LINKS_IMPORTED, connection, after={"linked": len(good), "bad": len(bad)})
    return Imported(len(good), unchanged, tuple(bad))


def _variant_of(row: Row, known: Known) -> SeenVariant | str:
    """Return the variant that a row means, or why that cannot be said."""
    if row.variant:
        found = known.by_id.get(variant_id(row.variant))
        return found or f"No variant {row.variant} is known. Read the store's variants: crossdock sync --catalog."
    if not row.sku:
        return "It names no variant: both variant and sku are empty."
    several = known.by_sku.get(Sku(row.sku), ())
    if len(several) == 1:
        return several[0]
    if several:
        return f"{len(several)} variants have SKU {row.sku}. Name one by its number in the column variant."
    return f"No variant with SKU {row.sku} is known. SKUs are compared exactly, case included."
