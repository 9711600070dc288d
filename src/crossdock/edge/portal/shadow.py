"""The page of a connection in a shadow: what it would have written, and the switch."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from crossdock.edge.desk import TheDesk
from crossdock.edge.portal.pages import frame
from crossdock.edge.portal.rendering import back_to, page
from crossdock.edge.shadow_changes import CANNOT_SHOW, begin_shadow, end_shadow
from crossdock.edge.visitors import Admin, Viewer
from crossdock.model.names import ConnectionId
from crossdock.store import shadow_writes, watermarks
from crossdock.store.reads import health

router = APIRouter(include_in_schema=False, prefix="/connections/{connection}/shadow")

SHOWN = 500


@router.get("")
async def show_shadow(desk: TheDesk, visitor: Viewer, connection: str) -> HTMLResponse:
    """Show what would have been written, the latest first, and what is held."""
    id_ = ConnectionId(connection)
    async with desk.database.begin() as tx:
        since = await shadow_writes.since(tx, id_)
        kept = await shadow_writes.listed(tx, id_, SHOWN)
        counts = await shadow_writes.counts(tx, id_)
        standings = await health.standings(tx)
        at = await watermarks.now(tx)
    return page(
        "shadow.html",
        visitor,
        **frame(standings, "setup"),
        connection=id_,
        address=_address(id_),
        since=since,
        kept=kept,
        counts=counts,
        most=SHOWN,
        waiting=next((one.held for one in standings if one.connection == id_), 0),
        cannot_show=CANNOT_SHOW,
        at=at,
    )


@router.post("/on")
async def begin(desk: TheDesk, visitor: Admin, connection: str) -> RedirectResponse:
    """Let the connection only say what it would write."""
    async with desk.database.begin() as tx:
        await begin_shadow(tx, visitor.actor, ConnectionId(connection))
    return back_to(_address(ConnectionId(connection)))


@router.post("/off")
async def end(desk: TheDesk, visitor: Admin, connection: str) -> RedirectResponse:
    """Let the connection write again, from a fresh look."""
    async with desk.database.begin() as tx:
        await end_shadow(tx, visitor.actor, ConnectionId(connection))
    return back_to(_address(ConnectionId(connection)))


def _address(id_: ConnectionId) -> str:
    return f"/connections/{id_}/shadow"
