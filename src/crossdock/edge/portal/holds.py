"""The page of what is held: by cause, with its remedy, put right in place where that is one form."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from crossdock.edge.desk import Desk, TheDesk
from crossdock.edge.hold_changes import assign, reopen, resolve, retry, snooze
from crossdock.edge.order_answers import words_for
from crossdock.edge.portal.pages import frame
from crossdock.edge.portal.rendering import back_to, page
from crossdock.edge.recognizing import Visitor
from crossdock.edge.refund_changes import refund_words
from crossdock.edge.visitors import Admin, Operator, Viewer
from crossdock.kit.errors import HubError, UsageError
from crossdock.model.cause import Cause
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId
from crossdock.store import connections, locations, users
from crossdock.store.database import Tx
from crossdock.store.hold_care import HoldKey
from crossdock.store.reads import health, held
from crossdock.store.reads.held import EVERYTHING, Narrowed, Show

router = APIRouter(include_in_schema=False)

_LABELS: Final = {Show.OPEN: "Open", Show.MINE: "Mine", Show.SNOOZED: "Snoozed", Show.RESOLVED: "Resolved"}

_SNOOZES: Final = (("4", "4 hours"), ("24", "a day"), ("72", "3 days"), ("168", "a week"))
"""Hours, and what people call them."""

Chosen = Annotated[list[str] | None, Form(max_length=1_000)]
"""What is ticked: `connection flow key`, as the page spells it."""


@router.get("/holds")
async def list_holds(
    desk: TheDesk, visitor: Viewer, show: str = "", connection: str = "", cause: str = "", after: str = ""
) -> HTMLResponse:
    """Show what waits for a person, or what people have put aside: some of each cause, or page by page of one."""
    id_ = connection.replace("\0", "")
    one = Narrowed(ConnectionId(id_), Cause(cause), held.place(after)) if id_ and cause in set(Cause) else EVERYTHING
    return await _holds(desk, visitor, Show(show) if show in set(Show) else Show.OPEN, one)


@router.post("/holds/look-again")
async def look_again_at_all(
    desk: TheDesk,
    visitor: Operator,
    connection: Annotated[str, Form()],
    cause: Annotated[Cause, Form()],
) -> RedirectResponse:
    """Have everything looked at again that a connection holds for one cause and nobody has put aside."""
    async with desk.database.begin() as tx:
        alike = await held.all_alike(tx, ConnectionId(connection), cause)
        if alike:
            await retry(tx, visitor.actor, alike)
    return back_to("/holds")


@router.post("/holds/assign")
async def assign_chosen(
    desk: TheDesk, visitor: Operator, held: Chosen = None, to: Annotated[str, Form(max_length=300)] = ""
) -> Response:
    """Make what is ticked a user's task."""

    async def do(tx: Tx, these: Sequence[HoldKey]) -> None:
        await assign(tx, visitor.actor, these, to.replace("\0", ""))

    return await _with_chosen(desk, visitor, held, do)


@router.post("/holds/snooze")
async def snooze_chosen(
    desk: TheDesk, visitor: Operator, held: Chosen = None, hours: Annotated[int, Form(ge=1, le=90 * 24)] = 24
) -> Response:
    """Let what is ticked rest for a while."""

    async def do(tx: Tx, these: Sequence[HoldKey]) -> None:
        await snooze(tx, visitor.actor, these, timedelta(hours=hours))

    return await _with_chosen(desk, visitor, held, do)


@router.post("/holds/resolve")
async def resolve_chosen(
    desk: TheDesk, visitor: Operator, held: Chosen = None, note: Annotated[str, Form(max_length=2_000)] = ""
) -> Response:
    """Take a person's word that what is ticked is done with."""

    async def do(tx: Tx, these: Sequence[HoldKey]) -> None:
        await resolve(tx, visitor.actor, these, note.replace("\0", ""))

    return await _with_chosen(desk, visitor, held, do)


