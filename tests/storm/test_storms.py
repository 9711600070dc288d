"""
A few storms of the many: `make storm SEEDS=1000` plays the rest.

A seed that breaks a promise is named by the command that replays it; `--shrink` makes it short enough to read.
"""

from collections.abc import Iterator

import pytest
from tests.storm.designs import DESIGNS
from tests.storm.fleet import Case, Fleet, fleet

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def ships() -> Iterator[Fleet]:
    with fleet(2) as made:
        yield made


def test_a_seed_replays_exactly_whoever_plays_it_and_whatever_was_played_before(ships: Fleet) -> None:
    outcomes = ships.play_all([Case(3), Case(5), Case(3), Case(8), Case(3), Case(3)])

    hashes = [outcome.trace_hash for outcome in outcomes if outcome.seed == 3]
    assert len(hashes) == 4
    assert len(set(hashes)) == 1


@pytest.mark.parametrize("design", DESIGNS)
def test_a_design_without_the_unseen_oversells(ships: Fleet, design: str) -> None:
    outcomes = ships.play_all([Case(seed, design) for seed in range(4)])

    assert any(outcome.oversold for outcome in outcomes)
