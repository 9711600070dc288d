"""Which order a command is about, where several connections may have one of that name."""

from typing import Annotated

import typer

from crossdock.edge.naming import ORDER_GID
from crossdock.kit.errors import UsageError
from crossdock.model.names import ConnectionId, OrderId
from crossdock.store import connections
from crossdock.store.database import Tx
from crossdock.store.reads.order import Story, story, story_by_id

OrderName = Annotated[str, typer.Argument(help="The order's name (#1001 or 1001), or its gid.")]
WhoseOrder = Annotated[str | None, typer.Option(help="Whose order, where several connections have one of that name.")]


async def the_story(tx: Tx, name: str, connection: str | None) -> Story:
    """Return the story of the order that a person names. Raises UsageError where there is none, or several."""
    if connection is None:
        candidates = [one.id for one in await connections.listed(tx)]
    else:
        candidates = [(await connections.get(tx, ConnectionId(connection))).id]
    found = [told for one in candidates if (told := await _story_of(tx, one, name)) is not None]
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(
            f"There is no order {name} here yet. List them: crossdock orders list; one that never arrived is found by "
            "crossdock sync CONNECTION."
        )
    several = "; ".join(f"--connection {told.order.connection} ({told.order.state.label})" for told in found)
    raise UsageError(f"{len(found)} connections have an order {name}. Say which: {several}.")


async def _story_of(tx: Tx, connection: ConnectionId, name: str) -> Story | None:
    if name.startswith(ORDER_GID):
        return await story_by_id(tx, connection, OrderId(name))
    return await story(tx, connection, name)
