"""All that the hub's tables hold of one person's orders, as rows, for the person to read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from crossdock.model.names import ConnectionId, OrderId, RequestKey, ShopDomain
from crossdock.store.database import Tx


@dataclass(frozen=True, slots=True)
class HeldRows:
    """Rows of one connection, by table; each is a JSON object of its columns."""

    orders: Sequence[Mapping[str, Any]]
    requests: Sequence[Mapping[str, Any]]
    packages: Sequence[Mapping[str, Any]]
    timeline: Sequence[Mapping[str, Any]]
    holds: Sequence[Mapping[str, Any]]
    differences: Sequence[Mapping[str, Any]]
    overrides: Sequence[Mapping[str, Any]]
    exchanges: Sequence[Mapping[str, Any]]


_OF_ORDERS = "WHERE connection = :connection AND order_id = ANY(:orders)"
_OF_KEYS = "WHERE connection = :connection AND key = ANY(:keys)"
_ROWS = {
    "orders": text(f"SELECT to_jsonb(orders) FROM orders {_OF_ORDERS} ORDER BY placed_at"),  # noqa: S608 - ours
    "requests": text(f"""
        SELECT to_jsonb(requests) || jsonb_build_object('lines', (
            SELECT coalesce(jsonb_agg(to_jsonb(l) - 'connection' - 'key' ORDER BY l.line), '[]') FROM request_lines AS l
             WHERE l.connection = requests.connection AND l.key = requests.key
        )) FROM requests {_OF_ORDERS} ORDER BY tried_at
    """),  # noqa: S608 - ours
    "packages": text(f"SELECT to_jsonb(packages) FROM packages {_OF_ORDERS} ORDER BY tried_at"),  # noqa: S608 - ours
    "timeline": text(f"SELECT to_jsonb(timeline) FROM timeline {_OF_ORDERS} ORDER BY id"),  # noqa: S608 - ours
    "holds": text(f"SELECT to_jsonb(holds) FROM holds {_OF_KEYS} ORDER BY since"),  # noqa: S608 - ours
    "differences": text(f"SELECT to_jsonb(differences) FROM differences {_OF_KEYS} ORDER BY id"),  # noqa: S608 - ours
    "overrides": text(f"SELECT to_jsonb(overrides) FROM overrides {_OF_ORDERS} ORDER BY field"),  # noqa: S608 - ours
    "exchanges": text(
        "SELECT to_jsonb(exchanges) FROM exchanges"
        " WHERE store = :store AND subjects && CAST(:keys AS text[]) ORDER BY id"
    ),
}


async def held_rows(
    tx: Tx, store: ShopDomain, connection: ConnectionId, orders: Sequence[OrderId], keys: Sequence[RequestKey]
) -> HeldRows:
    """Return what one connection's tables hold of these orders and requests."""
    scope = {"connection": connection, "orders": list(orders), "keys": [*orders, *keys], "store": store}
    found = {}
    for name, query in _ROWS.items():
        asked = {key: value for key, value in scope.items() if f":{key}" in query.text}
        found[name] = [row[0] for row in await tx.execute(query, asked)]
    return HeldRows(**found)
