"""The pages of stock: every item's levels with their sums, one item's story, approvals, and the mode."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse

from crossdock.edge.asking import look_again
from crossdock.edge.desk import Desk, TheDesk
from crossdock.edge.mode_changes import compare_and_switch, publish_what_differs
from crossdock.edge.mode_report import AT_ONCE, level_report
from crossdock.edge.portal.history_graph import HEIGHT, WIDTH, graphs
from crossdock.edge.portal.pages import frame
from crossdock.edge.portal.rendering import back_to, item_path, page
from crossdock.edge.recognizing import Visitor
from crossdock.edge.stock_changes import (
    DECISIONS,
    approve_pushes,
    decide_edit,
    differing_of,
    item_named,
)
from crossdock.edge.stock_report import LevelReport
from crossdock.edge.visitors import Admin, Operator, Viewer
from crossdock.kit.errors import HubError
from crossdock.model.connection import StockMode
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, ItemCode
from crossdock.store import connections
from crossdock.store.reads import health, levels
from crossdock.store.reads.levels import Show

router = APIRouter(include_in_schema=False)

_LABELS: Final = {
    Show.ALL: "All",
    Show.DRIFTED: "Drifted",
    Show.BELOW_ZERO: "Below zero",
    Show.WAITING: "Waiting for approval",
}


@router.get("/inventory")
async def list_items(
    desk: TheDesk,
    visitor: Viewer,
    q: Annotated[str, Query(max_length=100)] = "",
    show: str = "",
    connection: str = "",
    after: str = "",
) -> HTMLResponse:
    """Show the linked items with their levels, by code."""
    q, connection, after = (text.replace("\0", "").strip() for text in (q, connection, after))
    chosen = Show(show) if show in set(Show) else Show.ALL
    wanted = levels.Filter(ConnectionId(connection) if connection else None, chosen, q or None)
    async with desk.database.begin() as tx:
        standings = await health.standings(tx)
        shown = await levels.page(tx, wanted, levels.place(after))
        many = await levels.counts(tx)
        waiting = await levels.waiting_for_approval(tx)
    query = {"q": q, "show": "" if chosen is Show.ALL else chosen.value, "connection": connection}
    return page(
        "inventory.html",
        visitor,
        **frame(standings, "inventory"),
        page=shown,
        query=query,
        waiting=waiting,
        tabs=[
            (label, _address({**query, "show": "" if kind is Show.ALL else kind.value}), many.get(kind), kind is chosen)
            for kind, label in _LABELS.items()
        ],
        next=None if shown.after is None else _address({**query, "after": shown.after.cursor}),
        first=_address(query) if after else None,
        filtered=bool(q or chosen is not Show.ALL),
    )


@router.get("/inventory/{connection}/{item:path}")
async def show_item(desk: TheDesk, visitor: Viewer, connection: str, item: str) -> HTMLResponse:
    """Show one item's levels with their sums, its history, and what was found."""
    return await _item(desk, visitor, connection, item)


@router.post("/inventory/approve")
async def approve(
    desk: TheDesk,
    visitor: Operator,
    connection: Annotated[str, Form()],
    minutes: Annotated[int, Form(ge=1, le=24 * 60)] = 60,
) -> RedirectResponse:
    """Let pushes of a connection empty many levels for a while."""
    async with desk.database.begin() as tx:
        await approve_pushes(tx, visitor.actor, ConnectionId(connection), timedelta(minutes=minutes))
    return back_to("/inventory?show=waiting")


@router.post("/inventory/decide")
async def decide(
    desk: TheDesk,
    visitor: Operator,
    connection: Annotated[str, Form()],
    item: Annotated[str, Form()],
    word: Annotated[str, Form(pattern="^(accept|revert)$")],
    back: Annotated[str, Form()] = "",
) -> RedirectResponse:
    """Let stand what was edited in Shopify, or undo it."""
    async with desk.database.begin() as tx:
        found = await item_named(tx, ConnectionId(connection), item)
        await decide_edit(tx, visitor.actor, ConnectionId(connection), found, DECISIONS[word])
    return back_to(back or item_path(found.item, connection))


