"""Reading webhook subscriptions: an app sees its own."""

from shopify_standin.call import Call
from shopify_standin.clock import iso
from shopify_standin.connections import connection, count
from shopify_standin.errors import JsonObject
from shopify_standin.ids import number_of
from shopify_standin.model.notices import Subscription
from shopify_standin.registry import Args, Fields, node, query
from shopify_standin.search import filters
from shopify_standin.search.search import Search
from shopify_standin.world import World

node("WebhookSubscription", lambda world, number: world.subscriptions.get(number))

SUBSCRIPTION = Fields("WebhookSubscription")
SUBSCRIPTION.attributes(
    "topic", "uri", "format", "filter", "includeFields", "metafieldNamespaces", "metafields", "name",
    id="gid", legacyResourceId="id", callbackUrl="uri",
)  # fmt: skip

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
def webhook_subscription(world: World, args: Args, call: Call) -> Subscription | None:
    """One subscription."""
    found = world.subscriptions.get(number_of(args["id"], "WebhookSubscription"))
    return found if found is not None and found.app == call.grant.app.client_id else None


@query("webhookSubscriptions")
def webhook_subscriptions(world: World, args: Args, call: Call) -> JsonObject:
    """All of this app's, narrowed as asked."""
    topics, uri = args.get("topics"), args.get("uri") or args.get("callbackUrl")
    rows = [
        x
        for x in own_subscriptions(world, call)
        if (not topics or x.topic in topics)
        and (uri is None or x.uri == uri)
        and (args.get("format") is None or x.format == args["format"])
    ]
    found = _SEARCH.select(rows, args.get("query"), call, ["webhookSubscriptions"])
    return connection(found, args, _SORT[args["sortKey"]])


@query("webhookSubscriptionsCount")
def webhook_subscriptions_count(world: World, args: Args, call: Call) -> JsonObject:
    """How many of this app's a query selects."""
    rows = own_subscriptions(world, call)
    return count(_SEARCH.select(rows, args.get("query"), call, ["webhookSubscriptionsCount"]), args.get("limit"))


def own_subscriptions(world: World, call: Call) -> list[Subscription]:
    """The subscriptions of the app that asks."""
    return [row for row in world.subscriptions if row.app == call.grant.app.client_id]


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
    uri = subscription.uri
    if uri.startswith("pubsub://"):
        project, _, topic = uri.removeprefix("pubsub://").partition(":")
        return {"__typename": "WebhookPubSubEndpoint", "pubSubProject": project, "pubSubTopic": topic}
    if uri.startswith("arn:"):
        return {"__typename": "WebhookEventBridgeEndpoint", "arn": uri}
    return {"__typename": "WebhookHttpEndpoint", "callbackUrl": uri}
