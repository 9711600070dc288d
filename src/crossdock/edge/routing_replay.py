"""Decisions made again, by other rules, of the facts that they were made of: what would differ. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crossdock.model.routing import route
from crossdock.model.routing_rules import RoutingRules
from crossdock.store.routes import Kept


@dataclass(frozen=True, slots=True)
class Replayed:
    """One decision as it was made, and as the other rules make it of the same facts."""

    order: str
    decided_at: datetime
    decided: str
    replayed: str
    why: Sequence[str]


def differing(kept: Sequence[Kept], by: RoutingRules) -> Sequence[Replayed]:
    """Return the decisions that would be others by these rules, in the order given."""
    found = []
    for one in kept:
        again = route(one.facts, by)
        if again.shares != one.routed.shares:
            before, after = (" and ".join(routed.places) or "nobody" for routed in (one.routed, again))
            found.append(Replayed(one.name, one.decided_at, before, after, again.why))
    return found
