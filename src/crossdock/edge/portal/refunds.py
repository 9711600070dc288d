"""A person's word on an order's refunds, from the order's page or the list of holds."""

import contextlib
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse

from crossdock.edge.desk import TheDesk
from crossdock.edge.portal.rendering import back_to
from crossdock.edge.refund_changes import RefundWord, answer_for_refunds
from crossdock.edge.visitors import Operator
from crossdock.kit.errors import UsageError
from crossdock.model.names import ConnectionId, OrderId

router = APIRouter(include_in_schema=False)


@router.post("/refund")
async def answer(
    desk: TheDesk,
    visitor: Operator,
    connection: Annotated[str, Form()],
    order_id: Annotated[str, Form()],
    word: Annotated[RefundWord, Form()],
    read: Annotated[str, Form()],
    back: Annotated[str, Form()] = "/",
) -> RedirectResponse:
    """Approve, decline or call booked what an order is held for; held for something else by now, its page says so."""
    whose, order = ConnectionId(connection), OrderId(order_id)
    with contextlib.suppress(UsageError):
        async with desk.database.begin() as tx:
            await answer_for_refunds(tx, visitor.actor, whose, order, order_id, word, read)
    return back_to(back)
