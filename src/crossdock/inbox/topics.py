"""Which objects a webhook is about: a pure table from topic and payload to what deserves a look."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from crossdock.model.flow import Flow


@dataclass(frozen=True, slots=True)
class Subject:
    """
    One object that deserves a look.

    A key is a Shopify gid; `orders` also takes fulfillment orders' gids, and `returns` those of returns and
    of their reverse fulfillment orders.
    """

    flow: Flow
    key: str


@dataclass(frozen=True, slots=True)
class HeardLevel:
    """
    What Shopify says it holds at one level, so that the look it causes knows our own write again.

    `available` is None where it says nothing of it, `updated_at` where it does not say when.
    """

    item: str
    location: str
    available: int | None
    updated_at: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a webhook is about. Where nothing deserves a look, `note` says why, for the log."""

    subjects: tuple[Subject, ...]
    note: str | None = None
    level: HeardLevel | None = None


FOR_THE_HUB = frozenset({"customers/data_request", "customers/redact", "shop/redact", "app/uninstalled"})
"""What no flow follows: the hub itself takes it up from the inbox."""

Payload: TypeAlias = Mapping[str, Any]
Rule: TypeAlias = Callable[[Payload], Iterator[str | None]]


def read(topic: str, body: bytes) -> Reading:
    """Return what a delivery is about. Bad JSON, missing ids and unknown topics are readings too, without subjects."""
    if topic in FOR_THE_HUB:
        return Reading(())
    entry = _TOPICS.get(topic) or _RESOURCES.get(topic.partition("/")[0])
    if entry is None:
        return Reading((), "no flow follows this topic")
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):  # the latter where it is nested deeper than any order is
        return Reading((), "the body is not JSON")
    if not isinstance(payload, dict):
        return Reading((), "the body is not a JSON object")
    flow, rule = entry
    keys = dict.fromkeys(key for key in rule(payload) if key is not None)
    if not keys:
        return Reading((), "the body does not name the object it is about")
    return Reading(tuple(Subject(flow, key) for key in keys), level=_level(topic, payload))


def _level(topic: str, payload: Payload) -> HeardLevel | None:
    item = _gid("InventoryItem", payload.get("inventory_item_id"))
    location = _gid("Location", payload.get("location_id"))
    if not topic.startswith("inventory_levels/") or item is None or location is None:
        return None
    available, updated_at = payload.get("available"), payload.get("updated_at")
    known = isinstance(available, int) and not isinstance(available, bool) and abs(available) <= _LARGEST_QUANTITY
    return HeardLevel(item, location, available if known else None, _moment(updated_at))


_LARGEST_QUANTITY = 2_000_000_000
"""What the database's column holds; Shopify's own bound is lower (Shopify docs, 2026-07)."""


def _moment(value: object) -> str | None:
    """Return a moment as any database reads it, None where it is none or has no offset."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment.isoformat() if moment is not None and moment.tzinfo else None


def _itself(kind: str) -> Rule:
    def rule(payload: Payload) -> Iterator[str | None]:
        yield _gid(kind, payload.get("admin_graphql_api_id")) or _gid(kind, payload.get("id"))

    return rule


def _named(kind: str, field: str) -> Rule:
    def rule(payload: Payload) -> Iterator[str | None]:
        yield _gid(kind, payload.get(field))

    return rule


def _edited_order(payload: Payload) -> Iterator[str | None]:
    edit = payload.get("order_edit")
    if isinstance(edit, dict):
        yield _gid("Order", edit.get("order_id"))


def _assessed_order(payload: Payload) -> Iterator[str | None]:
    yield _gid("Order", payload.get("admin_graphql_api_order_id")) or _gid("Order", payload.get("order_id"))


def _order_of_return(payload: Payload) -> Iterator[str | None]:
    order = payload.get("order")
    inner = order if isinstance(order, dict) else {}
    # Requests and approvals carry the order, the other topics only its id; an update names the return alone.
    named = _gid("Order", inner.get("admin_graphql_api_id")) or _gid(
        "Order", inner.get("id") or payload.get("order_id")
    )
    yield named or _gid("Return", payload.get("admin_graphql_api_id"))


def _return_of_parcel(payload: Payload) -> Iterator[str | None]:
    of = payload.get("return")
    inner = of if isinstance(of, dict) else {}
    yield _gid("Return", inner.get("admin_graphql_api_id")) or _gid("Return", inner.get("id"))


def _all_fulfillment_orders(payload: Payload) -> Iterator[str | None]:
    """Whatever the payload calls them: a move, split or merge names several, and each may have changed."""
    left: list[Any] = [payload]
    while left:
        value = left.pop()
        if isinstance(value, dict):
            left.extend(value.values())
        elif isinstance(value, list):
            left.extend(value)
        elif isinstance(value, str):
            yield _gid("FulfillmentOrder", value, number=False)


_DIGITS = re.compile(r"[0-9]{1,20}", re.ASCII)


def _gid(kind: str, value: object, *, number: bool = True) -> str | None:
    """Return `value`, a gid of this kind or (where `number`) a bare id, as a gid; None where it is neither."""
    head = f"gid://shopify/{kind}/"
    if isinstance(value, str) and value.startswith(head) and _DIGITS.fullmatch(value, len(head)):
        return value
    if number and isinstance(value, str | int) and not isinstance(value, bool) and _DIGITS.fullmatch(str(value)):
        return f"{head}{value}"
    return None


# Payload shapes: Shopify docs, 2026-07. An exact topic goes before its resource.
_TOPICS: dict[str, tuple[Flow, Rule]] = {
    "orders/edited": (Flow.ORDERS, _edited_order),
    # Its shape is not documented; other topics about a part of an order name it in one of these ways.
    "orders/risk_assessment_changed": (Flow.ORDERS, _assessed_order),
    "products/create": (Flow.CATALOG, _itself("Product")),
    "products/update": (Flow.CATALOG, _itself("Product")),
}
_RESOURCES: dict[str, tuple[Flow, Rule]] = {
    "orders": (Flow.ORDERS, _itself("Order")),
    "refunds": (Flow.ORDERS, _named("Order", "order_id")),
    "order_transactions": (Flow.ORDERS, _named("Order", "order_id")),
    "returns": (Flow.RETURNS, _order_of_return),
    "reverse_deliveries": (Flow.RETURNS, _return_of_parcel),
    "reverse_fulfillment_orders": (Flow.RETURNS, _itself("ReverseFulfillmentOrder")),
    "fulfillment_orders": (Flow.ORDERS, _all_fulfillment_orders),
    "fulfillment_holds": (Flow.ORDERS, _all_fulfillment_orders),
    "fulfillments": (Flow.FULFILLMENTS, _named("Order", "order_id")),
    "inventory_levels": (Flow.INVENTORY, _named("InventoryItem", "inventory_item_id")),
    "inventory_items": (Flow.INVENTORY, _itself("InventoryItem")),
}
