"""Publishing what differs, and switching how stock is written: each after a comparison in the same request."""

from collections.abc import Sequence
from dataclasses import dataclass

from crossdock.edge.drift_report import SeenLevel, seen_level
from crossdock.edge.mode_report import AT_ONCE, level_report
from crossdock.edge.outside import Outside
from crossdock.edge.stock_changes import differing_of, publish_differing, switch_mode
from crossdock.edge.stock_report import LevelReport
from crossdock.kit.errors import UsageError
from crossdock.model.connection import StockMode
from crossdock.model.names import ConnectionId
from crossdock.model.people import Actor
from crossdock.store import connections
from crossdock.store.database import Database


@dataclass(frozen=True, slots=True)
class Published:
    """The levels that are read and published anew by the next looks."""

    connection: ConnectionId
    published: Sequence[SeenLevel]


@dataclass(frozen=True, slots=True)
class Switched:
    """How stock is written from now on, and what differed then; `switched` is False where it was written so already."""

    connection: ConnectionId
    mode: StockMode
    switched: bool
    differed: Sequence[SeenLevel]


async def publish_what_differs(database: Database, outside: Outside, by: Actor, connection: ConnectionId) -> Published:
    """Compare, and have what differs published anew by a worker. Raises UsageError over AT_ONCE items."""
    differing = await _compared(database, outside, connection)
    async with database.begin() as tx:
        await publish_differing(tx, by, connection, differing)
    return Published(connection, [seen_level(one) for one in differing])


async def compare_and_switch(
    database: Database, outside: Outside, by: Actor, connection: ConnectionId, wanted: StockMode, *, adopt: bool
) -> Switched:
    """
    Compare, then switch how stock is written: nothing is switched over levels that nobody saw.

    `adopt` has delta mode begin from what Shopify has. Raises UsageError where levels differ and it is not said, where
    it is said of absolute mode, and over AT_ONCE items.
    """
    if adopt and wanted is StockMode.ABSOLUTE:
        raise UsageError(
            "Only delta mode begins from what Shopify has: in absolute mode every level is set to its figure."
        )
    async with database.begin() as tx:
        if (await connections.get(tx, connection)).rules.inventory.mode is wanted:
            return Switched(connection, wanted, switched=False, differed=())
    differing = await _compared(database, outside, connection)
    if differing and wanted is StockMode.DELTA and not adopt:
        raise UsageError(
            "Some levels differ. Publish them first, or say that delta mode is to begin from what Shopify has."
        )
    async with database.begin() as tx:
        await switch_mode(tx, by, connection, wanted, differing)
    return Switched(connection, wanted, switched=True, differed=[seen_level(one) for one in differing])


async def _compared(database: Database, outside: Outside, connection: ConnectionId) -> Sequence[LevelReport]:
    return differing_of(await level_report(database, outside, connection, at_most=AT_ONCE))
