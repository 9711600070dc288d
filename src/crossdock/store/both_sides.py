"""What backends hold of the units that Shopify has sold: a unit counts where both sides have it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import text

from crossdock.model.ledger import AtBackend
from crossdock.model.names import ConnectionId, InventoryItemId, LocationId, Units
from crossdock.model.stock import Level
from crossdock.store.database import Tx

_IN_BETWEEN = text("""
    SELECT DISTINCT l.inventory_item, r.location
      FROM requests r
      JOIN request_lines l ON l.connection = r.connection AND l.key = r.key
     WHERE r.connection = :connection AND (r.asking OR NOT r.counted) AND l.inventory_item = ANY(:items)
""")


async def in_between(tx: Tx, connection: ConnectionId, items: Sequence[InventoryItemId]) -> frozenset[Level]:
    """
    Return the levels of which the backend may have taken units on that nobody counts yet.

    It was asked, and either its answer or what the order wants is not on record.
    """
    rows = await tx.execute(_IN_BETWEEN, {"connection": connection, "items": list(items)})
    return frozenset((InventoryItemId(row.inventory_item), LocationId(row.location)) for row in rows)


TELLING_TAKES: Final = timedelta(minutes=5)
"""A telling that has come to no end by then is held or failing; its units stay off sale until it is settled."""

# Both sides must still hold a unit for the other: Shopify as committed, the backend as reserved or shipped. What
# Shopify was told of, or is just being told of, has left the one; what was given up or cancelled, the other. A package
# that was taken back counts as gone until Shopify is known to have cancelled it, and its order was read since: until
# then, what remains does not count its units either. Units that remain though a package took as many count as not told
# only while the order was not read since: later, an edit has added them, and nobody has them. What the backend may have
# given up since its order was looked at is all of it, for packages come back, too.
_AT_BACKEND = text("""
    WITH fresh AS (SELECT key FROM news WHERE connection = :connection AND flow = 'fulfillments')
    SELECT c.inventory_item, c.location,
           CAST(coalesce(sum(greatest(0, least(c.remaining, l.units - l.short - coalesce(gone.off, 0))))
                         FILTER (WHERE r.state <> 'cancelled'), 0) AS int) AS seen,
           CAST(coalesce(sum(least(gone.unread, greatest(0, c.remaining - l.units + gone.units)))
                         FILTER (WHERE r.key IS NOT NULL AND gone.lately), 0) AS int) AS telling,
           CAST(coalesce(sum(least(gone.unread, greatest(0, c.remaining - l.units + gone.units)))
                         FILTER (WHERE r.key IS NOT NULL), 0) AS int) AS untold,
           CAST(coalesce(sum(least(c.remaining, l.units - l.short))
                         FILTER (WHERE r.state <> 'cancelled'
                                   AND (r.asking OR waits.key IS NOT NULL
                                        OR c.order_id IN (SELECT key FROM fresh))), 0) AS int) AS unsettled,
           coalesce(bool_or(waits.key IS NOT NULL OR c.order_id IN (SELECT key FROM fresh)
                            OR r.asking AND asks.key IS NOT NULL), false) AS settling,
           CAST(sum(c.remaining) AS int) AS wanted,
           min(coalesce(o.looked_at, to_timestamp(0))) AS known_to
      FROM commitments c
      LEFT JOIN orders o ON o.connection = c.connection AND o.order_id = c.order_id
      LEFT JOIN pending waits ON waits.connection = c.connection AND waits.flow = 'fulfillments'
                             AND waits.key = c.order_id
      LEFT JOIN pending asks ON asks.connection = c.connection AND asks.flow = 'orders' AND asks.key = c.order_id
      LEFT JOIN request_lines l ON l.connection = c.connection AND l.line = c.line
      LEFT JOIN requests r ON r.connection = l.connection AND r.key = l.key AND r.location = c.location
                          AND r.accepted_at IS NOT NULL
      LEFT JOIN (
            SELECT p.connection, p.key, content ->> 0 AS line, sum((content ->> 1)::int) AS off,
                   coalesce(sum((content ->> 1)::int) FILTER (WHERE p.cancelled_at IS NULL), 0) AS units,
                   coalesce(bool_or(coalesce(p.told_at, p.tried_at) > hub_now() - :lately)
                            FILTER (WHERE p.cancelled_at IS NULL), false) AS lately,
                   coalesce(sum((content ->> 1)::int) FILTER (
                       WHERE p.cancelled_at IS NULL
                         AND (p.told_at IS NULL OR seen.looked_at IS NULL OR p.told_at > seen.looked_at)), 0) AS unread
              FROM packages p
             CROSS JOIN LATERAL jsonb_array_elements(p.contents) AS content
              LEFT JOIN orders seen ON seen.connection = p.connection AND seen.order_id = p.order_id
             WHERE p.connection = :connection
               AND (p.cancelled_at IS NULL OR seen.looked_at IS NULL OR p.cancelled_at > seen.looked_at)
               AND p.key IN (SELECT l.key FROM commitments c JOIN request_lines l USING (connection, line)
                              WHERE c.connection = :connection AND c.inventory_item = ANY(:items) AND c.remaining > 0)
             GROUP BY 1, 2, 3
      ) AS gone ON gone.connection = l.connection AND gone.key = l.key AND gone.line = l.line
     WHERE c.connection = :connection
       AND c.inventory_item = ANY(:items)
       AND c.remaining > 0
     GROUP BY 1, 2
""")


async def at_backend(
    tx: Tx, connection: ConnectionId, items: Sequence[InventoryItemId]
) -> Mapping[tuple[InventoryItemId, LocationId], AtBackend]:
    """
    Return, per item and location, how many of the sold units the backend knows of; what no order wants is left out.

    Never more than that, as far as both sides were last looked at. Units of a package whose telling has begun count
    as gone, whether or not Shopify has heard yet: it is better to think a unit unseen for one reading than to sell it
    twice.
    """
    asked = {"connection": connection, "items": list(items), "lately": TELLING_TAKES}
    rows = await tx.execute(_AT_BACKEND, asked)
    return {
        (InventoryItemId(row.inventory_item), LocationId(row.location)): AtBackend(
            Units(row.wanted),
            Units(row.seen),
            Units(row.telling),
            Units(row.untold),
            Units(row.unsettled),
            row.known_to,
            row.settling,
        )
        for row in rows
    }
