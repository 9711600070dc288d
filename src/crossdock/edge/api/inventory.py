"""`/api/inventory`: stock with its sums, one item's story, and what an operator decides about it, for a program."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Body, Query
from fastapi.responses import JSONResponse

from crossdock.edge.api.answering import json_of
from crossdock.edge.asking import look_again
from crossdock.edge.desk import TheDesk
from crossdock.edge.stock_changes import DECISIONS, approve_pushes, decide_edit, item_named
from crossdock.edge.visitors import Operator, Viewer
from crossdock.kit.errors import UsageError
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, ItemCode
from crossdock.store.reads import levels
from crossdock.store.reads.levels import Show

router = APIRouter(prefix="/api/inventory")


@router.get("")
async def list_items(
    desk: TheDesk,
    visitor: Viewer,  # noqa: ARG001 - who may is asked
    q: Annotated[str, Query(max_length=100)] = "",
    show: Show = Show.ALL,
    connection: str | None = None,
    after: str = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = levels.PAGE,
) -> JSONResponse:
    """Return a page of items with their levels; `after` of an answer, given back as it is, leads to the next page."""
    words, id_, begin = (text.replace("\0", "").strip() for text in (q, connection or "", after))
    wanted = levels.Filter(ConnectionId(id_) if id_ else None, show, words or None)
    async with desk.database.begin() as tx:
        found = await levels.page(tx, wanted, levels.place(begin), limit)
    return json_of({"at": found.at, "items": found.items, "after": None if found.after is None else found.after.cursor})


@router.get("/{connection}/{item:path}")
async def show_item(
    desk: TheDesk,
    visitor: Viewer,  # noqa: ARG001 - who may is asked
    connection: str,
    item: str,
) -> JSONResponse:
    """Return one item's levels, history and drift."""
    async with desk.database.begin() as tx:
        story = await levels.story(tx, ConnectionId(connection), ItemCode(item))
    if story is None:
        return json_of({"error": f"No linked item of {connection} has the code {item}."}, 404)
    return json_of(story)


@router.post("/{connection}/approve")
async def approve(
    desk: TheDesk, visitor: Operator, connection: str, minutes: Annotated[int, Body(embed=True, ge=1, le=1440)] = 60
) -> JSONResponse:
    """Let pushes of a connection empty many levels for a while."""
    lasting = timedelta(minutes=minutes)
    async with desk.database.begin() as tx:
        marked = await approve_pushes(tx, visitor.actor, ConnectionId(connection), lasting)
    return json_of({"connection": connection, "for_seconds": lasting, "marked": marked})


@router.post("/{connection}/decide")
async def decide(
    desk: TheDesk,
    visitor: Operator,
    connection: str,
    item: Annotated[str, Body(max_length=300)],
    word: Annotated[str, Body()],
) -> JSONResponse:
    """Let stand (`accept`) what was edited in Shopify, or undo it (`revert`)."""
    if word not in DECISIONS:
        raise UsageError(f"{word!r} is no word for an edit. Say accept or revert.")
    async with desk.database.begin() as tx:
        found = await item_named(tx, ConnectionId(connection), item)
        edited = await decide_edit(tx, visitor.actor, ConnectionId(connection), found, DECISIONS[word])
    decided = [{"location": one.ledger.location, "units": one.ledger.suspect} for one in edited]
    return json_of({"item": found.item, "word": word, "levels": decided})


@router.post("/{connection}/look-again")
async def look_again_at_an_item(
    desk: TheDesk, visitor: Operator, connection: str, item: Annotated[str, Body(embed=True, max_length=300)]
) -> JSONResponse:
    """Have an item's stock looked at again."""
    async with desk.database.begin() as tx:
        found = await item_named(tx, ConnectionId(connection), item)
        await look_again(tx, visitor.actor, ConnectionId(connection), {Flow.INVENTORY: [found.inventory_item]})
    return json_of({"item": found.item, "marked": 1})
