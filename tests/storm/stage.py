"""
Whose turn it is. Everything that a storm runs is an actor, and exactly one of them moves at a time.

An actor goes on until its next point: just before and just after each call to the outside and each transaction. There
it stands still, holding no lock and no connection, until it is given the next turn. So any order of events between the
points of different actors can be played, and played again.
"""

import asyncio
from asyncio import Future, Task
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from tests.storm.clock import StormClock
from tests.storm.script import What

LONGEST_TURN = 30.0
"""Real seconds after which an actor that came to no point is a mistake of the harness."""

MOST_CALM_POINTS = 2_000
CALM_POINT = timedelta(milliseconds=10)
"""Where nobody stops any more, time passes at each point all the same."""

LAST_WORDS = 4
"""Rounds of the event loop in which a task that came to a point may still be cancelled by one that failed."""


class Died(BaseException):
    """The process is no more; nothing of it may catch this."""


class TookTooLong(BaseException):
    """The time for a look is over."""


class Restless(BaseException):
    """An actor goes round and round, though nothing goes wrong any more."""


class Point(StrEnum):
    """Where an actor stands."""

    ASK = "ask"
    ANSWER = "answer"
    BEGIN = "begin"
    COMMITTED = "committed"
    ASLEEP = "asleep"


@dataclass(eq=False)
class Process:
    """One process of the hub. Dead, it does nothing; asleep, nothing until that step."""

    name: str
    alive: bool = True
    asleep_until: int = 0
    actors: list["Actor"] = field(default_factory=list)


@dataclass(eq=False)
class Actor:
    """One thing that a process does from beginning to end. `lane` is what no process does twice at once."""

    name: str
    process: Process
    lane: tuple[str, str]
    task: Task[None] | None = None
    parked: Future[What | None] | None = None
    at: str = ""
    wakes_at: datetime | None = None
    look_ends_at: datetime | None = None
    look_began: int = 0
    calm_points: int = 0

    @property
    def done(self) -> bool:
        """Whether it came to its end."""
        return self.task is not None and self.task.done()


_acting: ContextVar[Actor] = ContextVar("acting")


