"""
Whatever comes when: nothing stale, nothing twice at once, nothing left.

Real processes drain a toy flow over a real PostgreSQL, while signals come at random, looks fail, dawdle and raise,
and workers are killed with -9 or stopped for longer than their lease. STORM_SEED repeats a run's dice (not its
timing).
"""

import os
import random
from collections.abc import Callable

import pytest
from tests.pending.storm import Outcome, Storm

from crossdock.store.database import Database

pytestmark = pytest.mark.processes


@pytest.fixture
def seed() -> int:
    seed = int(os.environ.get("STORM_SEED", random.randrange(1 << 32)))
    print(f"STORM_SEED={seed}")  # noqa: T201 - pytest shows it where the test fails
    return seed


async def test_after_a_storm_every_object_was_seen_as_it_is_and_never_by_two_at_once(
    database: Database, seed: int
) -> None:
    outcome = await Storm(database, seed).rage(seconds=10)

    assert (outcome.stale, outcome.overlaps, outcome.left) == (0, 0, 0), outcome
    assert outcome.looks > 100, outcome
    assert outcome.kills > 0, outcome
    assert outcome.stalls > 0, outcome


async def test_without_the_generation_check_storms_would_leave_stale_objects(database: Database, seed: int) -> None:
    outcome = await _storms_until(lambda outcome: outcome.stale > 0, Storm(database, seed, leave_out="generation"))

    assert outcome.stale > 0, outcome


async def test_without_the_fence_storms_would_see_two_looks_at_once(database: Database, seed: int) -> None:
    outcome = await _storms_until(
        lambda outcome: outcome.overlaps > 0, Storm(database, seed, leave_out="fence", kills=0.0)
    )

    assert outcome.overlaps > 0, outcome


async def _storms_until(harm_is_done: Callable[[Outcome], bool], storm: Storm) -> Outcome:
    """Let short storms rage until one does the harm that is looked for; ten at most."""
    outcome = await storm.rage(seconds=2.5)
    for _ in range(9):
        if harm_is_done(outcome):
            break
        outcome = await storm.rage(seconds=2.5)
    return outcome
