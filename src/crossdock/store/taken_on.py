"""What backends took on and gave up, in the units that the levels of `level_news` hear of."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Text, bindparam, text

from crossdock.model.change import Terms
from crossdock.model.names import ConnectionId, FulfillmentOrderLineId, InventoryItemId, RequestKey, Units
from crossdock.model.request import WorkState
from crossdock.store import requests
from crossdock.store.database import Tx

# Two flows may learn of the same request at once; the second waits, and sees what the first wrote.
_LOCKED = text("SELECT FROM requests WHERE connection = :connection AND key = :key FOR UPDATE")

# What a request asks for counts as taken on from its first acceptance on, less what was given up or went back. The
# levels hear of each change once: the row that tells it apart changes in the same statement.
_ACCEPTED = text("""
    WITH before AS (
        SELECT accepted_at, state, location FROM requests WHERE connection = :connection AND key = :key
    ), counted AS (
        INSERT INTO level_news (connection, inventory_item, location, kind, units)
        SELECT :connection, l.inventory_item, before.location, 'accepted',
               sum(CASE WHEN before.accepted_at IS NULL AND :state = 'cancelled' THEN 0
                        WHEN before.accepted_at IS NULL THEN l.units - l.short
                        ELSE coalesce(gone.units, 0) + l.short - l.units END)
          FROM before
          JOIN request_lines l ON l.connection = :connection AND l.key = :key AND l.inventory_item IS NOT NULL
          LEFT JOIN (
                SELECT content ->> 0 AS line, sum((content ->> 1)::int) AS units
                  FROM packages p, jsonb_array_elements(p.contents) AS content
                 WHERE p.connection = :connection AND p.key = :key AND p.taken_back_at IS NULL
                 GROUP BY 1
          ) AS gone ON gone.line = l.line
         WHERE before.accepted_at IS NULL OR (:state = 'cancelled' AND before.state <> 'cancelled')
         GROUP BY 2, 3
    )
    UPDATE requests
       SET reference = :reference, state = :state, accepted_at = coalesce(accepted_at, hub_now())
     WHERE connection = :connection AND key = :key
""").bindparams(bindparam("state", type_=Text))


async def accepted(tx: Tx, connection: ConnectionId, key: RequestKey, reference: str, state: WorkState) -> None:
    """Write down that the backend has a request, what it calls it and how far it is."""
    await tx.execute(_LOCKED, {"connection": connection, "key": key})
    await tx.execute(_ACCEPTED, {"connection": connection, "key": key, "reference": reference, "state": state.value})


# The levels hear of units that are asked for newly or no more. A line that is gone stays, with none: what is learned
# of its item is still to reach the flows.
_AMENDED = text("""
    WITH wanted AS (
        SELECT * FROM unnest(CAST(:lines AS text[]), CAST(:inventory_items AS text[]), CAST(:items AS text[]),
                             CAST(:units AS int[])) AS wanted(line, inventory_item, item, units)
    ), known AS (
        SELECT line, inventory_item, units FROM request_lines WHERE connection = :connection AND key = :key
    ), counted AS (
        INSERT INTO level_news (connection, inventory_item, location, kind, units)
        SELECT :connection, coalesce(known.inventory_item, wanted.inventory_item), requests.location, 'accepted',
               sum(coalesce(wanted.units, 0) - coalesce(known.units, 0))
          FROM known FULL JOIN wanted ON wanted.line = known.line
          JOIN requests ON requests.connection = :connection AND requests.key = :key
         WHERE coalesce(known.inventory_item, wanted.inventory_item) IS NOT NULL
           AND requests.accepted_at IS NOT NULL AND requests.state IS DISTINCT FROM 'cancelled'
         GROUP BY 2, 3
        HAVING sum(coalesce(wanted.units, 0) - coalesce(known.units, 0)) <> 0
    ), gone AS (
        UPDATE request_lines SET units = 0
         WHERE connection = :connection AND key = :key AND line NOT IN (SELECT line FROM wanted)
    )
    INSERT INTO request_lines (connection, key, line, inventory_item, item, units)
    SELECT :connection, :key, line, inventory_item, item, units FROM wanted
    ON CONFLICT (connection, key, line) DO UPDATE SET units = excluded.units
""")


async def amended(
    tx: Tx, connection: ConnectionId, terms: Terms, inventory_items: Mapping[FulfillmentOrderLineId, InventoryItemId]
) -> None:
    """Write down that the backend's order is now what these terms say; `inventory_items` of lines that are new."""
    lines = terms.request.lines
    await tx.execute(
        _AMENDED,
        {
            "connection": connection,
            "key": terms.request.key,
            "lines": [line.reference for line in lines],
            "inventory_items": [inventory_items.get(line.reference) for line in lines],
            "items": [line.item for line in lines],
            "units": [line.units for line in lines],
        },
    )
    await requests.agreed(tx, connection, terms)


_GAVE_UP = text("""
    WITH given AS (
        SELECT l.line, l.inventory_item, r.location, r.state, now.units, now.units - l.short AS more
          FROM unnest(CAST(:lines AS text[]), CAST(:units AS int[])) AS now(line, units)
          JOIN request_lines l ON l.connection = :connection AND l.key = :key AND l.line = now.line
          JOIN requests r ON r.connection = :connection AND r.key = :key
         WHERE l.short <> now.units
    ), counted AS (
        INSERT INTO level_news (connection, inventory_item, location, kind, units)
        SELECT :connection, inventory_item, location, 'accepted', -sum(more) FROM given
         WHERE inventory_item IS NOT NULL AND state IS DISTINCT FROM 'cancelled'
         GROUP BY 2, 3
    )
    UPDATE request_lines l SET short = given.units FROM given
     WHERE l.connection = :connection AND l.key = :key AND l.line = given.line
    RETURNING l.inventory_item
""")


async def gave_up(
    tx: Tx, connection: ConnectionId, key: RequestKey, short: Mapping[FulfillmentOrderLineId, Units]
) -> Sequence[InventoryItemId]:
    """Write down the units that the backend has given up on; return the items that this is news for."""
    if not short:
        return []
    given = {"connection": connection, "key": key, "lines": list(short), "units": list(short.values())}
    found = {row.inventory_item for row in await tx.execute(_GAVE_UP, given) if row.inventory_item is not None}
    return sorted(InventoryItemId(item) for item in found)