@router.post("/holds/reopen")
async def reopen_chosen(desk: TheDesk, visitor: Operator, held: Chosen = None) -> Response:
    """Undo snoozing and resolving of what is ticked."""

    async def do(tx: Tx, these: Sequence[HoldKey]) -> None:
        await reopen(tx, visitor.actor, these)

    return await _with_chosen(desk, visitor, held, do)


@router.post("/holds/retry")
async def retry_chosen(desk: TheDesk, visitor: Operator, held: Chosen = None) -> Response:
    """Have what is ticked looked at again."""

    async def do(tx: Tx, these: Sequence[HoldKey]) -> None:
        await retry(tx, visitor.actor, these)

    return await _with_chosen(desk, visitor, held, do)


@router.post("/holds/map-location")
async def map_location(
    desk: TheDesk,
    visitor: Admin,
    connection: Annotated[str, Form()],
    location: Annotated[str, Form(max_length=300)],
    warehouse: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Let a warehouse serve the location that something is held for want of."""
    try:
        await desk.outside.map_location(visitor.actor, ConnectionId(connection), location, warehouse.strip())
    except HubError as error:
        return await _holds(desk, visitor, Show.OPEN, wrong=str(error))
    return back_to("/holds")


async def _with_chosen(
    desk: Desk, visitor: Visitor, chosen: Sequence[str] | None, do: Callable[[Tx, Sequence[HoldKey]], Awaitable[None]]
) -> Response:
    try:
        async with desk.database.begin() as tx:
            await do(tx, [_read(one) for one in chosen or ()])
    except UsageError as error:
        return await _holds(desk, visitor, Show.OPEN, wrong=str(error))
    return back_to("/holds")


def _read(chosen: str) -> HoldKey:
    connection, _, rest = chosen.replace("\0", "").partition(" ")
    flow, _, key = rest.partition(" ")
    if flow not in set(Flow):
        raise UsageError("What was ticked cannot be read. Load the page anew and try again.")
    return HoldKey(ConnectionId(connection), Flow(flow), key)


def _address(show: Show, connection: ConnectionId | None, cause: Cause | None, after: str = "") -> str:
    """Return the address of all causes, or of one."""
    given = {
        "show": "" if show is Show.OPEN else show.value,
        "connection": connection or "",
        "cause": cause or "",
        "after": after,
    }
    query = urlencode({name: value for name, value in given.items() if value})
    return f"/holds?{query}" if query else "/holds"


async def _holds(
    desk: Desk, visitor: Visitor, show: Show, narrowed: Narrowed = EVERYTHING, *, wrong: str | None = None
) -> HTMLResponse:
    at_once = held.AT_A_GLANCE if narrowed is EVERYTHING else held.SHOWN
    async with desk.database.begin() as tx:
        standings = await health.standings(tx)
        at, groups = await held.groups(tx, show, visitor.user, at_once, narrowed)
        many = await held.counts(tx, visitor.user)
        everybody = [one for one in await users.listed(tx) if one.disabled_at is None]
        known = {one.id: one for one in await connections.listed(tx)}
        unmapped = {one.connection for one in groups if one.cause is Cause.LOCATION_UNMAPPED}
        places = {id_: await locations.names(tx, id_) for id_ in unmapped}
    codes = {id_: sorted({code for some in one.warehouses.values() for code in some}) for id_, one in known.items()}
    return page(
        "holds.html",
        visitor,
        422 if wrong else 200,
        **frame(standings, "holds"),
        at=at,
        groups=groups,
        show=show,
        one_cause=narrowed is not EVERYTHING,
        address=_address(
            show, narrowed.connection, narrowed.cause, "" if narrowed.after is None else narrowed.after.cursor
        ),
        address_of=partial(_address, show),
        begun=narrowed.after is not None,
        tabs=[(label, _address(kind, None, None), many[kind], kind is show) for kind, label in _LABELS.items()],
        people=everybody,
        snoozes=_SNOOZES,
        warehouses=codes,
        places=places,
        words_for=words_for,
        refund_words=refund_words,
        wrong=wrong,
    )
