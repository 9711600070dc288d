"""kill -9 of the web process and of the worker, again and again while orders flow: same end state."""

import asyncio
import random
from pathlib import Path

import pytest
from tests.spine.town import HubProcess, a_town, free_port, until_it_answers

from crossdock.app.demo.shop import DOMAIN
from crossdock.app.demo.story import prepare, ship, until_agreed, until_for_sale

ORDERS = 30
KILLS = 8


@pytest.mark.processes
@pytest.mark.timeout(400)
async def test_killed_between_any_two_instructions_the_hub_ends_in_the_same_state(
    database_url: str, tmp_path: Path
) -> None:
    port = free_port()
    chance = random.Random(9)
    async with a_town(database_url, tmp_path, f"http://127.0.0.1:{port}") as town:
        connection = await prepare(town.cast, ORDERS, seed=4)
        await town.hub.watch_subscriptions(DOMAIN)
        web = HubProcess(("web", "--port", str(port)), town.settings, tmp_path / "web.log")
        worker = HubProcess(("worker",), town.settings, tmp_path / "worker.log")
        web.start()
        worker.start()
        until_it_answers(f"http://127.0.0.1:{port}")
        await until_for_sale(town.cast)

        placed = 0
        for turn in range(KILLS):
            placed += await town.cast.shop.buy(ORDERS // KILLS, seed=100 + turn)
            await ship(town.cast, seed=4)
            await asyncio.sleep(chance.uniform(0.2, 2.5))
            victim = (worker, web)[turn % 2]
            victim.kill()
            victim.start()

        last = await until_agreed(town.cast, connection, placed, seed=4)
        assert last.differences == ()
        assert last.orders == placed > ORDERS // 2
        assert web.stop() == 0
        assert worker.stop() == 0
