"""
Webhook subscriptions per shop (messages recorded 2026-04).

Plain `http://` is refused as Shopify refuses it, but for loopback addresses: tests have no certificates.
"""

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from shopify_standin.call import Call
from shopify_standin.clock import iso
from shopify_standin.connections import connection
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.notices import Subscription
from shopify_standin.registry import Args, Fields, mutation, node, query
from shopify_standin.search import filters
from shopify_standin.search.search import Search
from shopify_standin.world import World

node("WebhookSubscription", lambda world, number: world.subscriptions.get(number))

AT_ADDRESS = ["webhookSubscription", "callbackUrl"]

SUBSCRIPTION = Fields("WebhookSubscription")
SUBSCRIPTION.attributes(
    "topic", "uri", "format", "filter", "includeFields", "metafieldNamespaces", "name",
    id="gid", legacyResourceId="id", callbackUrl="uri",
)  # fmt: skip
SUBSCRIPTION.constant(metafields=[])

_SEARCH = Search(
    {
        "id": filters.number(lambda x, _: x.id),
        "created_at": filters.moment(lambda x, _: x.created_at),
        "updated_at": filters.moment(lambda x, _: x.updated_at),
        "endpoint": filters.text(lambda x, _: x.uri),
    },
    filters.words(lambda x, _: x.topic),
)
_SORT = {"ID": None, "CREATED_AT": lambda x: x.created_at}


@query("webhookSubscription")
def webhook_subscription(world: World, args: Args) -> Subscription | None:
    """One subscription."""
    return world.subscriptions.get(number_of(args["id"], "WebhookSubscription"))


@query("webhookSubscriptions")
def webhook_subscriptions(world: World, args: Args, call: Call) -> JsonObject:
    """All of this app's, narrowed as asked."""
    topics, uri = args.get("topics"), args.get("uri") or args.get("callbackUrl")
    rows = [
        x
        for x in world.subscriptions
        if (not topics or x.topic in topics)
        and (uri is None or x.uri == uri)
        and (args.get("format") is None or x.format == args["format"])
    ]
    found = _SEARCH.select(rows, args.get("query"), call, ["webhookSubscriptions"])
    return connection(found, args, _SORT[args["sortKey"]])


@query("webhookSubscriptionsCount")
def webhook_subscriptions_count(world: World) -> JsonObject:
    """How many there are."""
    return {"count": len(world.subscriptions), "precision": "EXACT"}


@SUBSCRIPTION.field("createdAt")
def created_at(subscription: Subscription) -> str | None:
    """When it was made."""
    return iso(subscription.created_at)


@SUBSCRIPTION.field("updatedAt")
def updated_at(subscription: Subscription) -> str | None:
    """When it last changed."""
    return iso(subscription.updated_at)


@SUBSCRIPTION.field("apiVersion")
def api_version(subscription: Subscription) -> JsonObject:
    """The version that its deliveries speak."""
    return {"handle": subscription.version, "displayName": subscription.version, "supported": True}


@SUBSCRIPTION.field("endpoint")
def endpoint(subscription: Subscription) -> JsonObject:
    """Where it goes, by kind."""
    return {"__typename": "WebhookHttpEndpoint", "callbackUrl": subscription.uri}


@mutation("webhookSubscriptionCreate")
def webhook_subscription_create(world: World, args: Args, call: Call) -> JsonObject:
    """Subscribe an address to a topic."""
    given = args["webhookSubscription"]
    uri = _address(given)
    _check_address(world, args["topic"], uri, given.get("filter"), None)
    now = world.now()
    made = Subscription(
        world.ids.next("WebhookSubscription"), args["topic"], uri, now, now, call.version, call.grant.app.client_id
    )
    _describe(made, given)
    return {"webhookSubscription": world.subscriptions.add(made), "userErrors": []}


@mutation("webhookSubscriptionUpdate")
def webhook_subscription_update(world: World, args: Args) -> JsonObject:
    """Change a subscription's address or what it is told."""
    known = _known(world, args["id"])
    given = args["webhookSubscription"]
    if given.get("uri") is not None or given.get("callbackUrl") is not None:
        uri = _address(given)
        _check_address(world, known.topic, uri, given.get("filter", known.filter), known)
        known.uri = uri
    _describe(known, given)
    known.updated_at = world.now()
    return {"webhookSubscription": known, "userErrors": []}


@mutation("webhookSubscriptionDelete")
def webhook_subscription_delete(world: World, args: Args) -> JsonObject:
    """End a subscription."""
    known = _known(world, args["id"])
    world.subscriptions.remove(known.id)
    return {"deletedWebhookSubscriptionId": known.gid, "userErrors": []}


def _known(world: World, value: str) -> Subscription:
    known = world.subscriptions.get(number_of(value, "WebhookSubscription"))
    if known is None:
        raise Refused(user_error(["id"], "Webhook subscription does not exist"))
    return known


def _describe(subscription: Subscription, given: dict[str, Any]) -> None:
    subscription.format = given.get("format") or subscription.format
    subscription.filter = given.get("filter", subscription.filter)
    subscription.include_fields = given.get("includeFields") or subscription.include_fields
    subscription.metafield_namespaces = given.get("metafieldNamespaces") or subscription.metafield_namespaces
    subscription.name = given.get("name", subscription.name)


def _address(given: dict[str, Any]) -> str:
    return str(given.get("uri") or given.get("callbackUrl") or "").strip()


def _check_address(world: World, topic: str, uri: str, filter_: str | None, own: Subscription | None) -> None:
    if not uri:
        raise Refused(user_error(AT_ADDRESS, "Address can't be blank"))
    parts = urlsplit(uri)
    if parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        raise Refused(user_error(AT_ADDRESS, "Address protocol http:// is not supported"))
    if parts.scheme not in {"http", "https", "pubsub", "arn"} or not (parts.hostname or parts.path):
        raise Refused(user_error(AT_ADDRESS, "Address is invalid"))
    if (parts.hostname or "").endswith((".myshopify.com", ".shopify.com", ".shopifycloud.com")):
        raise Refused(user_error(AT_ADDRESS, "Address cannot be a Shopify or an internal domain"))
    same = world.subscriptions.where("topic", topic)
    if any(x.uri == uri and x.filter == filter_ and x is not own for x in same):
        raise Refused(user_error(AT_ADDRESS, "Address for this topic has already been taken"))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
