"""One storm, from the first happening of its script to the verdict over what it left behind."""

import hashlib
import itertools
import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import psycopg
from sqlalchemy import text
from tests.storm.accounts import Accounts
from tests.storm.build import OURS, Build
from tests.storm.changes import IN_THE_SHOP
from tests.storm.clock import StormClock
from tests.storm.cluster import wiped
from tests.storm.diary import Diary
from tests.storm.hub import HubProcess, in_storm_time
from tests.storm.promises import PENDING, Broken, Judge
from tests.storm.script import FAULTS, STEPS, Happening, Script, What
from tests.storm.stage import Actor, Restless, Stage
from tests.storm.world import Setting, a_world

from crossdock.model.flow import Flow
from crossdock.store import links
from crossdock.store.database import Database

PROCESSES = 2
ACTORS = 7
STEPS_A_SECOND = 20
RACED = (Flow.FULFILLMENTS, Flow.INVENTORY)
"""The flows that hear of the warehouse by a sweep."""

SETTLING_ROUNDS = 2
SETTLING_TIME = timedelta(seconds=40)
"""Longer than what is in flight is waited for."""

CALM_ROUNDS = 20
DAY = timedelta(days=1)
ROUND = timedelta(minutes=16)
"""Longer than the longest back-off, so that in each round all is due that failed in the one before."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a storm."""

    seed: int
    setting: Setting
    broken: Sequence[Broken]
    trace_hash: str
    trace: Sequence[str]
    steps: int
    happened: Counter[str]
    checked: Counter[str]
    """How often each promise was looked at."""
    writes: int
    oversold: Sequence[int]
    """By how many units each write of the hub offered too many, of those that did."""


