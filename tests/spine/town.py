"""A whole town for the tests of the spine: a served shop, a hub over a real PostgreSQL, and a staffed warehouse."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from io import StringIO
from pathlib import Path

import httpx
from rich.console import Console
from sqlalchemy import text

from crossdock.app.demo.screen import Screen
from crossdock.app.demo.shop import DOMAIN, SECRET, TOKEN, Shop
from crossdock.app.demo.story import Cast
from crossdock.app.hub import Hub, open_hub
from crossdock.app.settings import Settings, settings_from
from crossdock.backends.builtin.floor import open_floor
from shopify_standin.testing import RunningStandin, running_standin


@dataclass(frozen=True, slots=True)
class Town:
    """The shop with its faults, and everybody who plays."""

    standin: RunningStandin
    cast: Cast
    hub: Hub
    settings: Settings


@asynccontextmanager
async def a_town(database_url: str, data: Path, public_url: str) -> AsyncIterator[Town]:
    """Open shop, hub and warehouse; nothing runs yet. `public_url` is where the hub's web process will listen."""
    settings = settings_from(
        data=data, database_url=database_url, public_url=public_url, sweep_seconds=2, backend_seconds=1
    )
    with running_standin(DOMAIN.removesuffix(".myshopify.com"), TOKEN, SECRET) as standin:
        async with (
            httpx.AsyncClient(timeout=30, trust_env=False) as http,
            open_hub(settings, lambda _: None) as hub,
            open_floor(database_url) as floor,
        ):
            screen = Screen(Console(file=StringIO()))
            yield Town(standin, Cast(Shop(standin.url, http), hub, floor, screen), hub, settings)


async def pass_time(town: Town, time: timedelta) -> None:
    """Let the same time pass for the shop, for the hub's database, and for the ticks of the hub's jobs."""
    town.standin.advance(time.total_seconds())
    async with town.hub.database.begin() as tx:
        ahead: timedelta = await tx.scalar(text("SELECT hub_now() - statement_timestamp()")) or timedelta()
        seconds = (ahead + time).total_seconds()
        await tx.execute(
            text(
                "CREATE OR REPLACE FUNCTION hub_now() RETURNS timestamptz LANGUAGE sql STABLE AS "
                f"$$ SELECT statement_timestamp() + interval '{seconds} seconds' $$"
            )
        )
        if await tx.scalar(text("SELECT to_regclass('procrastinate.procrastinate_periodic_defers') IS NOT NULL")):
            await tx.execute(text("TRUNCATE procrastinate.procrastinate_periodic_defers"))


@dataclass(slots=True)
class HubProcess:
    """One `crossdock serve`, `web` or `worker`, real enough to be killed; what it logs is in `log`."""

    command: tuple[str, ...]
    settings: Settings
    log: Path
    _process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        """Start it; it is ready when it says so, and nobody waits for that."""
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {
            "CROSSDOCK_DATA": str(self.settings.data),
            "CROSSDOCK_PUBLIC_URL": str(self.settings.public_url),
            "CROSSDOCK_SWEEP_SECONDS": str(self.settings.sweep_seconds),
            "CROSSDOCK_BACKEND_SECONDS": str(self.settings.backend_seconds),
        }
        if self.settings.database_url is not None:
            environment["DATABASE_URL"] = self.settings.database_url
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", "from crossdock.app.main import main; main()", *self.command],
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )

    @property
    def runs(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """End it between any two instructions."""
        assert self._process is not None
        assert self._process.poll() is None, f"{self.command} had ended by itself with {self._process.returncode}"
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> int:
        """Ask it to end, and return its exit code."""
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(timeout=60)


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def until_it_answers(url: str) -> None:
    """Wait for a web process."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            httpx.get(f"{url}/healthz", timeout=5, trust_env=False).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"{url} did not answer within a minute.")
