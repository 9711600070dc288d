"""What an adapter is given for its calls: a budget and a breaker that all workers share, and a journal of exchanges."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any, Protocol, TypeVar

from crossdock.model.names import ShopDomain

T = TypeVar("T")


class Lane(IntEnum):
    """How urgent a call is: a less urgent lane leaves part of the budget to the more urgent ones."""

    TRACKING = 0
    STOCK = 1
    ORDERS = 2
    CATALOG = 3


@dataclass(frozen=True, slots=True)
class ThrottleStatus:
    """What Shopify said of a store's bucket in an answer, in points and points per second."""

    maximum: float
    available: float
    restore_rate: float


class Budget(Protocol):
    """One bucket of points per store, shared by all processes."""

    async def reserve(self, store: ShopDomain, points: float, lane: Lane) -> timedelta | None:
        """Take `points` out and return None, or take nothing and return how long to wait before asking again."""
        ...

    async def settle(self, store: ShopDomain, points: float, status: ThrottleStatus | None) -> None:
        """Report that a call that had reserved `points` ended, with what Shopify said, None where it said nothing."""
        ...


class Breaker(Protocol):
    """Keeps calls away from one system outside for as long as it answers nobody."""

    async def call(self, ask: Callable[[], Awaitable[T]], probe: Callable[[], Awaitable[object]]) -> T:
        """
        Return what `ask` returns. Raises NotNow, without asking, while the system is known to answer nobody.

        Where `ask` raises NoAnswer, `probe`, the smallest question there is, tells whether the system or only this
        question is in trouble; the first is an outage and raises NotNow, the second raises the NoAnswer. An outage
        ends with the first small question that is answered, with whatever; one is asked now and then.
        """
        ...


@dataclass(frozen=True, slots=True)
class Exchange:
    """
    One call to the outside and its answer, both redacted already.

    `status` is the HTTP status, None where no answer came. `outcome` is `ok`, `throttled`, `refused` or `failed`.
    `subjects` are the ids that the call is about, for finding it again; `trace_id` finds it among traces.
    """

    store: ShopDomain
    operation: str
    subjects: tuple[str, ...]
    began_at: datetime
    took: timedelta
    status: int | None
    outcome: str
    request_id: str | None
    requested_cost: int | None
    actual_cost: int | None
    request: Any
    response: Any
    trace_id: str | None = None


class Journal(Protocol):
    """Keeps exchanges."""

    async def record(self, exchange: Exchange) -> None:
        """Keep one exchange."""
        ...
