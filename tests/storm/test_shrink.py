"""Making a failing storm short, on lists of numbers."""

from collections.abc import Callable, Sequence

from tests.storm.shrink import shrunk


def first(fails: Callable[[Sequence[int]], bool]) -> Callable[[Sequence[Sequence[int]]], int | None]:
    """Look at candidates one by one."""
    return lambda candidates: next((place for place, one in enumerate(candidates) if fails(one)), None)


def test_only_what_it_takes_to_fail_is_left_in_its_order() -> None:
    found = shrunk(range(200), first(lambda left: {17, 120, 121} <= set(left)))

    assert found == [17, 120, 121]


def test_what_fails_by_itself_shrinks_to_nothing() -> None:
    assert shrunk(range(50), first(lambda _: True)) == []


def test_after_so_many_tries_what_is_left_still_fails() -> None:
    tried: list[Sequence[int]] = []

    def fails(left: Sequence[int]) -> bool:
        tried.append(left)
        return {3, 150} <= set(left)

    found = shrunk(range(200), first(fails), tries=10)

    assert {3, 150} <= set(found)
    assert 3 < len(found) < 200
    assert len(tried) <= 20
