"""
Whatever happens to orders, one thing after the other and without any fault: both sides agree at the end, or a hold says
why not.

The storms do the same with faults, and all at once. Here few things happen, so a failure is short enough to read.
"""

from collections.abc import Iterator

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, note, settings
from tests.storm.cluster import cluster, name_of, storm_database
from tests.storm.fleet import Ground, ground
from tests.storm.script import AFTER_SALE, WIDE_FROM, Happening, Script, What

pytestmark = pytest.mark.timeout(600)

BOUGHT = (What.BUY, What.BUY, What.SETTLE)
EXAMPLES = 12


@pytest.fixture(scope="module")
def one_ground() -> Iterator[Ground]:
    with cluster() as server, storm_database(server) as template, ground(server, name_of(template)) as made:
        yield made


def happenings() -> st.SearchStrategy[list[tuple[What, int]]]:
    """Whatever people do after the first orders were placed; between two things everybody may have looked, or not."""
    return st.lists(
        st.tuples(st.sampled_from([*AFTER_SALE, What.SETTLE, What.SETTLE]), st.integers(0, 999)), max_size=14
    )


@settings(max_examples=EXAMPLES, derandomize=True, deadline=None, suppress_health_check=[*HealthCheck])
@given(seed=st.integers(WIDE_FROM, WIDE_FROM + 99), first=st.integers(0, 999), then=happenings())
def test_both_sides_agree_at_the_end_or_a_hold_says_why(
    one_ground: Ground, seed: int, first: int, then: list[tuple[What, int]]
) -> None:
    acts = [*((what, first + place) for place, what in enumerate(BOUGHT)), *then]
    script = Script(seed, tuple(Happening(step, what, chance / 1000) for step, (what, chance) in enumerate(acts)))

    outcome = one_ground.play(script)

    note("\n".join(outcome.trace))
    assert [str(one) for one in outcome.broken] == []
