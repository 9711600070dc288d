"""
One reading for all who watch it: made anew every few seconds while anybody does, and honest when it cannot be made.

However many browsers show a page that renews itself, the database is asked once a tick.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from crossdock.kit.errors import HubError

_log = logging.getLogger(__name__)

T = TypeVar("T")

EVERY_SECONDS: Final = 3.0
PATIENCE_SECONDS: Final = 5.0
"""A database that takes longer is said to be away; the next reading may find it back."""


@dataclass(frozen=True, slots=True)
class Sight(Generic[T]):
    """The last reading that could be made, None where none ever was; `trouble` says why there is no newer one."""

    reading: T | None
    trouble: str | None = None


class Feed(Generic[T]):
    """Readings of one thing, made by `read`, for any number of watchers in this process."""

    def __init__(self, read: Callable[[], Awaitable[T]], every_seconds: float = EVERY_SECONDS) -> None:
        self._read = read
        self._every = every_seconds
        self._latest: Sight[T] = Sight(None)
        self._news = asyncio.Condition()
        self._watching = 0
        self._reader: asyncio.Task[None] | None = None
        self._closed = False

    async def watch(self) -> AsyncGenerator[Sight[T], None]:
        """Yield what is read from now on, a sight a tick, until the feed is closed."""
        # What was read while somebody watched an hour ago is no news.
        seen = self._latest if self._reader is None else None
        self._watching += 1
        if self._reader is None:
            self._reader = asyncio.create_task(self._go_on())
        try:
            while True:
                async with self._news:
                    while self._latest is seen and not self._closed:
                        await self._news.wait()
                if self._closed:
                    return
                seen = self._latest
                if seen.reading is not None or seen.trouble is not None:
                    yield seen
        finally:
            self._watching -= 1
            if not self._watching and self._reader is not None:
                self._reader.cancel()
                self._reader = None

    async def close(self) -> None:
        """Let all watchers go: the process is about to end, and waits for its answers to be complete."""
        self._closed = True
        async with self._news:
            self._news.notify_all()

    async def _go_on(self) -> None:
        while True:
            self._latest = await self._look()
            async with self._news:
                self._news.notify_all()
            await asyncio.sleep(self._every)

    async def _look(self) -> Sight[T]:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return Sight(await self._read())
        except TimeoutError:
            return Sight(self._latest.reading, "The database is slow to answer.")
        except HubError as error:
            return Sight(self._latest.reading, str(error))
        except Exception:  # noqa: BLE001 - any mistake of the reading; those who watch are told, and it goes on
            _log.exception("a page that renews itself could not be read")
            return Sight(self._latest.reading, "Something went wrong; the log tells more.")
