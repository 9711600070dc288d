"""The page that says up to when nothing was lost, what it rests on, and where both sides differ."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse

from crossdock.edge.asking import ask_to_compare
from crossdock.edge.desk import TheDesk
from crossdock.edge.portal.pages import frame
from crossdock.edge.portal.rendering import back_to, page
from crossdock.edge.visitors import Operator, Viewer
from crossdock.model.names import ConnectionId
from crossdock.store import reconciliations, unheard
from crossdock.store.reads import health

router = APIRouter(include_in_schema=False)


@router.get("/proof")
async def show_proof(desk: TheDesk, visitor: Viewer) -> HTMLResponse:
    """Show the proof of every flow, the topics that fell silent, and the latest comparison of both sides."""
    async with desk.database.begin() as tx:
        standings = await health.standings(tx)
        silences = await unheard.silences(tx)
        compared = await reconciliations.latest(tx)
        asked = await reconciliations.asked(tx)
        differing = await reconciliations.unsettled(tx)
    return page(
        "proof.html",
        visitor,
        **frame(standings, "proof"),
        silences=silences,
        compared=compared,
        asked=asked,
        differing=differing,
    )


@router.post("/proof/reconcile")
async def reconcile(desk: TheDesk, visitor: Operator, connection: Annotated[str, Form()]) -> RedirectResponse:
    """Have a worker compare both sides of a connection now."""
    async with desk.database.begin() as tx:
        await ask_to_compare(tx, visitor.actor, ConnectionId(connection.replace("\0", "")))
    return back_to("/proof")
