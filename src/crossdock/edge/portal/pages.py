"""The portal's pages."""

import contextlib
from collections.abc import Sequence
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse

from crossdock.edge.asking import look_again
from crossdock.edge.decision import decision
from crossdock.edge.desk import TheDesk
from crossdock.edge.leaving import CANCELLABLE, LEAVABLE, cancel, leave
from crossdock.edge.portal.rendering import back_to, page
from crossdock.edge.visitors import Operator, Viewer
from crossdock.kit.errors import UsageError
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, OrderId
from crossdock.model.state import OrderState
from crossdock.store import connections
from crossdock.store.reads import health, order, orders
from crossdock.store.reads.health import Standing
from crossdock.store.reads.orders import Counts, Placed

router = APIRouter(include_in_schema=False)


LATE: Final = "late"
"""Stands among the states in an address; what it picks are orders of several states."""

_PLACED: Final = {"": "Any time", Placed.DAY: "Last 24 hours", Placed.WEEK: "7 days", Placed.MONTH: "30 days"}


@router.get("/orders")
async def list_orders(
    desk: TheDesk,
    visitor: Viewer,
    q: Annotated[str, Query(max_length=200)] = "",
    state: str = "",
    connection: str = "",
    placed: str = "",
    after: str = "",
) -> HTMLResponse:
    """Show the orders, newest first, with how long each is in its state and what it waits for."""
    q, connection = q.replace("\0", "").strip(), connection.replace("\0", "")
    chosen = OrderState(state) if state in set(OrderState) else None
    late = state == LATE
    wanted = orders.Filter(
        connection=ConnectionId(connection) if connection else None,
        state=chosen,
        text=q or None,
        placed=Placed(placed) if placed in set(Placed) else None,
        late=late,
    )
    async with desk.database.begin() as tx:
        standings = await health.standings(tx)
        shown = await orders.page(tx, wanted, orders.place(after))
        counts = await orders.counts(tx, wanted.connection)
    query = {"q": q, "state": LATE if late else chosen or "", "connection": connection, "placed": wanted.placed or ""}
    return page(
        "orders.html",
        visitor,
        **frame(standings, "orders"),
        page=shown,
        query=query,
        address=_address(query, after=after),
        tabs=_tabs(query, counts),
        narrowers=_narrowers(query, [one.connection for one in standings]) if counts.all else [],
        older=_address(query, after=shown.after.cursor) if shown.after else None,
        newest=_address(query) if after else None,
        everything=_address({"connection": connection}),
        filtered=bool(wanted.text or chosen or late or wanted.placed),
    )


@router.get("/orders/{connection}/{name:path}")
async def show_order(desk: TheDesk, visitor: Viewer, connection: str, name: str) -> HTMLResponse:
    """Show one order's story."""
    async with desk.database.begin() as tx:
        standings = await health.standings(tx)
        story = await order.story(tx, ConnectionId(connection), name)
        rules = None if story is None else (await connections.get(tx, story.order.connection)).rules
    if story is None or rules is None:
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
        closed={flow: rules.schedule.sentence(flow, story.at) for flow in Flow},
        decision=decision(story),
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


def _tabs(query: dict[str, str], counts: Counts) -> list[tuple[str, str, int, bool]]:
    """Label, address, count and whether it is chosen, of each kind of order that there is."""
    many = {**counts.by_state, OrderState.HELD: counts.held}
    kinds = [("All", "", counts.all), ("Late", LATE, counts.late)]
    kinds += [(state.label, state.value, many.get(state, 0)) for state in OrderState]
    return [
        (label, _address({**query, "state": kind}), count, kind == query["state"])
        for label, kind, count in kinds
        if count or not kind or kind == query["state"]
    ]


def _narrowers(
    query: dict[str, str], connections: Sequence[ConnectionId]
) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """What a list is narrowed by beside its tabs, each with its choices: label, address and whether it is chosen."""
    placed = [(label, _address({**query, "placed": word}), word == query["placed"]) for word, label in _PLACED.items()]
    whose = [("All stores", ""), *((one, one) for one in connections)]
    stores = [(label, _address({**query, "connection": one}), one == query["connection"]) for label, one in whose]
    return [("Placed", placed), *([("Store", stores)] if len(connections) > 1 else [])]


def _address(query: dict[str, str], *, after: str = "") -> str:
    given = {name: value for name, value in {**query, "after": after}.items() if value}
    return f"/orders?{urlencode(given)}" if given else "/orders"
