"""`/api/inventory`: stock with its sums, one item's story, and what an operator decides about it, for a program."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Body, Query
from fastapi.responses import JSONResponse

from crossdock.edge.api.answering import NotThere, Wrong, json_of
from crossdock.edge.asking import look_again
from crossdock.edge.desk import TheDesk
from crossdock.edge.stock_changes import DECISIONS, approve_pushes, decide_edit, item_named
from crossdock.edge.visitors import Operator, Viewer
from crossdock.kit.errors import UsageError
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, ItemCode, LocationId
from crossdock.store.reads import levels
from crossdock.store.reads.levels import Show

router = APIRouter(prefix="/api/inventory", tags=["inventory"])


@dataclass(frozen=True, slots=True)
class ItemsPage:
    """A page of items, as of `at`; `after` leads to the next one, null at the end."""

    at: datetime
    items: Sequence[levels.StockedItem]
    after: str | None


@dataclass(frozen=True, slots=True)
class Approved:
    """For how long, in seconds, pushes of a connection may empty many levels, and how many items wait for it."""

    connection: str
    for_seconds: timedelta
    marked: int


@dataclass(frozen=True, slots=True)
class Edited:
    """What somebody else wrote at one location, in units."""

    location: LocationId
    units: int | None


@dataclass(frozen=True, slots=True)
class EditDecided:
    """What was said about edits in Shopify of an item, and at which levels."""

    item: ItemCode
    word: str
    levels: Sequence[Edited]


@dataclass(frozen=True, slots=True)
class ItemMarked:
    """An item that is looked at again."""

    item: ItemCode
    marked: int


@router.get("", response_model=ItemsPage)
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
    return json_of(ItemsPage(found.at, found.items, None if found.after is None else found.after.cursor))


@router.get("/{connection}/{item:path}", response_model=levels.ItemStory, responses={404: {"model": Wrong}})
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
        raise NotThere(f"No linked item of {connection} has the code {item}.")
    return json_of(story)


@router.post("/{connection}/approve", response_model=Approved)
async def approve(
    desk: TheDesk, visitor: Operator, connection: str, minutes: Annotated[int, Body(embed=True, ge=1, le=1440)] = 60
) -> JSONResponse:
    """Let pushes of a connection empty many levels for a while."""
    lasting = timedelta(minutes=minutes)
    async with desk.database.begin() as tx:
        marked = await approve_pushes(tx, visitor.actor, ConnectionId(connection), lasting)
    return json_of(Approved(connection, lasting, marked))


@router.post("/{connection}/decide", response_model=EditDecided)
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
    decided = [Edited(one.ledger.location, one.ledger.suspect) for one in edited]
    return json_of(EditDecided(found.item, word, decided))


@router.post("/{connection}/look-again", response_model=ItemMarked)
async def look_again_at_an_item(
    desk: TheDesk, visitor: Operator, connection: str, item: Annotated[str, Body(embed=True, max_length=300)]
) -> JSONResponse:
    """Have an item's stock looked at again."""
    async with desk.database.begin() as tx:
        found = await item_named(tx, ConnectionId(connection), item)
        await look_again(tx, visitor.actor, ConnectionId(connection), {Flow.INVENTORY: [found.inventory_item]})
    return json_of(ItemMarked(found.item, 1))
