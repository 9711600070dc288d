"""The portal's pages."""

import contextlib
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse

from crossdock.edge.asking import look_again
from crossdock.edge.desk import TheDesk
from crossdock.edge.leaving import CANCELLABLE, LEAVABLE, cancel, leave
from crossdock.edge.portal.rendering import back_to, page
from crossdock.edge.visitors import Operator, Viewer
from crossdock.kit.errors import UsageError
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, OrderId
from crossdock.model.state import OrderState
from crossdock.store.reads import health, order, orders
from crossdock.store.reads.health import Standing

router = APIRouter(include_in_schema=False)


@router.get("/")
async def list_orders(
    desk: TheDesk, visitor: Viewer, q: str = "", state: str = "", connection: str = "", after: str = ""
) -> HTMLResponse:
    """Show the orders, newest first, with what each one waits for."""
    q = q.replace("\0", "").strip()
    chosen = OrderState(state) if state in set(OrderState) else None
    wanted = orders.Filter(
        connection=ConnectionId(connection) if connection else None,
        # Whoever asks for held orders means every order with a hold, not only those that rest in nothing but one.
        state=None if chosen is OrderState.HELD else chosen,
        held=chosen is OrderState.HELD,
        name=q or None,
    )
    async with desk.database.begin() as tx:
        standings = await health.standings(tx)
        shown = await orders.page(tx, wanted, _place(after))
        by_state, with_hold = await orders.counts(tx, wanted.connection)
    query = {"q": q, "state": chosen or "", "connection": connection}
    return page(
        "orders.html",
        visitor,
        **frame(standings, "orders"),
        page=shown,
        query=query,
        address=_address(query, after=after),
        tabs=_tabs(query, chosen, {**by_state, OrderState.HELD: with_hold}, sum(by_state.values())),
        older=_address(query, after=_after(shown.after)) if shown.after else None,
        newest=_address(query) if after else None,
        everything=_address({"connection": connection}),
        filtered=bool(wanted.name or chosen),
    )


@router.get("/orders/{connection}/{name:path}")
async def show_order(desk: TheDesk, visitor: Viewer, connection: str, name: str) -> HTMLResponse:
    """Show one order's story."""
    async with desk.database.begin() as tx:
        standings = await health.standings(tx)
        story = await order.story(tx, ConnectionId(connection), name)
    if story is None:
        return page(
            "trouble.html",
            visitor,
            404,
            title="No such order",
            sentence=f"{connection} has no order {name}. It may be on its way: look again in a minute, or ask for it "
            f"with: crossdock sync {connection} --order {name}.",
            again=False,
        )
    return page(
        "order.html",
        visitor,
        **frame(standings, "orders"),
        story=story,
        leavable=LEAVABLE,
        cancellable=CANCELLABLE,
    )


@router.post("/look-again")
async def look_again_at_an_order(
    desk: TheDesk,
    visitor: Operator,
    connection: Annotated[str, Form()],
    order_id: Annotated[str, Form()],
    back: Annotated[str, Form()] = "/",
) -> RedirectResponse:
    """Have all flows of an order look at it again."""
    keys = {flow: [order_id] for flow in (Flow.ORDERS, Flow.FULFILLMENTS, Flow.RETURNS)}
    async with desk.database.begin() as tx:
        await look_again(tx, visitor.actor, ConnectionId(connection), keys)
    return back_to(back)


@router.post("/leave")
async def leave_order(
    desk: TheDesk,
    visitor: Operator,
    connection: Annotated[str, Form()],
    order_id: Annotated[str, Form()],
    read: Annotated[str, Form()],
    back: Annotated[str, Form()] = "/",
) -> RedirectResponse:
    """Leave a changed order as the warehouse has it; where it is held for something else by now, its page says so."""
    with contextlib.suppress(UsageError):
        async with desk.database.begin() as tx:
            await leave(tx, visitor.actor, ConnectionId(connection), OrderId(order_id), order_id, read)
    return back_to(back)


@router.post("/cancel")
async def cancel_what_is_missing(
    desk: TheDesk,
    visitor: Operator,
    connection: Annotated[str, Form()],
    order_id: Annotated[str, Form()],
    read: Annotated[str, Form()],
    back: Annotated[str, Form()] = "/",
) -> RedirectResponse:
    """Cancel on Shopify what the warehouse does not ship; held for something else by now, its page says so."""
    with contextlib.suppress(UsageError):
        async with desk.database.begin() as tx:
            await cancel(tx, visitor.actor, ConnectionId(connection), OrderId(order_id), order_id, read)
    return back_to(back)


def frame(standings: Sequence[Standing], section: str) -> dict[str, Any]:
    """Return what every page's frame shows; `section` is the one that the page belongs to."""
    return {"standings": standings, "section": section, "held": sum(one.held for one in standings)}


def _tabs(
    query: dict[str, str], chosen: OrderState | None, many: dict[OrderState, int], everything: int
) -> list[tuple[str, str, int, bool]]:
    """Label, address, count and whether it is chosen, of each kind of order that there is."""
    tabs = [("All", _address({**query, "state": ""}), everything, chosen is None)]
    return tabs + [
        (state.label, _address({**query, "state": state}), many.get(state, 0), state is chosen)
        for state in OrderState
        if many.get(state) or state is chosen
    ]


def _address(query: dict[str, str], *, after: str = "") -> str:
    given = {name: value for name, value in {**query, "after": after}.items() if value}
    return f"/?{urlencode(given)}" if given else "/"


def _after(place: orders.Place) -> str:
    return f"{place.placed_at.isoformat()} {place.connection} {place.order_id}"


def _place(after: str) -> orders.Place | None:
    """Read what `_after` wrote; anything else begins at the newest order."""
    moment, _, rest = after.partition(" ")
    connection, _, order_id = rest.rpartition(" ")
    try:
        placed_at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return orders.Place(placed_at, ConnectionId(connection), OrderId(order_id)) if placed_at.tzinfo else None
