"""What a seed writes down before its storm begins."""

from tests.storm.script import script_for


def test_a_seed_always_writes_the_same_script() -> None:
    assert script_for(7) == script_for(7)
    assert script_for(7) != script_for(8)


def test_leaving_something_out_leaves_the_rest_at_its_step() -> None:
    whole = script_for(7)
    left_out = whole.happenings[10]

    shorter = whole.only(one for one in whole.happenings if one is not left_out)

    assert sorted([*shorter.happenings, left_out], key=whole.happenings.index) == list(whole.happenings)


def test_one_happening_makes_independent_choices() -> None:
    happening = script_for(7).happenings[0]

    choices = [happening.among(1000, of=which) for which in range(20)]

    assert choices == [happening.among(1000, of=which) for which in range(20)]
    assert len(set(choices)) > 10
