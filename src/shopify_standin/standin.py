"""One running stand-in: a shop, who may call it, what goes wrong today, and its background work."""

import asyncio
import pickle
from dataclasses import dataclass, field

from shopify_standin.faults import Faults
from shopify_standin.founding import found_shop
from shopify_standin.webhooks.sending import Sender
from shopify_standin.world import World


@dataclass
class Standin:
    """Everything that a server of one shop holds; `reset` starts the shop anew and keeps the rest."""

    name: str
    token: str
    secret: str
    plan: str = "standard"
    faults: Faults = field(default_factory=Faults)
    snapshots: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.world: World = found_shop(self.name, self.plan)
        self.sender = Sender(self.secret, self.faults)
        self._news = asyncio.Event()

    def reset(self) -> None:
        """Empty the shop to one location, and clear faults and deliveries under way."""
        self.sender.forget()
        self.faults.clear()
        self.world = found_shop(self.name, self.plan)

    def snapshot(self, name: str) -> None:
        """Keep the shop as it is under a name."""
        self.snapshots[name] = pickle.dumps(self.world, protocol=5)

    def restore(self, name: str) -> None:
        """Bring back a kept shop; raises KeyError for a name not kept."""
        data = self.snapshots[name]
        self.sender.forget()
        self.world = pickle.loads(data)  # noqa: S301 - made by `snapshot`, never left this process

    def catch_up(self) -> None:
        """Do what is due by the shop's clock, so that an answer never shows a shop behind its time."""
        self.world.agenda.run_due(self.world)

    def wake(self) -> None:
        """Tell the background that something may have changed."""
        self._news.set()

    async def run_background(self) -> None:
        """Run appointments and send webhooks until cancelled."""
        try:
            while True:
                self.catch_up()
                self.sender.take_up(self.world)
                self._news.clear()
                await self._wait_for_news()
        finally:
            await self.sender.close()

    async def _wait_for_news(self) -> None:
        due = self.world.agenda.next_due()
        seconds = None if due is None else max(0.0, (due - self.world.now()).total_seconds())
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return
