"""Alerts: what people want to be told of, and what there is to tell."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final, NewType, assert_never

from crossdock.kit.wording import counted
from crossdock.model.cause import Cause
from crossdock.model.names import ShopDomain
from crossdock.model.people import UserId
from crossdock.model.quiet_hours import QuietHours

AlertId = NewType("AlertId", int)
"""The hub's own number of an alert."""


class Topic(StrEnum):
    """What an alert is about; each measures its trouble in a unit of its own."""

    HOLDS = "holds"
    """Objects that wait for a person, by store and cause. Counts objects."""

    LATE = "late"
    """A flow that is not complete up to now, by store and flow. Counts minutes."""

    SHARE = "share"
    """How many of the orders placed within the last hour are held, by store. Counts percent."""

    OUTAGE = "outage"
    """A store or a backend that answers nobody, or a store that is paused. Counts minutes."""

    FAILING = "failing"
    """Objects whose looks fail again and again, by store and flow. Counts objects."""

    ORDER = "order"
    """An order that is new to the hub; told once each."""


FROM: Final = {
    Topic.HOLDS: 1,
    Topic.LATE: 15,
    Topic.SHARE: 20,
    Topic.OUTAGE: 5,
    Topic.FAILING: 1,
    Topic.ORDER: 1,
}
"""From which count on each topic is worth telling, unless an alert says otherwise."""

PAUSED: Final = "paused"
"""What an outage is about where nobody is asked because the store is paused."""


def measured(topic: Topic, count: int) -> str:
    """Return how bad a topic's trouble is, with its unit."""
    match topic:
        case Topic.HOLDS | Topic.FAILING:
            return counted(count, "object")
        case Topic.LATE | Topic.OUTAGE:
            return counted(count, "minute")
        case Topic.SHARE:
            return f"{count} %"
        case Topic.ORDER:
            return counted(count, "new order")
        case _:
            assert_never(topic)


@dataclass(frozen=True, slots=True)
class Group:
    """What is told together, and again only when it is worse: one store and what is the matter there."""

    store: ShopDomain
    about: str
    """A cause, a flow, a system outside, or nothing where the store says all."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is the matter now, and how bad it is in its topic's unit."""

    topic: Topic
    group: Group
    count: int


@dataclass(frozen=True, slots=True)
class Interest:
    """
    What an alert is to tell of.

    `store` None stands for every store, no `causes` for all of them; `least` is the count from which on it is told.
    `tag` and `amount` (in the order's own currency) narrow new orders only.
    """

    topic: Topic
    least: int
    store: ShopDomain | None = None
    causes: frozenset[Cause] = frozenset()
    tag: str | None = None
    amount: Decimal | None = None

    def covers(self, trouble: Trouble) -> bool:
        """Tell whether this trouble is to be told."""
        return (
            trouble.topic is self.topic
            and self.store in {None, trouble.group.store}
            and (not self.causes or trouble.group.about in self.causes)
            and trouble.count >= self.least
        )

    def __str__(self) -> str:
        said = [self.topic.value]
        if self.causes:
            said.append(f"for {', '.join(sorted(self.causes))}")
        if self.store is not None:
            said.append(f"of {self.store}")
        if self.topic is not Topic.ORDER:
            said.append(f"from {measured(self.topic, self.least)}")
        if self.tag is not None:
            said.append(f"tagged {self.tag}")
        if self.amount is not None:
            said.append(f"from an amount of {self.amount}")
        return " ".join(said)


@dataclass(frozen=True, slots=True)
class Alert:
    """
    What is told to whom: an interest, a channel, and when people want to be left alone.

    `user` is told by e-mail in place of the channel's own recipients. An `urgent` alert knows no quiet hours.
    """

    id: AlertId
    name: str
    interest: Interest
    channel: str
    user: UserId | None = None
    quiet: QuietHours | None = None
    urgent: bool = False
