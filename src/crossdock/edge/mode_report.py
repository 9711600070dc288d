"""What Shopify holds now against what the hub believes and wants, as people read it before they switch the mode."""

from collections.abc import Sequence
from typing import Final

from crossdock.edge.outside import Outside
from crossdock.edge.stock_report import LevelReport, stock_report
from crossdock.kit.errors import UsageError
from crossdock.model.names import ConnectionId
from crossdock.store import connections, links, locations, stock_ledger
from crossdock.store.database import Database

AT_ONCE: Final = 5_000
"""Items that a page compares while a person waits: twenty calls to Shopify. The command line compares any number."""


async def level_report(
    database: Database, outside: Outside, connection: ConnectionId, *, at_most: int | None = None
) -> Sequence[LevelReport]:
    """Read every level of a connection's linked items from Shopify, and compare. Raises UsageError over `at_most`."""
    async with database.begin() as tx:
        known_places = (await connections.get(tx, connection)).warehouses
        known = await links.all_inventory_items(tx, connection)
    if at_most is not None and len(known) > at_most:
        raise UsageError(
            f"{connection} has {len(known):,} linked items; reading them all takes minutes. Compare them on the "
            f"command line: crossdock stock drift {connection}."
        )
    at_shopify = await outside.read_levels(connection, known)
    async with database.begin() as tx:
        linked = await links.of_inventory_items(tx, connection, known)
        accounts = await stock_ledger.of_items(tx, connection, known)
        names = await locations.names(tx, connection)
    served = frozenset(place for place, codes in known_places.items() if codes)
    return stock_report({id_: link.item for id_, link in linked.items()}, at_shopify, accounts, served, names)
