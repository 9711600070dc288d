"""How long to wait after a failed look: exponential, capped, with full jitter."""

from datetime import timedelta
from typing import Final

FIRST: Final = timedelta(seconds=2)
LONGEST: Final = timedelta(minutes=15)

_DOUBLINGS_TO_LONGEST: Final = 9  # 2 s * 2**9 is past 15 min; counting on would only make huge numbers


def backoff(attempts: int, chance: float) -> timedelta:
    """
    Return how long to wait after the `attempts`-th failed look in a row (1 or more).

    `chance` in [0, 1) is drawn by the caller: anything from no wait to the whole one, so that objects which failed
    together (a backend was down) do not come back together.
    """
    doublings = min(attempts - 1, _DOUBLINGS_TO_LONGEST)
    return min(FIRST * (1 << doublings), LONGEST) * chance
