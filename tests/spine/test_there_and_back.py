"""Orders there, stock and shipments back, whatever happens to the messages."""

from pathlib import Path

from sqlalchemy import text
from tests.spine.town import Town, a_town

from crossdock.app.demo.story import play, prepare
from crossdock.app.serve import address_of, listen, serving

ORDERS = 15


async def _deliveries(town: Town) -> tuple[int, int]:
    """How many webhooks the hub has kept, and how often the shop sent one."""
    async with town.hub.database.begin() as tx:
        kept: int = await tx.scalar(text("SELECT count(*) FROM inbox")) or 0
    sent = sum(delivery["attempts"] for delivery in town.standin.webhooks() if delivery["attempts"])
    return kept, sent


async def test_every_order_goes_there_and_back_and_both_sides_agree(database_url: str, tmp_path: Path) -> None:
    listener = listen("127.0.0.1", 0)
    async with a_town(database_url, tmp_path, address_of(listener)) as town:
        connection = await prepare(town.cast, ORDERS, seed=1)

        async with serving(town.hub, listener):
            audit = await play(town.cast, connection, ORDERS, seed=1)

        assert audit.differences == ()
        assert audit.agrees
        assert audit.orders == ORDERS
        kept, _ = await _deliveries(town)
        assert kept > ORDERS  # webhooks did carry news


async def test_without_a_single_webhook_the_sweep_brings_every_order(database_url: str, tmp_path: Path) -> None:
    listener = listen("127.0.0.1", 0)
    async with a_town(database_url, tmp_path, address_of(listener)) as town:
        town.standin.faults(webhooks=[{"topic": "*", "drop": 1.0}])
        connection = await prepare(town.cast, ORDERS, seed=2)

        async with serving(town.hub, listener):
            audit = await play(town.cast, connection, ORDERS, seed=2)

        assert audit.differences == ()
        assert audit.agrees
        kept, _ = await _deliveries(town)
        assert kept == 0


async def test_each_webhook_three_times_and_out_of_order_changes_nothing(database_url: str, tmp_path: Path) -> None:
    listener = listen("127.0.0.1", 0)
    async with a_town(database_url, tmp_path, address_of(listener)) as town:
        # Each delivery draws its own wait, so that they overtake each other.
        town.standin.faults(seed=3, webhooks=[{"topic": "*", "repeat": 2, "delay": 1.5}])
        connection = await prepare(town.cast, ORDERS, seed=3)

        async with serving(town.hub, listener):
            audit = await play(town.cast, connection, ORDERS, seed=3)

        assert audit.differences == ()
        assert audit.agrees
        kept, sent = await _deliveries(town)
        assert sent >= 2 * kept > ORDERS  # the inbox knew most of them again