@dataclass
class Storm:
    """Plays one script in one database."""

    database: Database
    own: psycopg.Connection
    script: Script
    build: Build = OURS
    steps: int = STEPS
    happened: Counter[str] = field(default_factory=Counter)

    async def blow(self) -> Outcome:
        """Empty the database, play the script, let calm return, and judge."""
        wiped(self.own)
        clock = StormClock(self.own)
        clock.tell()
        self._stage = Stage(clock)
        self._world = await a_world(self.script.seed, clock, self.database)
        self._accounts = Accounts(self._stage)
        self._diary = Diary(self.own)
        self._numbers = itertools.count(1)
        self._hubs = [self._new_process() for _ in range(PROCESSES)]
        self._current: Actor | None = None
        await self._register()
        with self.build.planted(), in_storm_time(self._stage), _mistakes() as mistakes:
            try:
                await self._rage()
                judge = Judge(self.database, self._world, self._accounts, self._diary, clock.at, mistakes)
                broken = list(await self._calm(judge))
            finally:
                await self._stage.clear()
        return Outcome(
            seed=self.script.seed,
            setting=self._world.setting,
            broken=broken,
            trace_hash=hashlib.sha256("\n".join(self._stage.trace).encode()).hexdigest()[:16],
            trace=tuple(self._stage.trace),
            steps=self._stage.step,
            happened=self.happened,
            checked=judge.checked,
            writes=self._accounts.writes,
            oversold=[one.units for one in self._accounts.oversold],
        )

    # --- the storm ------------------------------------------------------------------------------------------------

    async def _rage(self) -> None:
        by_step = self.script.by_step()
        last = max((one.step for one in self.script.happenings), default=0)
        for step in range(last + 1):
            self._stage.step = step
            if step % STEPS_A_SECOND == 0:
                self._stage.clock.move(timedelta(seconds=1))
            fault: Happening | None = None
            for one in by_step.get(step, ()):
                if one.what in FAULTS and one.what not in {What.LOSE, What.REPEAT}:
                    fault = one
                else:
                    await self._happen(one)
            await self._turn(fault)

    async def _happen(self, one: Happening) -> None:
        stage = self._stage
        match one.what:
            case What.START:
                if len(stage.actors) < ACTORS:
                    await self._hubs[one.among(len(self._hubs), of=8)].begin(one)
            case What.SWITCH:
                able = stage.runnable()
                self._current = able[one.among(len(able))] if able else None
            case What.CLOCK:
                seconds = (0.5, 3, 12, 25, 70, 400)[one.among(6)]
                stage.tell("time", f"{seconds} s pass")
                stage.clock.move(timedelta(seconds=seconds))
            case What.RACE:
                await self._race(one)
            case What.SETTLE:
                await self._settle()
            case _:
                await self._life(one)
        for store in self._world.stores:
            store.shop.catch_up()

    async def _race(self, one: Happening) -> None:
        leases = [lease for lease in self._stage.clock.leases if lease.flow in RACED]
        if not leases:
            return
        lease = leases[one.among(len(leases))]
        key = sorted(lease.tokens)[one.among(len(lease.tokens), of=1)]
        store = next(store for store in self._world.stores if store.connection.id == lease.connection)
        did = await self._world.move(store, lease.flow, key)
        if did is None:
            return
        self.happened[f"life: {one.what}"] += 1
        self._stage.tell("RACE", f"{store.name}: {did}, while {lease.worker} looks at it")
        for hub in self._hubs:
            if hub.name != lease.worker and hub.beats():
                await self._to_its_end(await hub.sweep(store.name, "backend"))
                await self._to_its_end(await hub.drain(store.name, lease.flow))

    async def _settle(self) -> None:
        stage = self._stage
        stage.calm = True
        for _ in range(SETTLING_ROUNDS):
            stage.clock.move(SETTLING_TIME)
            await self._round(self._hubs[0])
        stage.calm = False

    async def _to_its_end(self, actor: Actor | None) -> None:
        while actor is not None and not actor.done and actor in self._stage.runnable():
            await self._stage.resume(actor)

    async def _life(self, one: Happening) -> None:
        if one.what in {What.CANCEL, What.HAND_FULFILL, What.HAND_EDIT, What.COUNT, *IN_THE_SHOP}:
            store = self._world.stores[one.among(len(self._world.stores), of=9)]
            async with self._accounts.people(store, meddle=one.what is not What.COUNT):
                did = await self._world.act(one)
        else:
            did = await self._world.act(one)
        if did is not None:
            self.happened[f"{'fault' if one.what in FAULTS else 'life'}: {one.what}"] += 1
            self._stage.tell(one.what.upper(), did)

    async def _turn(self, fault: Happening | None) -> None:
        stage = self._stage
        able = stage.runnable()
        if not able:
            wakes_at = stage.next_wake()
            if wakes_at is not None:
                stage.clock.move(max(wakes_at - stage.clock.at, timedelta()))
                able = stage.runnable()
        if not able:
            return
        actor = self._current if self._current in able else able[0]
        if actor is not self._current:
            stage.tell("turn", f"{actor.name}, at {actor.at}")
            self._current = actor
        hits = None if fault is None else await self._go_wrong(actor, fault)
        if actor.parked is not None and actor.process.asleep_until <= stage.step:
            await stage.resume(actor, hits)
        for store in self._world.stores:
            store.shop.catch_up()

    async def _go_wrong(self, actor: Actor, fault: Happening) -> What | None:
        """Let a fault happen to whoever has the turn; return what the actor itself is to meet."""
        stage = self._stage
        at = f" at {actor.at.split()[0]}" if fault.what is What.FAIL else ""
        self.happened[f"fault: {fault.what}{at}"] += 1
        stage.tell(fault.what.upper(), f"{actor.name}, at {actor.at}")
        match fault.what:
            case What.SLOW:
                stage.clock.move(timedelta(seconds=(4, 12, 30, 50)[fault.among(4)]))
            case What.SLEEP:
                actor.process.asleep_until = stage.step + 20 + fault.among(60)
                stage.clock.move(timedelta(seconds=65 + fault.among(60, of=1)))
            case What.DEATH:
                await stage.kill(actor.process)
                self._hubs = [self._new_process() if hub is actor.process else hub for hub in self._hubs]
            case What.STORE_DOWN | What.BACKEND_DOWN:
                store = self._world.stores[fault.among(len(self._world.stores), of=9)]
                until = stage.clock.at + timedelta(seconds=(3, 15, 60, 200)[fault.among(4)])
                if fault.what is What.STORE_DOWN:
                    store.shop.down_until = until
                else:
                    store.down_until = until
            case _:
                return fault.what
        return None

    # --- the calm -------------------------------------------------------------------------------------------------

    async def _calm(self, judge: Judge) -> Sequence[Broken]:
        """Let everything come to rest without faults; return what was promised and not kept."""
        stage = self._stage
        stage.tell("CALM", "from here on nothing goes wrong")
        stage.calm = True
        for store in self._world.stores:
            store.shop.down_until = store.down_until = None
            store.shop.standin.faults.clear()
        hub = self._new_process()
        restless: list[Broken] = []
        early: list[Broken] = []
        try:
            while able := stage.runnable():
                await stage.resume(able[0])
            if not await self._rest(hub):
                restless.append(Broken(PENDING, f"not at rest after {CALM_ROUNDS} calm rounds"))
            early += await judge.judge_before_both_sides_are_compared()
            stage.tell("CALM", "a day goes by, and both sides are compared")
            stage.clock.move(DAY)
            for store in self._world.stores:
                await hub.reconcile(store.name)
            if not await self._rest(hub):
                restless.append(Broken(PENDING, f"not at rest {CALM_ROUNDS} rounds after both sides were compared"))
        except Restless as error:
            restless.append(Broken(PENDING, str(error)))
        return [*restless, *early, *await judge.judge()]

    async def _rest(self, hub: HubProcess) -> bool:
        for _ in range(CALM_ROUNDS):
            self._stage.step += 1
            self._stage.clock.move(ROUND)
            await self._round(hub)
            if await self._at_rest():
                return True
        return False

    async def _round(self, hub: HubProcess) -> None:
        for store in self._world.stores:
            store.shop.catch_up()
            while store.shop.news:
                await hub.deliver(store.name, Happening(0, What.START, 0.0))
            for kind in ("variants sweep", "orders sweep", "backend"):
                await hub.sweep(store.name, kind)
            for flow in hub.lanes:
                await hub.drain(store.name, flow)
            store.shop.catch_up()

    async def _at_rest(self) -> bool:
        if any(store.shop.news for store in self._world.stores):
            return False
        async with self.database.begin() as tx:
            left: int = await tx.scalar(text("SELECT (SELECT count(*) FROM pending) + (SELECT count(*) FROM news)"))
        return left == 0

    # --- who is there ---------------------------------------------------------------------------------------------

    def _new_process(self) -> HubProcess:
        return HubProcess(
            next(self._numbers), self._stage, self.database, self._world, self._accounts, self._diary, self.build
        )

    async def _register(self) -> None:
        """Write down the stores, their connections and what their variants are linked to."""
        async with self.database.begin() as tx:
            for store in self._world.stores:
                of = store.connection
                await tx.execute(
                    text(
                        "INSERT INTO stores (domain, api_version, token, secrets) VALUES (:store, '2026-07', '', '{}')"
                    ),
                    {"store": of.store},
                )
                await tx.execute(
                    text(
                        "INSERT INTO connections (id, store, backend, settings, flows, rules) "
                        "VALUES (:id, :store, :backend, '', :flows, '{}')"
                    ),
                    {"id": of.id, "store": of.store, "backend": of.backend, "flows": sorted(of.flows)},
                )
                for link in store.links:
                    await links.link(tx, of.id, link)


class _Kept(logging.Handler):
    """Keeps what is logged as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        said = record.getMessage()
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            if isinstance(error, TimeoutError):
                return  # the storm was slow; that is nobody's mistake
            said += f": {type(error).__name__}: {error}"
        self.said.append(said)


@contextmanager
def _mistakes() -> Iterator[list[str]]:
    kept = _Kept()
    logger = logging.getLogger("crossdock")
    logger.addHandler(kept)
    try:
        yield kept.said
    finally:
        logger.removeHandler(kept)
