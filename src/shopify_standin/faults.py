"""Bad days on order: what shall go wrong with the next calls and the next webhooks."""

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from random import Random


@dataclass(slots=True)
class CallFault:
    """
    Spoil the next `times` calls of an operation.

    `operation` is an operation's name, a root field or `*`. `when` says whether the call takes effect first
    (`after`) or not at all (`before`). `timeout` waits `seconds` and then answers 504; `slow` waits `seconds` and
    then answers as if nothing had been; `close` breaks the line. The other kinds are HTTP statuses, and `throttled`.
    """

    kind: str
    operation: str = "*"
    when: str = "before"
    times: int = 1
    seconds: float = 30.0


@dataclass(slots=True)
class WebhookFault:
    """
    Spoil deliveries of a topic (`orders/create`, `orders/*`, `*`).

    `drop` is the share that never arrives; `repeat` how often each is sent beyond the first; `delay` the longest
    wait in seconds of the shop's clock, each sending drawing its own; `shuffle` how many are gathered and then sent
    in an order that chance makes.
    """

    topic: str = "*"
    drop: float = 0.0
    repeat: int = 0
    delay: float = 0.0
    shuffle: int = 0
    times: int | None = None
    """How many events it lasts for; None: until cleared."""


@dataclass(slots=True)
class Faults:
    """All faults in force; chance comes from one seeded source."""

    calls: list[CallFault] = field(default_factory=list)
    webhooks: list[WebhookFault] = field(default_factory=list)
    random: Random = field(default_factory=lambda: Random(0))  # noqa: S311 - repeatable, not secret

    def clear(self) -> None:
        """Let everything go well again."""
        self.calls.clear()
        self.webhooks.clear()
        self.random.seed(0)

    def next_for_call(self, names: set[str]) -> CallFault | None:
        """Use up one fault that is meant for a call known by any of `names`."""
        for fault in self.calls:
            if fault.times > 0 and (fault.operation == "*" or fault.operation in names):
                fault.times -= 1
                return fault
        return None

    def for_topic(self, topic: str) -> WebhookFault | None:
        """Use up one event's worth of the first fault that is meant for `topic`."""
        for fault in self.webhooks:
            if fault.times != 0 and fnmatchcase(topic, fault.topic):
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None