class Stage:
    """Gives turns. `calm` lets everybody go through without a stop: the storm is over."""

    def __init__(self, clock: StormClock) -> None:
        self.clock = clock
        self.step = 0
        self.calm = False
        self.trace: list[str] = []
        self.actors: list[Actor] = []
        self._arrived = asyncio.Event()

    def tell(self, who: str, what: str) -> None:
        """Add a line to the trace."""
        self.trace.append(f"{self.step:4} {self.clock.at:%H:%M:%S.%f}"[:17] + f" {who}: {what}")

    def acting(self) -> Actor | None:
        """Return whose turn it is; None for the world."""
        return _acting.get(None)

    # --- for whoever has the turn ---------------------------------------------------------------------------------

    async def point(self, kind: Point, what: str) -> What | None:
        """Stand still until the next turn; return what goes wrong here, if anything. Raises Died, TookTooLong."""
        actor = _acting.get(None)
        if actor is None:
            return None
        if not actor.process.alive:
            raise Died
        if self.calm:
            actor.calm_points += 1
            if actor.calm_points > MOST_CALM_POINTS:
                raise Restless(f"{actor.name} goes round and round at {kind} {what}")
            self.clock.move(CALM_POINT)
            return None
        fault = await self._park(actor, f"{kind} {what}")
        if actor.look_ends_at is not None and self.clock.at >= actor.look_ends_at:
            self.tell(actor.name, "the look takes too long")
            raise TookTooLong
        return fault

    async def sleep(self, seconds: float) -> None:
        """Wait so long by the storm's clock."""
        actor = _acting.get(None)
        if actor is None or self.calm:
            self.clock.move(timedelta(seconds=seconds))
            return
        actor.wakes_at = self.clock.at + timedelta(seconds=seconds)
        await self.point(Point.ASLEEP, f"{seconds:.1f} s")

    @asynccontextmanager
    async def timeout(self, seconds: float) -> AsyncIterator[None]:
        """Raise TimeoutError at the first point that is reached too late by the storm's clock."""
        actor = _acting.get()
        before, actor.look_ends_at = actor.look_ends_at, self.clock.at + timedelta(seconds=seconds)
        actor.look_began = self.step
        try:
            yield
        except TookTooLong:
            raise TimeoutError from None
        except BaseExceptionGroup as group:
            if group.subgroup(TookTooLong) is not None and group.subgroup(Died) is None:
                raise TimeoutError from None
            raise
        finally:
            actor.look_ends_at = before

    # --- for whoever gives turns ----------------------------------------------------------------------------------

    async def start(self, actor: Actor, job: Callable[[], Awaitable[None]]) -> None:
        """Let an actor begin and come to its first point."""

        async def play() -> None:
            _acting.set(actor)
            await job()

        self.actors.append(actor)
        actor.process.actors.append(actor)
        self._arrived.clear()
        actor.task = asyncio.create_task(play())
        actor.task.add_done_callback(self._end)
        await self._until_it_stands(actor)

    async def resume(self, actor: Actor, fault: What | None = None) -> None:
        """Give an actor the turn, and with it what goes wrong."""
        assert actor.parked is not None, f"{actor.name} stands nowhere"
        parked, actor.parked, actor.wakes_at = actor.parked, None, None
        self._arrived.clear()
        parked.set_result(fault)
        await self._until_it_stands(actor)

    async def kill(self, process: Process) -> None:
        """Let a process die at once: whatever its actors had not committed never was."""
        process.alive = False
        for actor in process.actors:
            if actor.parked is not None:
                parked, actor.parked = actor.parked, None
                self._arrived.clear()
                parked.set_exception(Died())
                await self._until_it_stands(actor)

    async def clear(self) -> None:
        """Send everybody home, however it ended."""
        left = [actor.task for actor in self.actors if actor.task is not None]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def runnable(self) -> list[Actor]:
        """Return who could have the turn."""
        return [
            actor
            for actor in self.actors
            if actor.parked is not None
            and (self.calm or actor.process.asleep_until <= self.step)
            and (self.calm or actor.wakes_at is None or actor.wakes_at <= self.clock.at)
        ]

    def next_wake(self) -> datetime | None:
        """Return when the first of those who only wait for the clock goes on."""
        return min((one.wakes_at for one in self.actors if one.parked is not None and one.wakes_at), default=None)

    async def _park(self, actor: Actor, where: str) -> What | None:
        assert actor.parked is None, f"{actor.name} is at {actor.at} and at {where} at once"
        actor.at = where
        actor.parked = parked = asyncio.get_running_loop().create_future()
        self._arrived.set()
        try:
            fault: What | None = await parked
        except asyncio.CancelledError:
            # A task beside it failed, and took it along; the actor itself goes on elsewhere.
            if actor.parked is parked:
                actor.parked = None
            raise
        return fault

    def _end(self, _task: Task[None]) -> None:
        self._arrived.set()

    async def _until_it_stands(self, actor: Actor) -> None:
        try:
            async with asyncio.timeout(LONGEST_TURN):
                while True:
                    await self._arrived.wait()
                    for _ in range(LAST_WORDS):
                        await asyncio.sleep(0)
                    if actor.done or actor.parked is not None:
                        break
                    self._arrived.clear()
        except TimeoutError:
            raise AssertionError(f"{actor.name}, last at “{actor.at}”, came to no point.") from None
        if actor.done:
            self.actors.remove(actor)
            actor.process.actors.remove(actor)
            self._look_at_the_end_of(actor)

    def _look_at_the_end_of(self, actor: Actor) -> None:
        assert actor.task is not None
        error = actor.task.exception()
        if error is None or _is_death(error):
            return
        raise error


def _is_death(error: BaseException) -> bool:
    if isinstance(error, BaseExceptionGroup):
        return error.subgroup(Died) is not None
    return isinstance(error, Died)
