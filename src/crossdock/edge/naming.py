"""Which order a person means: by the name that Shopify gave it, or by its gid."""

from crossdock.kit.errors import UsageError
from crossdock.model.names import ConnectionId, OrderId
from crossdock.store.database import Tx
from crossdock.store.reads.order import story

ORDER_GID = "gid://shopify/Order/"


async def order_named(tx: Tx, connection: ConnectionId, text: str) -> OrderId:
    """
    Return the id of the order that `text` names; a leading # may be left out.

    Raises UsageError where the connection knows no such order. A gid is taken as it stands: it may name an order that
    the hub has not seen yet.
    """
    if text.startswith(ORDER_GID):
        return OrderId(text)
    found = await story(tx, connection, text)
    if found is None:
        raise UsageError(
            f"{connection} knows no order {text}. List them: crossdock orders list --connection {connection}; "
            f"one that never arrived is found by crossdock sync {connection}."
        )
    return found.order.order_id
