"""
A few storms of the many: `make storm SEEDS=1000` plays the rest.

A seed that breaks a promise is named by the command that replays it; `--shrink` makes it short enough to read.
"""

from collections.abc import Iterator, Sequence

import pytest
from tests.storm.bugs import BUGS
from tests.storm.designs import DESIGNS
from tests.storm.fleet import Case, Fleet, fleet
from tests.storm.script import WIDE_FROM
from tests.storm.storm import Outcome

SEEDS = 16
WIDE = 4
"""So many of those in which people change what they ordered."""
ENOUGH = 100
"""Within so many seeds a planted bug has to be noticed."""

AT_ONCE = 4

NOTICED_FROM = {"no-fence": 4, "raise-unsure": 20}
"""The seed to begin with; where none is said, the first few show it. Few storms let a raised level hide a sale."""

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def ships() -> Iterator[Fleet]:
    with fleet(2) as made:
        yield made


@pytest.fixture(scope="module")
def ours(ships: Fleet) -> Sequence[Outcome]:
    """What comes of the first storms over the hub as it is."""
    return ships.play_all([Case(seed) for seed in range(SEEDS)])


def broken(outcomes: Sequence[Outcome]) -> list[str]:
    return [f"python -m tests.storm --seed {one.seed} --shrink  # {one.broken[0]}" for one in outcomes if one.broken]


def test_no_storm_breaks_a_promise(ours: Sequence[Outcome]) -> None:
    assert broken(ours) == []


def test_no_storm_breaks_a_promise_in_which_people_change_what_they_ordered(ships: Fleet) -> None:
    outcomes = ships.play_all([Case(seed) for seed in range(WIDE_FROM, WIDE_FROM + WIDE)])

    assert broken(outcomes) == []
    assert {"life: edit", "life: move", "life: hold", "life: hold there"} <= {
        name for one in outcomes for name in one.happened
    }


def test_storms_are_full_of_life_and_of_faults(ours: Sequence[Outcome]) -> None:
    happened = {name for outcome in ours for name in outcome.happened}

    assert sum(outcome.writes for outcome in ours) > SEEDS  # the hub did write stock
    assert happened >= {"fault: death", "fault: sleep", "fault: fail at answer", "fault: fail at committed"}
    assert happened >= {"life: buy", "life: cancel", "life: hand edit", "life: count", "life: ship"}


def test_a_seed_replays_exactly_whoever_plays_it_and_whatever_was_played_before(ships: Fleet) -> None:
    outcomes = ships.play_all([Case(3), Case(5), Case(3), Case(8), Case(3)])

    hashes = [outcome.trace_hash for outcome in outcomes if outcome.seed == 3]
    assert len(hashes) == 3
    assert len(set(hashes)) == 1


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_noticed(ships: Fleet, ours: Sequence[Outcome], bug: str) -> None:
    """By a seed that breaks nothing without the bug."""
    already = {outcome.seed for outcome in ours if outcome.broken}
    for first in range(NOTICED_FROM.get(bug, 0), ENOUGH, AT_ONCE):
        outcomes = ships.play_all([Case(seed, bug) for seed in range(first, first + AT_ONCE)])
        suspects = [one.seed for one in outcomes if one.broken and one.seed not in already]
        if any(seed < SEEDS or not ships.play(Case(seed)).broken for seed in suspects):
            return
    pytest.fail(f"{ENOUGH} storms did not notice: {BUGS[bug].sentence}")


@pytest.mark.parametrize("design", DESIGNS)
def test_a_design_without_the_unseen_oversells(ships: Fleet, design: str) -> None:
    outcomes = ships.play_all([Case(seed, design) for seed in range(AT_ONCE)])

    assert any(outcome.oversold for outcome in outcomes)
