"""Something happened in the shop: write the message to every subscriber of its topic."""

import json
from collections.abc import Callable
from typing import Any

from shopify_standin.errors import JsonObject
from shopify_standin.model.notices import Delivery, Subscription
from shopify_standin.webhooks.filtering import passes
from shopify_standin.webhooks.metafields import metafields_of
from shopify_standin.webhooks.topics import topic_string
from shopify_standin.world import World


def emit(world: World, topic: str, payload: Callable[[], JsonObject], only_app: str | None = None) -> None:
    """
    Queue a delivery of `topic` (as `ORDERS_CREATE`) for each of its subscribers, or those of one app.

    The payload is written now, since a delivery tells the state at the time of its event.
    """
    subscriptions = [x for x in world.subscriptions.where("topic", topic) if only_app in {None, x.app}]
    if not subscriptions:
        return
    content = payload()
    event_id = world.uuid("Event")
    for subscription in subscriptions:
        if not passes(content, subscription.filter):
            continue
        delivery = _delivery(world, subscription, event_id, content)
        world.outbox.append(delivery)
        world.deliveries.append(delivery)


def _delivery(world: World, subscription: Subscription, event_id: str, content: JsonObject) -> Delivery:
    now = world.now()
    delivery_id = world.uuid("Delivery")
    headers = {
        "Content-Type": "application/json",
        "X-Shopify-Topic": topic_string(subscription.topic),
        "X-Shopify-Shop-Domain": world.shop.domain,
        "X-Shopify-API-Version": subscription.version,
        "X-Shopify-Webhook-Id": delivery_id,
        "X-Shopify-Event-Id": event_id,
        "X-Shopify-Triggered-At": now.isoformat().replace("+00:00", "Z"),
    }
    if subscription.name:
        headers["X-Shopify-Name"] = subscription.name
    if subscription.metafield_namespaces or subscription.metafields:
        content = {**content, "metafields": metafields_of(world, content, subscription)}
    chosen = _only(content, subscription.include_fields) if subscription.include_fields else content
    return Delivery(
        id=delivery_id,
        event_id=event_id,
        subscription_id=subscription.id,
        topic=headers["X-Shopify-Topic"],
        uri=subscription.uri,
        body=json.dumps(chosen, separators=(",", ":"), ensure_ascii=False).encode(),
        headers=headers,
        triggered_at=now,
        app=subscription.app,
    )


def _only(content: JsonObject, fields: list[str]) -> JsonObject:
    """The parts of a payload that `includeFields` names by dotted paths."""
    chosen: JsonObject = {}
    for path in fields:
        _copy(content, chosen, path.split("."))
    return chosen


def _copy(source: JsonObject, target: JsonObject, path: list[str]) -> None:
    head, rest = path[0], path[1:]
    if head not in source:
        return
    value: Any = source[head]
    if not rest:
        target[head] = value
    elif isinstance(value, dict):
        _copy(value, target.setdefault(head, {}), rest)
    elif isinstance(value, list):
        rows = target.setdefault(head, [{} for _ in value])
        for entry, row in zip(value, rows, strict=True):
            if isinstance(entry, dict):
                _copy(entry, row, rest)
