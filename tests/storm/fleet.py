"""Many storms on all cores: one process and one database per core, any number of storms in each."""

import asyncio
import logging
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Final

import psycopg
import structlog
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from tests.storm.bugs import BUGS
from tests.storm.build import OURS, Build
from tests.storm.cluster import cluster, name_of, storm_database
from tests.storm.designs import DESIGNS
from tests.storm.script import STEPS, Script, script_for
from tests.storm.storm import Outcome, Storm

from crossdock.store.database import Database

BUILDS: Final = {"ours": OURS, **DESIGNS, **BUGS}


@dataclass(frozen=True, slots=True)
class Case:
    """One storm to be played. `kept` are the places in the seed's script that are played; None: all of it."""

    seed: int
    build: str = "ours"
    steps: int = STEPS
    kept: tuple[int, ...] | None = None

    @property
    def script(self) -> Script:
        """What happens in it."""
        whole = script_for(self.seed, self.steps)
        return whole if self.kept is None else whole.only(whole.happenings[place] for place in self.kept)


@dataclass
class Ground:
    """Where a process lets its storms blow: a database of its own, and one event loop."""

    runner: asyncio.Runner
    database: Database
    own: psycopg.Connection

    def blow(self, case: Case) -> Outcome:
        """Let one storm blow from beginning to end."""
        return self.play(case.script, BUILDS[case.build], case.steps)

    def play(self, script: Script, build: Build = OURS, steps: int = STEPS) -> Outcome:
        """Let the storm of a script blow from beginning to end."""
        return self.runner.run(Storm(self.database, self.own, script, build, steps).blow())


@contextmanager
def ground(server: str, template: str) -> Iterator[Ground]:
    """Make the ground of one process."""
    # The storm tells itself what is to be told.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.getLogger("crossdock").propagate = False
    with ExitStack() as stack:
        url = stack.enter_context(storm_database(server, template))
        # Prepared statements get other plans after some calls, and other plans may give rows in another order.
        engine = create_async_engine(
            make_url(url).set(drivername="postgresql+psycopg"), pool_size=12, connect_args={"prepare_threshold": None}
        )
        database = Database(engine, url)
        own = stack.enter_context(psycopg.connect(url, autocommit=True))
        runner = stack.enter_context(asyncio.Runner())
        stack.callback(lambda: runner.run(database.close()))
        yield Ground(runner, database, own)


class Fleet:
    """Processes that play storms, as many as there are cores unless told otherwise. Made by `fleet`."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool

    def play(self, case: Case) -> Outcome:
        """Play one storm; return all of its trace."""
        return self._pool.submit(_play, case).result()

    def play_all(self, cases: Sequence[Case], heard: Callable[[Outcome], None] | None = None) -> Sequence[Outcome]:
        """
        Play many storms; return what came of them, by seed, with the traces of those only that broke a promise.

        `heard` is told of each as it ends.
        """
        found: list[Outcome] = []
        for one in as_completed([self._pool.submit(_play_briefly, case) for case in cases]):
            found.append(one.result())
            if heard is not None:
                heard(found[-1])
        return sorted(found, key=lambda outcome: outcome.seed)

    def first(self, cases: Sequence[Case], wanted: Callable[[Outcome], bool]) -> int | None:
        """Return the place of the first of these storms that is wanted; those after it are played no more."""
        played = [self._pool.submit(_play_briefly, case) for case in cases]
        for place, one in enumerate(played):
            if wanted(one.result()):
                for other in played:
                    other.cancel()
                return place
        return None


@contextmanager
def fleet(processes: int | None = None) -> Iterator[Fleet]:
    """Start the processes and a PostgreSQL for them; stop both at the end."""
    # The order of sets of strings differs from process to process otherwise, and with it what a seed does.
    os.environ["PYTHONHASHSEED"] = "0"
    with cluster() as server, storm_database(server) as template:
        pool = ProcessPoolExecutor(
            processes or os.cpu_count() or 1,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(server, name_of(template)),
        )
        try:
            yield Fleet(pool)
        finally:
            pool.shutdown(cancel_futures=True)


_grounds: list[Ground] = []
_open_grounds = ExitStack()


def _begin(server: str, template: str) -> None:
    _grounds.append(_open_grounds.enter_context(ground(server, template)))


def _play(case: Case) -> Outcome:
    return _grounds[0].blow(case)


def _play_briefly(case: Case) -> Outcome:
    outcome = _play(case)
    return outcome if outcome.broken else replace(outcome, trace=())
