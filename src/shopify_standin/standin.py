"""One running stand-in: a shop, who may call it, what goes wrong today, and its background work."""

import asyncio
import pickle
from dataclasses import dataclass, field

from shopify_standin.auth.apps import App, Registrar
from shopify_standin.auth.leaving import uninstall
from shopify_standin.faults import Faults
from shopify_standin.founding import found_shop
from shopify_standin.webhooks.sending import Sender
from shopify_standin.world import World

CLIENT_ID = "standin-client-id"


@dataclass
class Standin:
    """Everything that a server of one shop holds; `reset` starts the shop anew and keeps the rest."""

    name: str
    token: str
    secret: str
    plan: str = "standard"
    client_id: str = CLIENT_ID
    scopes: frozenset[str] | None = None
    """What the first app's token may do; None: everything."""
    currency: str = "CAD"
    faults: Faults = field(default_factory=Faults)
    registrar: Registrar = field(default_factory=Registrar)
    snapshots: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.world: World = found_shop(self.name, self.plan, self.currency)
        self.sender = Sender(self.registrar, self.faults)
        self._news = asyncio.Event()
        self._install_first_app()

    def _install_first_app(self) -> None:
        """Let the app that this stand-in was started for in, with its lasting token."""
        app = self.registrar.apps.get(self.client_id)
        if app is None:
            app = self.registrar.add_app(self.client_id, self.secret, f"{self.name}-app", self.scopes)
        app.is_installed, app.secrets = True, [self.secret]
        self.registrar.grant(self.token, app, self.scopes)

    def reset(self) -> None:
        """Empty the shop to one location, clear faults and deliveries under way; apps and their tokens stay."""
        self.sender.forget()
        self.faults.clear()
        self.world = found_shop(self.name, self.plan, self.currency)
        self._install_first_app()

    def uninstall(self, app: App) -> None:
        """Take an app out of the shop."""
        uninstall(self.world, self.registrar, app)

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
