"""What Shopify is believed to hold is what was written last."""

from sqlalchemy import text

from crossdock.model.names import ConnectionId, InventoryItemId, LocationId, Units
from crossdock.store import stock_ledger
from crossdock.store.database import Database
from crossdock.store.stock_ledger import Published

ACME = ConnectionId("acme")


def a_level(number: int, believed: int, sequence: int = 1) -> Published:
    item = InventoryItemId(f"gid://shopify/InventoryItem/{number}")
    return Published(item, LocationId("gid://shopify/Location/1"), Units(believed), believed + 2, 2, sequence)


async def test_the_latest_write_replaces_what_was_believed_level_by_level(database: Database) -> None:
    async with database.begin() as tx:
        await stock_ledger.believe(tx, ACME, [a_level(1, 10), a_level(2, 20)])
        await stock_ledger.believe(tx, ACME, [a_level(1, 7, sequence=2)])
        await stock_ledger.believe(tx, ACME, [])

    async with database.begin() as tx:
        rows = await tx.execute(
            text("SELECT believed, backend_available, unseen, sequence FROM stock_ledger ORDER BY inventory_item")
        )
        assert [tuple(row) for row in rows] == [(7, 9, 2, 2), (20, 22, 2, 1)]
