"""A shelf of goods as the flows leave them: links, variants, levels with their history, drift, and what is held."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import text

from crossdock.kit.errors import UsageError
from crossdock.model.catalog import Item, SeenVariant, Variant
from crossdock.model.cause import UNLINKED_ITEMS, Cause, Hold
from crossdock.model.flow import Flow
from crossdock.model.ledger import Account, Decided, Drift, Ledger, Trust
from crossdock.model.names import (
    Barcode,
    ConnectionId,
    InventoryItemId,
    ItemCode,
    LocationId,
    Sku,
    Units,
    VariantId,
    WarehouseCode,
)
from crossdock.model.people import Actor
from crossdock.model.stock import InventoryLevel
from crossdock.model.suggestion import words_of
from crossdock.store import connections, holds, links, stock_drift, stock_ledger, variants, watermarks
from crossdock.store.database import Database, Tx
from crossdock.store.links import Link
from crossdock.testing.builders import an_item

ACME = ConnectionId("acme")
BERLIN = LocationId("gid://shopify/Location/1")
MUG, LAMP, BOWL = 1, 2, 3
"""Linked: ten mugs to sell, two lamps promised too many, and bowls that somebody edited."""
BLUE, RED, PLATE = 4, 5, 6
"""Not linked: a SKU that is spelled otherwise, one that two variants share, and one with nothing but a title."""


def variant(number: int) -> VariantId:
    return VariantId(f"gid://shopify/ProductVariant/{number}")


def stocked(number: int) -> InventoryItemId:
    return InventoryItemId(f"gid://shopify/InventoryItem/{number}")


_TITLES = {
    MUG: ("Enamel mug", "MUG-01", "4006381333931"),
    LAMP: ("Brass lamp", "LAMP-01", None),
    BOWL: ("Oak bowl", "BOWL-01", None),
    BLUE: ("Enamel mug, blue", "mug-blue", None),
    RED: ("Enamel mug, red", "MUG-01", None),
    PLATE: ("Stoneware plate, large", None, None),
}

AT_THE_BACKEND = (
    an_item("MUG", sku="MUG-01"),
    an_item("LAMP", sku="LAMP-01"),
    an_item("BOWL", sku="BOWL-01"),
    Item(ItemCode("4711"), "Mug of enamel, blue", Sku("MUG_BLUE"), ()),
    Item(ItemCode("4712"), "Large stoneware plate", None, ()),
)
"""What the backend has: what is linked, a mug whose SKU is spelled otherwise, and a plate with another title."""


@dataclass
class FakeOutside:
    """Both sides of every connection, as a test sets them; `asked` says of which, `mapped` by whom what."""

    levels: Mapping[tuple[InventoryItemId, LocationId], int] = field(default_factory=dict)
    stock: Sequence[Item] = ()
    silent: str | None = None
    asked: list[ConnectionId] = field(default_factory=list)
    mapped: list[tuple[str, str, str]] = field(default_factory=list)

    async def read_levels(self, connection: ConnectionId, items: Sequence[InventoryItemId]) -> Sequence[InventoryLevel]:
        self.asked.append(connection)
        return [
            InventoryLevel(item, place, Units(units), Units(0))
            for (item, place), units in self.levels.items()
            if item in items
        ]

    async def candidates(self, connection: ConnectionId, variants: Sequence[SeenVariant]) -> Sequence[Item]:
        self.asked.append(connection)
        if self.silent is not None:
            raise UsageError(self.silent)
        words = {word for one in variants for word in words_of(one.title)}
        skus = {one.sku for one in variants}
        return [item for item in self.stock if item.sku in skus or words & words_of(item.title)]

    async def items(self, connection: ConnectionId, codes: Sequence[ItemCode]) -> Mapping[ItemCode, Item] | None:
        self.asked.append(connection)
        return {item.code: item for item in self.stock if item.code in codes} if self.stock else None

    async def map_location(self, by: Actor, connection: ConnectionId, location: str, warehouse: str) -> None:
        if self.silent is not None:
            raise UsageError(self.silent)
        self.asked.append(connection)
        self.mapped.append((by.name, location, warehouse))


async def a_shelf(database: Database) -> None:
    """Fill the tables for the store that the tests have."""
    async with database.begin() as tx:
        for number, (title, sku, barcode) in _TITLES.items():
            seen = Variant(variant(number), stocked(number), title, _sku(sku), _barcode(barcode), tracked=True)
            await variants.remember(tx, ACME, seen)
        for number, code in ((MUG, "MUG"), (LAMP, "LAMP"), (BOWL, "BOWL")):
            new = Link(variant(number), stocked(number), ItemCode(code), "SKU", _sku(_TITLES[number][1]))
            await links.link(tx, ACME, new)
        await connections.map_location(tx, ACME, BERLIN, WarehouseCode("EAST"))
    for publish in (12, 9, 10):
        await _decide(database, MUG, publish, believed=publish)
    await _decide(database, LAMP, -2, believed=-2)
    await _decide(database, BOWL, 5, believed=8, suspect=3)
    async with database.begin() as tx:
        found = Drift(stocked(BOWL), BERLIN, 3, Units(8), "3 more than expected; a person decides")
        await stock_drift.record(tx, ACME, [found])
        await _hold(tx, Flow.INVENTORY, stocked(BOWL), Hold(Cause.STOCK_EDITED, "BOWL at 1: +3 by hand in Shopify."))
        for number, cause, detail in (
            (BLUE, Cause.ITEM_MISSING, "“Enamel mug, blue”: no item has SKU mug-blue."),
            (PLATE, Cause.ITEM_MISSING, "“Stoneware plate, large”: it has neither SKU nor barcode."),
            (RED, Cause.ITEM_AMBIGUOUS, "“Enamel mug, red”: item MUG has its SKU MUG-01, but is linked to another."),
        ):
            await _hold(tx, Flow.CATALOG, variant(number), Hold(cause, detail, (UNLINKED_ITEMS,)))


async def would_empty(database: Database) -> None:
    """Hold the mugs and the lamps, for a push would take so many to zero."""
    async with database.begin() as tx:
        for number, code in ((MUG, "MUG"), (LAMP, "LAMP")):
            detail = f"{code} would become empty, and 2 levels of 3 with it within an hour."
            await _hold(tx, Flow.INVENTORY, stocked(number), Hold(Cause.MASS_CHANGE, detail))


async def _decide(database: Database, number: int, publish: int, *, believed: int, suspect: int | None = None) -> None:
    async with database.begin() as tx:
        now = await watermarks.now(tx)
        kept = (await stock_ledger.of_items(tx, ACME, [stocked(number)])).get((stocked(number), BERLIN))
        version = kept.ledger.version if kept else 0
        ledger = Ledger(
            item=stocked(number),
            location=BERLIN,
            believed=Units(believed),
            committed=Units(1),
            trust=Trust.EXACT,
            read_from=now,
            read_to=now,
            suspect=suspect,
            written_at=now,
            version=version,
        )
        said = f"{publish + 1} at the warehouse, 1 sold and not yet seen, 0 buffer: publish {publish}"
        decided = Decided(publish, publish + 1, 1, 0, said, 1)
        await stock_ledger.keep(tx, ACME, [Account(ledger, decided)])


async def _hold(tx: Tx, flow: Flow, key: str, hold: Hold) -> None:
    await holds.hold(tx, ACME, flow, {key: hold})


async def linked(database: Database) -> dict[str, str]:
    """What each variant is linked to, by their numbers and codes."""
    async with database.begin() as tx:
        rows = await tx.execute(text("SELECT variant, item FROM links ORDER BY variant"))
        return {row.variant.rsplit("/", 1)[-1]: row.item for row in rows}


def _sku(code: str | None) -> Sku | None:
    return None if code is None else Sku(code)


def _barcode(code: str | None) -> Barcode | None:
    return None if code is None else Barcode(code)
