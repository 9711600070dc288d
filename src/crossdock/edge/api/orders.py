"""`/api/orders`: the list of orders, and one order's whole story, for a program."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from crossdock.edge.api.answering import json_of
from crossdock.edge.decision import decision
from crossdock.edge.desk import TheDesk
from crossdock.edge.visitors import Viewer
from crossdock.kit.errors import UsageError
from crossdock.model.names import ConnectionId, OrderId
from crossdock.model.state import OrderState
from crossdock.store.reads import order, orders
from crossdock.store.reads.orders import Placed

router = APIRouter(prefix="/api")

_GID = "gid://shopify/Order/"


@router.get("/orders")
async def list_orders(
    desk: TheDesk,
    visitor: Viewer,  # noqa: ARG001 - who may is asked
    q: Annotated[str, Query(max_length=200)] = "",
    state: OrderState | None = None,
    connection: str | None = None,
    placed: Placed | None = None,
    late: bool = False,
    after: str | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = orders.PAGE,
) -> JSONResponse:
    """Return a page of orders, newest first; `after` of an answer, given back as it is, leads to the next page."""
    begin = None if after is None else orders.place(after)
    if after is not None and begin is None:
        raise UsageError("after is no place in the list. Give back what the page before called after, or leave it out.")
    wanted = orders.Filter(
        connection=None if connection is None else ConnectionId(connection.replace("\0", "")),
        state=state,
        text=q.replace("\0", "").strip() or None,
        placed=placed,
        late=late,
    )
    async with desk.database.begin() as tx:
        found = await orders.page(tx, wanted, begin, limit)
    return json_of(
        {"at": found.at, "orders": found.orders, "after": None if found.after is None else found.after.cursor}
    )


@router.get("/orders/{connection}/{order_id:path}")
async def show_order(desk: TheDesk, visitor: Viewer, connection: str, order_id: str) -> JSONResponse:  # noqa: ARG001
    """Return one order's story by Shopify's id of it (the number, or the gid), with what was decided and why."""
    key = OrderId(f"{_GID}{order_id.removeprefix(_GID)}".replace("\0", ""))
    async with desk.database.begin() as tx:
        story = await order.story_by_id(tx, ConnectionId(connection.replace("\0", "")), key)
    if story is None:
        sentence = f"{connection} has no order {key}. Orders are listed at /api/orders."
        return json_of({"error": sentence}, 404)
    return json_of({"decision": decision(story), "story": story})
