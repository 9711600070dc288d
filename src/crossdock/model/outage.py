"""A system that answers nobody: since when, and when it is asked again. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, NewType

from crossdock.model.names import ConnectionId, ShopDomain

Party = NewType("Party", str)
"""A system outside, as people call it: a store by its domain, or the backend of a connection."""

FIRST: Final = timedelta(seconds=5)
LONGEST: Final = timedelta(minutes=2)


def store_party(domain: ShopDomain) -> Party:
    """Return what a store is called."""
    return Party(domain)


def backend_party(connection: ConnectionId) -> Party:
    """Return what the backend of a connection is called."""
    return Party(f"The backend of {connection}")


@dataclass(frozen=True, slots=True)
class Outage:
    """
    One system that answered neither a call nor the smallest question after it.

    `tries` counts the small questions that went unanswered, one at least. `said` is what came in place of an answer.
    """

    party: Party
    since: datetime
    tries: int
    next_try_at: datetime
    said: str

    @property
    def sentence(self) -> str:
        """What a person reads; times are UTC."""
        return (
            f"{self.party} does not answer since {self.since:%H:%M} UTC; next try {self.next_try_at:%H:%M:%S}. "
            f"Last: {self.said}"
        )

    def is_worth_a_try(self, now: datetime) -> bool:
        """Whether somebody, and only one, should ask the small question."""
        return now >= self.next_try_at

    def prolonged(self, now: datetime) -> "Outage":
        """Return the outage after one more try, or while that is under way."""
        return replace(self, tries=self.tries + 1, next_try_at=now + patience(self.tries + 1))


def begun(party: Party, said: str, now: datetime) -> Outage:
    """Return the outage of a system that has just left the first small question unanswered."""
    return Outage(party, now, 1, now + patience(1), said)


def patience(tries: int) -> timedelta:
    """Return how long to leave a system alone after so many tries: twice as long each time, two minutes at most."""
    return min(FIRST * (1 << min(tries - 1, 10)), LONGEST)
