"""Webhook subscriptions are desired state: compared with what the store has, and repaired."""

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from crossdock.kit.errors import Refused
from crossdock.ports.storefront import Storefront, Subscription


@dataclass(frozen=True, slots=True)
class Repairs:
    """What has to be done: topics to subscribe to, subscriptions to delete, and altered ones to make anew."""

    create: tuple[str, ...]
    delete: tuple[Subscription, ...]
    renew: tuple[Subscription, ...] = ()

    @property
    def findings(self) -> tuple[str, ...]:
        """What is not as it should be, one sentence for each subscription."""
        return (
            *(f"{topic} is missing." for topic in self.create),
            *(f"{one.topic} goes to {one.uri}, where it is not wanted." for one in self.delete),
            *(f"{one.topic} was altered: {', '.join(one.narrowed)}." for one in self.renew),
        )


def compare(uri: str, topics: Collection[str], actual: Collection[Subscription]) -> Repairs:
    """
    Return what is missing at `uri`, what of ours is too much, and what of it was altered.

    Ours are the subscriptions at `uri`, and those at the same path of another host: the hub's address has changed,
    and Shopify would go on knocking at the old one. Others of the same app are left alone. A topic that is there
    twice is kept once, and rather whole than narrowed.
    """
    path = urlsplit(uri).path
    kept: dict[str, Subscription] = {}
    delete: list[Subscription] = []
    for subscription in sorted(actual, key=lambda known: (bool(known.narrowed), known.id)):
        if urlsplit(subscription.uri).path != path:
            continue
        wanted = subscription.uri == uri and subscription.topic in topics and subscription.topic not in kept
        if wanted:
            kept[subscription.topic] = subscription
        else:
            delete.append(subscription)
    return Repairs(
        create=tuple(topic for topic in dict.fromkeys(topics) if topic not in kept),
        delete=tuple(delete),
        renew=tuple(one for one in kept.values() if one.narrowed),
    )


async def repair(storefront: Storefront, uri: str, topics: Collection[str]) -> Repairs:
    """
    Make the store's subscriptions at `uri` be `topics`, and return what was done.

    New ones come before old ones go, so that no moment is without a subscription; only an altered one has to go
    first, for Shopify takes a topic and an address together once. What changes in between, the sweep finds. A topic
    that Shopify refuses (its scope is missing) keeps none of the others away; Refused is raised when all the rest is
    done.
    """
    repairs = compare(uri, topics, await storefront.subscriptions())
    for subscription in repairs.renew:
        await storefront.unsubscribe(subscription)
    refused: list[Refused] = []
    for topic in (*repairs.create, *(one.topic for one in repairs.renew)):
        try:
            await storefront.subscribe(topic, uri)
        except Refused as error:
            refused.append(error)
    for subscription in repairs.delete:
        await storefront.unsubscribe(subscription)
    if refused:
        raise refused[0]
    return repairs
