"""The page that says up to when nothing was lost, what it rests on, and where both sides differ."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from crossdock.edge.desk import TheDesk
from crossdock.edge.portal.pages import frame
from crossdock.edge.portal.rendering import page
from crossdock.edge.visitors import Viewer
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
        differing = await reconciliations.unsettled(tx)
    return page(
        "proof.html",
        visitor,
        **frame(standings, "proof"),
        silences=silences,
        compared=compared,
        differing=differing,
    )
