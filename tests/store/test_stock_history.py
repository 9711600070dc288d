"""What was published of a level, and when, can be read for weeks."""

from dataclasses import replace

from sqlalchemy import text

from crossdock.model.ledger import Account, Decided, Ledger, Trust
from crossdock.model.names import ConnectionId, InventoryItemId, LocationId, Units
from crossdock.store import retention, stock_history, stock_ledger, watermarks
from crossdock.store.database import Database
from crossdock.store.stock_history import Noted

ACME = ConnectionId("acme")
ITEM = InventoryItemId("gid://shopify/InventoryItem/1")
SHOP = LocationId("gid://shopify/Location/1")


class Level:
    """One level that is decided again and again."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.version = 0

    async def decide(self, publish: int, *, push: str | None = None, wrote: bool = False) -> None:
        async with self.database.begin() as tx:
            now = await watermarks.now(tx)
            known = (await stock_ledger.of_items(tx, ACME, [ITEM])).get((ITEM, SHOP))
            ledger = known.ledger if known else Ledger(
                item=ITEM, location=SHOP, believed=Units(0), committed=Units(0), trust=Trust.EXACT,
                read_from=now, read_to=now,
            )  # fmt: skip
            ledger = replace(ledger, push=push, written_at=now if wrote else ledger.written_at)
            decided = Decided(publish, publish + 1, 1, 0, f"publish {publish}", 1)
            await stock_ledger.keep(tx, ACME, [Account(ledger, decided)])

    async def noted(self) -> list[Noted]:
        async with self.database.begin() as tx:
            return list(await stock_history.of_item(tx, ACME, ITEM, 100))


async def test_a_figure_that_changes_is_noted_once(database: Database) -> None:
    level = Level(database)

    for publish in (5, 5, 4, 4):
        await level.decide(publish)

    assert [(one.publish, one.backend, one.unseen, one.wrote) for one in await level.noted()] == [
        (4, 5, 1, False),
        (5, 6, 1, False),
    ]


async def test_a_figure_and_its_writing_are_one_note(database: Database) -> None:
    level = Level(database)
    await level.decide(5, push="look 1")

    await level.decide(5, wrote=True)
    await level.decide(4)

    assert [(one.publish, one.wrote) for one in await level.noted()] == [(4, False), (5, True)]


async def test_what_is_older_than_it_is_to_be_kept_goes(database: Database) -> None:
    level = Level(database)
    await level.decide(5)
    await level.decide(4)
    async with database.begin() as tx:
        await tx.execute(text("UPDATE stock_history SET at = hub_now() - interval '31 days' WHERE publish = 5"))

    await retention.throw_away(database)

    assert [one.publish for one in await level.noted()] == [4]
