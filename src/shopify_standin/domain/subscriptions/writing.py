"""
Making, changing and ending webhook subscriptions (messages recorded 2026-04 unless said otherwise).

A topic whose scopes a token lacks is refused in the words of the REST Admin API (its place as a user error assumed).
"""

import re
from typing import Any

from shopify_standin.call import Call
from shopify_standin.domain.subscriptions.addresses import problem_of
from shopify_standin.errors import JsonObject, NotModelled, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.notices import Subscription
from shopify_standin.registry import Args, mutation
from shopify_standin.search.syntax import fields_of, parse_search
from shopify_standin.webhooks.topics import may_hear, topic_string, topics_for
from shopify_standin.world import World

AT_ADDRESS = ["webhookSubscription", "callbackUrl"]
MAX_NAME = 50

Given = dict[str, Any]


@mutation("webhookSubscriptionCreate")
def webhook_subscription_create(world: World, args: Args, call: Call) -> JsonObject:
    """Subscribe an address to a topic."""
    given = args["webhookSubscription"]
    return _created(world, args["topic"], _address(given), given, call, None)


@mutation("pubSubWebhookSubscriptionCreate")
def pub_sub_create(world: World, args: Args, call: Call) -> JsonObject:
    """Subscribe a Google Pub/Sub topic."""
    given = args["webhookSubscription"]
    return _created(world, args["topic"], _pub_sub(given), given, call, "INVALID_PARAMETERS")


@mutation("eventBridgeWebhookSubscriptionCreate")
def event_bridge_create(world: World, args: Args, call: Call) -> JsonObject:
    """Subscribe an Amazon EventBridge source."""
    given = args["webhookSubscription"]
    return _created(world, args["topic"], str(given.get("arn") or ""), given, call, None)


@mutation("webhookSubscriptionUpdate")
def webhook_subscription_update(world: World, args: Args, call: Call) -> JsonObject:
    """Change a subscription's address or what it is told."""
    given = args["webhookSubscription"]
    named = given.get("uri") is not None or given.get("callbackUrl") is not None
    return _updated(world, args["id"], _address(given) if named else None, given, call)


@mutation("pubSubWebhookSubscriptionUpdate")
def pub_sub_update(world: World, args: Args, call: Call) -> JsonObject:
    """Change a subscription and send it to a Google Pub/Sub topic."""
    return _updated(world, args["id"], _pub_sub(args["webhookSubscription"]), args["webhookSubscription"], call)


@mutation("eventBridgeWebhookSubscriptionUpdate")
def event_bridge_update(world: World, args: Args, call: Call) -> JsonObject:
    """Change a subscription and send it to an Amazon EventBridge source."""
    return _updated(world, args["id"], args["webhookSubscription"].get("arn"), args["webhookSubscription"], call)


@mutation("webhookSubscriptionDelete")
def webhook_subscription_delete(world: World, args: Args, call: Call) -> JsonObject:
    """End a subscription."""
    known = _known(world, args["id"], call)
    world.subscriptions.remove(known.id)
    return {"deletedWebhookSubscriptionId": known.gid, "userErrors": []}


def _created(world: World, topic: str, uri: str, given: Given, call: Call, code: str | None) -> JsonObject:
    if not may_hear(call.grant, topic):
        allowed = ", ".join(topics_for(call.grant))
        message = (
            f"Invalid topic specified: {topic_string(topic)}. Does it exist? Is there a missing access scope?"
            f" Topics allowed: {allowed}"
        )
        raise Refused(user_error(["topic"], message, code))
    number, app, now = world.ids.next("WebhookSubscription"), call.grant.app.client_id, world.now()
    made = Subscription(number, topic, uri, now, now, call.version, app)
    _check(world, made, uri, given, code)
    _describe(made, given)
    return {"webhookSubscription": world.subscriptions.add(made), "userErrors": []}


def _updated(world: World, value: str, uri: str | None, given: Given, call: Call) -> JsonObject:
    known = _known(world, value, call)
    _check(world, known, known.uri if uri is None else uri, given, None)
    known.uri = known.uri if uri is None else uri
    _describe(known, given)
    known.updated_at = world.now()
    return {"webhookSubscription": known, "userErrors": []}


def _known(world: World, value: str, call: Call) -> Subscription:
    known = world.subscriptions.get(number_of(value, "WebhookSubscription"))
    if known is None or known.app != call.grant.app.client_id:
        raise Refused(user_error(["id"], "Webhook subscription does not exist"))
    return known


def _check(world: World, own: Subscription, uri: str, given: Given, code: str | None) -> None:
    if given.get("format") == "XML":
        raise NotModelled("WebhookSubscription", "format XML")
    problem = problem_of(uri)
    if problem:
        raise Refused(user_error(AT_ADDRESS, problem, code))
    wanted = given.get("filter", own.filter)
    if wanted and not fields_of(parse_search(wanted)):
        message = "The specified filter is invalid, please ensure you specify the field(s) you wish to filter on."
        raise Refused(user_error(["webhookSubscription"], message, code))
    name = given.get("name")
    if name and (len(name) > MAX_NAME or not re.fullmatch(r"[\w-]+", name)):
        message = f"Name can only contain alphanumeric characters, underscores, and hyphens, {MAX_NAME} at most"
        raise Refused(user_error(["webhookSubscription", "name"], message, code))
    same = [x for x in world.subscriptions.where("topic", own.topic) if x.app == own.app and x is not own]
    if any((x.uri, x.filter or None) == (uri, wanted or None) for x in same):
        raise Refused(user_error(AT_ADDRESS, "Address for this topic has already been taken", code and "TAKEN"))


def _describe(subscription: Subscription, given: Given) -> None:
    """Take over what is given; a list replaces the one before, and an empty one ends it."""
    subscription.filter = given.get("filter", subscription.filter)
    subscription.name = given.get("name", subscription.name)
    if given.get("includeFields") is not None:
        subscription.include_fields = given["includeFields"]
    if given.get("metafieldNamespaces") is not None:
        subscription.metafield_namespaces = given["metafieldNamespaces"]
    if given.get("metafields") is not None:
        subscription.metafields = [
            {"namespace": entry.get("namespace"), "key": entry["key"]} for entry in given["metafields"]
        ]


def _address(given: Given) -> str:
    return str(given.get("uri") or given.get("callbackUrl") or "").strip()


def _pub_sub(given: Given) -> str:
    return f"pubsub://{given['pubSubProject']}:{given['pubSubTopic']}"
