"""How far the database's clock and Shopify's lie apart, as the webhooks of the last day show it."""

from datetime import timedelta

from sqlalchemy import text

from crossdock.model.names import ShopDomain
from crossdock.store.database import Tx

# The quickest delivery tells most: what a retry or a queue added only makes the others later.
_APART = text(
    """
    SELECT min(received_at - triggered_at) AS apart FROM inbox
     WHERE store = :store AND received_at >= hub_now() - interval '1 day'
    HAVING count(triggered_at) >= 5
    """
)


async def ahead_of_shopify(tx: Tx, store: ShopDomain) -> timedelta | None:
    """Return how far ahead our clock is, at most; negative where it is behind, None where too little was heard."""
    apart: timedelta | None = await tx.scalar(_APART, {"store": store})
    return apart
