"""Where Shopify has other stock than it should, and where it had before, as the command line and programs read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crossdock.edge.mode_report import level_report
from crossdock.edge.outside import Outside
from crossdock.edge.stock_report import LevelReport
from crossdock.model.called import called
from crossdock.model.names import ConnectionId, InventoryItemId, ItemCode, LocationId
from crossdock.store import links, locations
from crossdock.store.database import Database
from crossdock.store.reads import stock as reads

LATEST = 50
"""How many findings of drift are listed."""


@dataclass(frozen=True, slots=True)
class SeenLevel:
    """
    A level as it was read from Shopify, and what was said of it; in units.

    `shopify_has` is null where Shopify does not stock the item there; what the hub believes and publishes is null
    where it never looked. `differs` means that the level is to be set right, `moved` that Shopify has something else
    than the hub believes.
    """

    item: ItemCode
    inventory_item: InventoryItemId
    location: LocationId
    place: str
    shopify_has: int | None
    believed: int | None
    publish: int | None
    explained: str | None
    differs: bool
    moved: bool
    finding: str


@dataclass(frozen=True, slots=True)
class FoundBefore:
    """
    Drift that a look found: Shopify held `units` more than expected, `found` in all, and what was made of it.

    `item` is Shopify's gid; `code` is the backend's, null where the item is no longer linked.
    """

    item: InventoryItemId
    code: ItemCode | None
    location: LocationId
    place: str
    units: int
    found: int
    done: str
    found_at: datetime


@dataclass(frozen=True, slots=True)
class DriftReport:
    """How many levels were read, how many of them are to be set right, those that are listed, and earlier findings."""

    connection: ConnectionId
    levels: int
    differing: int
    listed: Sequence[SeenLevel]
    found_before: Sequence[FoundBefore]


async def drift_report(
    database: Database, outside: Outside, connection: ConnectionId, *, every: bool, at_most: int | None = None
) -> DriftReport:
    """
    Read every level of a connection from Shopify and list where it differs; with `every`, list all. Changes nothing.

    Raises UsageError over `at_most` items.
    """
    levels = await level_report(database, outside, connection, at_most=at_most)
    async with database.begin() as tx:
        found = await reads.drift_found(tx, connection, LATEST)
        places = await locations.names(tx, connection)
        linked = await links.of_inventory_items(tx, connection, sorted({one.drift.item for one in found}))
    return DriftReport(
        connection,
        levels=len(levels),
        differing=sum(one.differs for one in levels),
        listed=[seen_level(one) for one in levels if every or one.differs or one.moved],
        found_before=[
            FoundBefore(
                item=one.drift.item,
                code=linked[one.drift.item].item if one.drift.item in linked else None,
                location=one.drift.location,
                place=called(one.drift.location, places),
                units=one.drift.units,
                found=one.drift.found,
                done=one.drift.done,
                found_at=one.found_at,
            )
            for one in found
        ],
    )


def seen_level(one: LevelReport) -> SeenLevel:
    """Return a level of a report in the words that it is told by."""
    account = one.account
    return SeenLevel(
        item=one.item,
        inventory_item=one.inventory_item,
        location=one.location,
        place=one.place,
        shopify_has=one.at_shopify,
        believed=None if account is None else account.ledger.believed,
        publish=None if account is None else account.decided.publish,
        explained=None if account is None else account.decided.explained,
        differs=one.differs,
        moved=one.moved,
        finding=one.finding,
    )
