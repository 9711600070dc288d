"""All that the hub's tables hold of one person's orders, as rows, for the person to read."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import text

from crossdock.model.names import ConnectionId, OrderId, RequestKey, ShopDomain
from crossdock.store.database import Tx

_BY_ORDER: Final = "connection = :connection AND order_id = ANY(:orders)"
_BY_KEY: Final = "connection = :connection AND key = ANY(:keys)"

_LINES: Final = """
    (SELECT coalesce(jsonb_agg(to_jsonb(l) - 'connection' - 'key' ORDER BY l.line), '[]') FROM request_lines AS l
      WHERE l.connection = requests.connection AND l.key = requests.key)
"""
_EVENTS: Final = """
    (SELECT coalesce(jsonb_agg(to_jsonb(e) - 'connection' - 'package' ORDER BY e.happened_at), '[]')
       FROM package_events AS e WHERE e.connection = packages.connection AND e.package = packages.package)
"""

_TABLES: Final[Mapping[str, tuple[str, str]]] = {
    "orders": (_BY_ORDER, "placed_at"),
    "requests": (_BY_ORDER, "tried_at"),
    "packages": (_BY_ORDER, "tried_at"),
    "returns": (_BY_ORDER, "tried_at"),
    "money_moves": (_BY_ORDER, "tried_at"),
    "credit_documents": (_BY_ORDER, "name"),
    "routes": (_BY_ORDER, "order_id, number"),
    "commitments": (_BY_ORDER, "order_id, line"),
    "cancellations": (_BY_ORDER, "tried_at"),
    "answers": (_BY_ORDER, "answered_at"),
    "overrides": (_BY_ORDER, "field"),
    "shadow_writes": (_BY_ORDER, "first_at"),
    "timeline": (_BY_ORDER, "id"),
    "holds": (_BY_KEY, "since"),
    "pending": (_BY_KEY, "first_due_at"),
    "differences": (_BY_KEY, "id"),
    "exchanges": ("store = :store AND subjects && CAST(:keys AS text[])", "id"),
}
"""Whose rows are a person's by their orders: the condition, and the order they are read in."""

_WITH: Final = {
    "requests": f" || jsonb_build_object('lines', {_LINES})",
    "packages": f" || jsonb_build_object('events', {_EVENTS})",
}

OF_PEOPLE: Final = frozenset({*_TABLES, "request_lines", "package_events"})
"""The tables that `held_rows` reads; a test finds one that nobody has judged."""


async def held_rows(
    tx: Tx, store: ShopDomain, connection: ConnectionId, orders: Sequence[OrderId], keys: Sequence[RequestKey]
) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Return what one connection's tables hold of these orders and requests: JSON objects of columns, by table."""
    scope = {"connection": connection, "orders": list(orders), "keys": [*orders, *keys], "store": store}
    found: dict[str, Sequence[Mapping[str, Any]]] = {}
    for name, (condition, order) in _TABLES.items():
        query = f"SELECT to_jsonb({name}){_WITH.get(name, '')} FROM {name} WHERE {condition} ORDER BY {order}"  # noqa: S608 - all of it is written above
        asked = {key: value for key, value in scope.items() if f":{key}" in query}
        found[name] = [row[0] for row in await tx.execute(text(query), asked)]
    return found
