"""How long one call may go on: a few retries with jitter, and a limit to all waiting."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from crossdock.kit.errors import NoAnswer, NotNow


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
        """Return `wait`; raise NotNow with `sentence` where that would be too long in all: others wait as well."""
        self._waited += wait
        if self._waited > self._patience.total:
            raise NotNow(sentence, self._patience.longest)
        return wait

    def after_failure(self, sentence: str, took: timedelta) -> timedelta:
        """Return how long to wait after a try that `took` so long; raise NoAnswer with `sentence` after the last."""
        if self._failures == self._patience.retries:
            raise NoAnswer(f"{sentence} Tried {self._failures + 1} times; the hub will come back to it.")
        # Full jitter: workers that failed together must not come back together.
        ceiling = min(self._patience.first * 2**self._failures, self._patience.longest)
        self._failures += 1
        delay: timedelta = ceiling * self._jitter()
        self._waited += took + delay
        if self._waited > self._patience.total:
            raise NoAnswer(sentence)
        return delay
