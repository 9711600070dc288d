"""The webhook subscriptions that the store has."""

from collections.abc import Iterator

from crossdock.ports.storefront import Subscription


class Subscriptions:
    """One subscription per topic and address."""

    def __init__(self, numbers: Iterator[int]) -> None:
        self._numbers = numbers
        self._subscriptions: dict[str, Subscription] = {}

    def all(self) -> tuple[Subscription, ...]:
        """Return them, the oldest first."""
        return tuple(self._subscriptions.values())

    def add(self, topic: str, uri: str) -> Subscription:
        """Have a subscription; where it is there already, return it."""
        known = [one for one in self._subscriptions.values() if (one.topic, one.uri) == (topic, uri)]
        made = known[0] if known else Subscription(f"subscription-{next(self._numbers)}", topic, uri)
        self._subscriptions[made.id] = made
        return made

    def remove(self, subscription: Subscription) -> None:
        """Have a subscription no longer; one that is gone already is no error."""
        self._subscriptions.pop(subscription.id, None)
