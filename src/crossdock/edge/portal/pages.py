"""The page that lists the orders, and the frame that every page has."""

from collections.abc import Sequence
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from crossdock.edge.desk import TheDesk
from crossdock.edge.portal.rendering import page
from crossdock.edge.visitors import Viewer
from crossdock.model.names import ConnectionId
from crossdock.model.state import OrderState
from crossdock.store.reads import health, orders
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
