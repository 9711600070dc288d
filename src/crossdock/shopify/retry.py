"""How long one call may go on: a few retries with jitter, and a limit to all waiting."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from crossdock.kit.errors import TryAgain


@dataclass(frozen=True, slots=True)
class Patience:
    """
    What a call is allowed before it is given back to the flow, which has its own, longer back-off.

    `total` bounds all waiting together: for points, for retries, and for answers that never came. It has to stay well
    under a lease, because other objects of the same batch wait too.
    """

    retries: int = 4
    first: timedelta = timedelta(milliseconds=500)
    longest: timedelta = timedelta(seconds=8)
    total: timedelta = timedelta(seconds=30)


class Waiting:
    """The waits of one call. `jitter` returns a number from 0 up to, not with, 1."""

    def __init__(self, patience: Patience, jitter: Callable[[], float]) -> None:
        self._patience = patience
        self._jitter = jitter
        self._waited = timedelta()
        self._failures = 0

    def for_points(self, wait: timedelta, sentence: str) -> timedelta:
        """Return `wait`; raise TryAgain with `sentence` where that would be too long in all."""
        self._spend(wait, sentence)
        return wait

    def after_failure(self, sentence: str, took: timedelta) -> timedelta:
        """Return how long to wait after a try that `took` so long; raise TryAgain with `sentence` after the last."""
        if self._failures == self._patience.retries:
            raise TryAgain(f"{sentence} Tried {self._failures + 1} times; the hub will come back to it.")
        # Full jitter: workers that failed together must not come back together.
        ceiling = min(self._patience.first * 2**self._failures, self._patience.longest)
        self._failures += 1
        delay: timedelta = ceiling * self._jitter()
        self._spend(took + delay, sentence)
        return delay

    def _spend(self, time: timedelta, sentence: str) -> None:
        self._waited += time
        if self._waited > self._patience.total:
            raise TryAgain(sentence)
