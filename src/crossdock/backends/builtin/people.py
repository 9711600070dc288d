"""What the books hold of people: the part of an order's request that says where to and for whom."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text

from crossdock.model.names import RequestKey
from crossdock.model.request import WorkState
from crossdock.store.database import Tx

# Nothing of each, as a request without it has it. People write attributes, tags and fields, and write names there;
# fields of lines, too.
_NOTHING = """CAST(
    '{"ship_to": null, "bill_to": null, "email": null, "phone": null, "note": null, "attributes": [], "tags": [],
    "fields": []}'
    AS jsonb
)"""

_LINES_SAY_NOTHING = """(
    SELECT coalesce(jsonb_agg(line || '{"fields": []}' ORDER BY number), '[]')
    FROM jsonb_array_elements(request -> 'lines') WITH ORDINALITY AS listed (line, number)
)"""
_LINES_SAY = """(
    SELECT jsonb_agg(line -> 'fields' ORDER BY number)
    FROM jsonb_array_elements(request -> 'lines') WITH ORDINALITY AS listed (line, number)
    WHERE line -> 'fields' <> '[]'
)"""

_HELD = text(f"""
    SELECT key, (
        SELECT jsonb_object_agg(name, request -> name) FROM jsonb_each({_NOTHING}) AS nothing (name, value)
        WHERE coalesce(request -> name, value) <> value
    ) AS people, {_LINES_SAY} AS lines
    FROM builtin_warehouse.orders WHERE key = ANY(:keys)
""")  # noqa: S608 (the fragment is a constant of ours)

# Nothing that the hub looks at changes, so the order is not a changed one.
_FORGET = text(f"""
    UPDATE builtin_warehouse.orders
    SET request = request || {_NOTHING} || jsonb_build_object('lines', {_LINES_SAY_NOTHING})
    WHERE key = ANY(:keys) AND state = ANY(:over)
""")  # noqa: S608 (the fragment is a constant of ours)

# Why somebody was to get money back may name them.
_FORGET_REASONS = text("""
    UPDATE builtin_warehouse.refund_requests AS asked SET reason = ''
    FROM builtin_warehouse.orders AS o
    WHERE o.order_id = asked.order_id AND o.key = ANY(:keys) AND o.state = ANY(:over) AND asked.made IS NOT NULL
""")

_LEFT = text("SELECT key FROM builtin_warehouse.orders WHERE key = ANY(:keys) AND state <> ALL(:over) ORDER BY number")

_OVER = [state.value for state in WorkState if not state.may_still_ship]


async def held(tx: Tx, keys: Sequence[RequestKey]) -> Mapping[RequestKey, Mapping[str, Any]]:
    """Return what these orders say of people; orders that say nothing are left out."""
    rows = await tx.execute(_HELD, {"keys": list(keys)})
    return {
        RequestKey(row.key): {**(row.people or {}), **({"fields_of_lines": row.lines} if row.lines else {})}
        for row in rows
        if row.people or row.lines
    }


async def forget(tx: Tx, keys: Sequence[RequestKey]) -> Sequence[RequestKey]:
    """Take it out of those orders that are over; return the others."""
    await tx.execute(_FORGET, {"keys": list(keys), "over": _OVER})
    await tx.execute(_FORGET_REASONS, {"keys": list(keys), "over": _OVER})
    return [RequestKey(row.key) for row in await tx.execute(_LEFT, {"keys": list(keys), "over": _OVER})]
