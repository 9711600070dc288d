"""What a restored database must not believe: it is older than what the hub has done since."""

from sqlalchemy import text

from crossdock.store.database import Tx
from crossdock.store.news import CHANNEL

_REASON = "the database was restored"

# Requests and packages need nothing: a backend knows a request's key again, and Shopify's fulfillments are read before
# one is made. A level is another thing: an addition that was made since would be made again, and its key, which Shopify
# keeps for a day, may be forgotten. So no write is taken for under way, and each level is read, and set, before
# anything is added to it.
_DISTRUST = (
    text("DELETE FROM stock_pushes"),
    text(
        """
        UPDATE stock_ledger SET trust = 'lost', supplied = NULL, push = NULL, pushing = NULL, suspect = NULL,
            version = version + 1
        """
    ),
    # Whoever was logged out or got another password since has the old session in the backup.
    text("DELETE FROM sessions"),
    text("DELETE FROM one_time_links"),
    text("DELETE FROM outages"),
    text("DELETE FROM unheard"),
    # The sweeps go on from the old marks and find whatever changed since; what was under way is looked at besides.
    text(
        """
        INSERT INTO news (connection, flow, key, reason)
        SELECT connection, flow, order_id, :reason FROM orders, unnest(ARRAY['orders', 'fulfillments']) AS flow
         WHERE state NOT IN ('shipped', 'short', 'skipped', 'cancelled')
        """
    ).bindparams(reason=_REASON),
    text(
        """
        INSERT INTO news (connection, flow, key, reason)
        SELECT DISTINCT connection, 'inventory', inventory_item, :reason FROM links
        """
    ).bindparams(reason=_REASON),
    text("SELECT pg_notify(:channel, id || ' needs') FROM connections").bindparams(channel=CHANNEL),
)


async def distrust(tx: Tx) -> None:
    """Have everything looked at again that may have moved on since the backup, and nothing repeated unread."""
    for statement in _DISTRUST:
        await tx.execute(statement)
