"""Table `stock_drift`: where Shopify's stock was changed by somebody else, and what was made of it."""

from collections.abc import Sequence

from sqlalchemy import insert

from crossdock.model.ledger import Drift
from crossdock.model.names import ConnectionId
from crossdock.store.database import Tx
from crossdock.store.schema import stock_drift


async def record(tx: Tx, connection: ConnectionId, found: Sequence[Drift]) -> None:
    """Note what was found."""
    if found:
        await tx.execute(
            insert(stock_drift),
            [
                {
                    "connection": connection,
                    "inventory_item": one.item,
                    "location": one.location,
                    "units": one.units,
                    "found": one.found,
                    "done": one.done,
                }
                for one in found
            ],
        )
