"""Making a script that breaks a promise as short as it can be, so that a person can read what happened."""

from collections.abc import Callable, Sequence
from typing import TypeVar

ThingT = TypeVar("ThingT")


def shrunk(
    things: Sequence[ThingT], first_failing: Callable[[Sequence[Sequence[ThingT]]], int | None], tries: int = 400
) -> Sequence[ThingT]:
    """
    Return as few of `things` as still fail, in their order, after some `tries`.

    Leaves out ever smaller pieces, and begins again after each that was not needed (delta debugging).
    `first_failing` is shown several candidates at once, and returns which of them fails first; None where none does.
    """
    left, pieces = list(things), 2
    while left and tries > 0:
        size = -(-len(left) // pieces)
        without = [left[:start] + left[start + size :] for start in range(0, len(left), size)]
        tries -= len(without)
        failing = first_failing(without)
        if failing is not None:
            left, pieces = without[failing], max(pieces - 1, 2)
        elif size == 1:
            break
        else:
            pieces = min(pieces * 2, len(left))
    return left
