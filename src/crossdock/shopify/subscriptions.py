"""Webhook subscriptions are desired state: compared with what the store has, and repaired."""

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from crossdock.kit.errors import Refused
from crossdock.ports.storefront import Storefront, Subscription


@dataclass(frozen=True, slots=True)
class Repairs:
    """What has to be done: topics to subscribe to, subscriptions to delete."""

    create: tuple[str, ...]
    delete: tuple[Subscription, ...]


def compare(uri: str, topics: Collection[str], actual: Collection[Subscription]) -> Repairs:
    """
    Return what is missing at `uri` and what of ours is too much.

    Ours are the subscriptions at `uri`, and those at the same path of another host: the hub's address has changed,
    and Shopify would go on knocking at the old one. Others of the same app are left alone. A topic that is there
    twice is kept once.
    """
    path = urlsplit(uri).path
    kept: set[str] = set()
    delete: list[Subscription] = []
    for subscription in sorted(actual, key=lambda known: known.id):
        if urlsplit(subscription.uri).path != path:
            continue
        wanted = subscription.uri == uri and subscription.topic in topics and subscription.topic not in kept
        if wanted:
            kept.add(subscription.topic)
        else:
            delete.append(subscription)
    return Repairs(tuple(topic for topic in dict.fromkeys(topics) if topic not in kept), tuple(delete))


async def repair(storefront: Storefront, uri: str, topics: Collection[str]) -> Repairs:
    """
    Make the store's subscriptions at `uri` be `topics`, and return what was done.

    New ones come before old ones go, so that no moment is without a subscription. A topic that Shopify refuses (its
    scope is missing) keeps none of the others away; Refused is raised when all the rest is done.
    """
    repairs = compare(uri, topics, await storefront.subscriptions())
    refused: list[Refused] = []
    for topic in repairs.create:
        try:
            await storefront.subscribe(topic, uri)
        except Refused as error:
            refused.append(error)
    for subscription in repairs.delete:
        await storefront.unsubscribe(subscription)
    if refused:
        raise refused[0]
    return repairs