@router.post("/inventory/look-again")
async def look_again_at_an_item(
    desk: TheDesk, visitor: Operator, connection: Annotated[str, Form()], item: Annotated[str, Form()]
) -> RedirectResponse:
    """Have an item's stock looked at again."""
    async with desk.database.begin() as tx:
        found = await item_named(tx, ConnectionId(connection), item)
        await look_again(tx, visitor.actor, ConnectionId(connection), {Flow.INVENTORY: [found.inventory_item]})
    return back_to(item_path(found.item, connection))


@router.get("/inventory-mode/{connection}")
async def show_mode(desk: TheDesk, visitor: Admin, connection: str) -> HTMLResponse:
    """Show how stock is written, and ask Shopify for nothing yet."""
    return await _mode(desk, visitor, ConnectionId(connection))


@router.post("/inventory-mode/{connection}/compare")
async def compare(desk: TheDesk, visitor: Admin, connection: str) -> HTMLResponse:
    """Read every level from Shopify, and show where it differs."""
    id_ = ConnectionId(connection)
    try:
        return await _mode(
            desk, visitor, id_, report=await level_report(desk.database, desk.outside, id_, at_most=AT_ONCE)
        )
    except HubError as error:
        return await _mode(desk, visitor, id_, wrong=str(error))


@router.post("/inventory-mode/{connection}/publish")
async def publish(desk: TheDesk, visitor: Admin, connection: str) -> HTMLResponse:
    """Have what differs published anew, by the worker."""
    id_ = ConnectionId(connection)
    try:
        await publish_what_differs(desk.database, desk.outside, visitor.actor, id_)
    except HubError as error:
        return await _mode(desk, visitor, id_, wrong=str(error))
    said = "What differs is published anew within seconds. Then compare again."
    return await _mode(desk, visitor, id_, said=said)


@router.post("/inventory-mode/{connection}/switch")
async def switch(
    desk: TheDesk,
    visitor: Admin,
    connection: str,
    mode: Annotated[StockMode, Form()],
    adopt: Annotated[bool, Form()] = False,
) -> HTMLResponse:
    """Switch the mode, after a comparison in this very request."""
    id_ = ConnectionId(connection)
    try:
        done = await compare_and_switch(desk.database, desk.outside, visitor.actor, id_, mode, adopt=adopt)
    except HubError as error:
        return await _mode(desk, visitor, id_, wrong=str(error))
    said = f"{connection} {'is now' if done.switched else 'was already'} in {mode} mode."
    return await _mode(desk, visitor, id_, said=said)


async def _item(desk: Desk, visitor: Visitor, connection: str, item: str) -> HTMLResponse:
    async with desk.database.begin() as tx:
        standings = await health.standings(tx)
        story = await levels.story(tx, ConnectionId(connection), ItemCode(item))
    if story is None:
        return page(
            "trouble.html",
            visitor,
            404,
            title="No such item",
            sentence=f"No linked item of {connection} has the code {item}. See what is not linked under Catalog.",
            again=False,
        )
    return page(
        "item.html",
        visitor,
        **frame(standings, "inventory"),
        story=story,
        graphs=graphs(story.noted, story.at),
        width=WIDTH,
        height=HEIGHT,
    )


async def _mode(
    desk: Desk,
    visitor: Visitor,
    connection: ConnectionId,
    *,
    report: Sequence[LevelReport] | None = None,
    wrong: str | None = None,
    said: str | None = None,
) -> HTMLResponse:
    async with desk.database.begin() as tx:
        standings = await health.standings(tx)
        known = await connections.get(tx, connection)
    return page(
        "mode.html",
        visitor,
        422 if wrong else 200,
        **frame(standings, "inventory"),
        connection=connection,
        mode=known.rules.inventory.mode,
        modes=list(StockMode),
        report=report,
        differing=None if report is None else differing_of(report),
        wrong=wrong,
        said=said,
    )


def _address(query: dict[str, str]) -> str:
    given = {name: value for name, value in query.items() if value}
    return f"/inventory?{urlencode(given)}" if given else "/inventory"
