"""A connection in a shadow reads and decides and writes nothing; leaving it, everything is done from a fresh look."""

import asyncio
import re
from collections.abc import Mapping
from pathlib import Path

from tests.spine.town import Town, a_town

from crossdock.app.demo.crew import MAIN
from crossdock.app.demo.story import CONNECTION, LOOK_EVERY_SECONDS, play, prepare, until_agreed
from crossdock.app.serve import address_of, listen, serving
from crossdock.edge.shadow_changes import begin_shadow, end_shadow
from crossdock.model.names import Units
from crossdock.model.people import Actor, Face
from crossdock.store import shadow_writes
from crossdock.store.shadow_writes import Kept

BEFORE, MEANWHILE = 4, 5
OPERATIONS = Path(__file__).parents[2] / "src" / "crossdock" / "shopify" / "operations"
ADA = Actor("ada", Face.COMMAND_LINE)


def our_mutations() -> set[str]:
    """The names of all operations of the hub that change a store, but for its webhook subscriptions."""
    texts = [file.read_text() for file in OPERATIONS.glob("*.graphql")]
    found = {name for text in texts for name in re.findall(r"^mutation (\w+)", text, re.MULTILINE)}
    assert {"SetQuantities", "CreateFulfillment", "CancelOrder", "Subscribe"} <= found
    return found - {"Subscribe", "Unsubscribe"}


def mutations_called(town: Town) -> Mapping[str, int]:
    """How often the shop was asked to change something by the hub."""
    operations = town.standin.look("counters")["operations"]
    return {name: seen["calls"] for name, seen in operations.items() if name in our_mutations()}


async def noted(town: Town) -> list[Kept]:
    async with town.hub.database.begin() as tx:
        return list(await shadow_writes.listed(tx, CONNECTION))


async def until_noted(town: Town, sends: int) -> list[Kept]:
    """Wait until the shadow has noted so many orders, and a level."""
    async with asyncio.timeout(60):
        while True:
            acts = [one.write.act for one in await noted(town)]
            if acts.count("send") >= sends and "stock" in acts:
                return await noted(town)
            await asyncio.sleep(LOOK_EVERY_SECONDS)


async def test_a_shadow_writes_nothing_on_either_side_and_says_what_it_would_have_written(
    database_url: str, tmp_path: Path
) -> None:
    listener = listen("127.0.0.1", 0)
    async with a_town(database_url, tmp_path, address_of(listener)) as town:
        connection = await prepare(town.cast, BEFORE, seed=1)
        async with serving(town.hub, listener):
            first = await play(town.cast, connection, BEFORE, seed=1)
            assert first.agrees
            async with town.hub.database.begin() as tx:
                await begin_shadow(tx, ADA, CONNECTION)
            calls, work = mutations_called(town), await town.cast.floor.orders(limit=1000)

            placed = await town.cast.shop.buy(MEANWHILE, seed=2)
            item = (await town.cast.floor.items())[0].code
            await town.cast.floor.receive(item, MAIN.code, Units(50))
            kept = await until_noted(town, placed)

            assert mutations_called(town) == calls
            assert list(await town.cast.floor.orders(limit=1000)) == list(work)
            sends = [one.write for one in kept if one.write.act == "send"]
            assert len({one.order for one in sends}) == placed
            assert all("would be asked for #" in one.sentence for one in sends)
            assert any((one.write.would or 0) > (one.write.there or 0) for one in kept)

            async with town.hub.database.begin() as tx:
                await end_shadow(tx, ADA, CONNECTION)
            last = await until_agreed(town.cast, connection, BEFORE + placed, seed=2)

            assert last.differences == ()
            assert last.orders == BEFORE + placed
            assert len(await noted(town)) == len(kept)
