"""A stand-in for tests: a real server on a free port, in a thread of this process."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import uvicorn

from shopify_standin.schema import VERSIONS
from shopify_standin.server import listen, make_app
from shopify_standin.standin import Standin
from shopify_standin.world import World

TOKEN, SECRET = "standin-token", "standin-secret"


@dataclass(frozen=True, slots=True)
class RunningStandin:
    """A handle on a served shop; commands go over HTTP, so they never race with the server's own work."""

    url: str
    standin: Standin
    client: httpx.Client
    """Kept for all calls: making one costs more than most of them."""

    @property
    def token(self) -> str:
        """What `X-Shopify-Access-Token` must say."""
        return self.standin.token

    @property
    def secret(self) -> str:
        """What signs the webhooks."""
        return self.standin.secret

    @property
    def shop_domain(self) -> str:
        """`<name>.myshopify.com`."""
        return self.standin.world.shop.domain

    @property
    def world(self) -> World:
        """The shop's objects, to look at; change them over HTTP."""
        return self.standin.world

    def control(self, command: str, **order: Any) -> dict[str, Any]:
        """POST one command of the control API; raises httpx.HTTPStatusError where it is refused."""
        answer = self.client.post(f"/_standin/{command}", json=order)
        answer.raise_for_status()
        result: dict[str, Any] = answer.json()
        return result

    def look(self, view: str) -> dict[str, Any]:
        """GET one view of the control API: `counters` or `webhooks`."""
        answer = self.client.get(f"/_standin/{view}")
        answer.raise_for_status()
        result: dict[str, Any] = answer.json()
        return result

    def reset(self) -> None:
        """Empty the shop to one location."""
        self.control("reset")

    def buy(self, orders: int, seed: int = 0, **order: Any) -> list[str]:
        """Let customers place orders; answers their global ids, fewer where the shop ran out."""
        bought: list[str] = self.control("buy", orders=orders, seed=seed, **order)["orders"]
        return bought

    def faults(self, **order: Any) -> None:
        """Let things go wrong; see `FaultsOrder`."""
        self.control("faults", **order)

    def advance(self, seconds: float) -> None:
        """Move the shop's clock on."""
        self.control("clock", advance_seconds=seconds)

    def webhooks(self) -> list[dict[str, Any]]:
        """Deliveries and their fate, oldest first."""
        found: list[dict[str, Any]] = self.look("webhooks")["webhooks"]
        return found

    def graphql(
        self, query: str, variables: dict[str, Any] | None = None, version: str = VERSIONS[1]
    ) -> dict[str, Any]:
        """Ask the Admin API; answers the whole JSON."""
        answer = self.client.post(
            f"/admin/api/{version}/graphql.json",
            json={"query": query, "variables": variables or {}},
            headers={"X-Shopify-Access-Token": self.token},
        )
        result: dict[str, Any] = answer.json()
        return result


@contextlib.contextmanager
def running_standin(
    shop: str = "standin", token: str = TOKEN, secret: str = SECRET, plan: str = "standard"
) -> Iterator[RunningStandin]:
    """Serve a shop on a free loopback port until the block ends."""
    standin = Standin(shop, token, secret, plan)
    listener = listen("127.0.0.1", 0)
    config = uvicorn.Config(make_app(standin), log_level="critical", access_log=False, lifespan="on")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="shopify-standin", daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    try:
        # The listener is open already, so this waits for the first answer instead of asking again and again.
        with httpx.Client(base_url=url, timeout=60, trust_env=False, verify=False) as client:  # noqa: S501 - loopback
            client.get("/_standin/counters").raise_for_status()
            yield RunningStandin(url, standin, client)
    finally:
        server.should_exit = True
        thread.join(timeout=15)
        listener.close()
