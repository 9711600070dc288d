"""`/api/overview`: how everything stands, for a program."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from crossdock.edge.api.answering import json_of
from crossdock.edge.desk import TheDesk
from crossdock.edge.visitors import Viewer
from crossdock.store.reads.overview import Overview, overview

router = APIRouter(prefix="/api", tags=["overview"])


@router.get("/overview", response_model=Overview)
async def show_overview(desk: TheDesk, visitor: Viewer) -> JSONResponse:  # noqa: ARG001 - who may is asked
    """Return all figures of the overview, as `crossdock overview --json` prints them."""
    async with desk.database.begin() as tx:
        seen = await overview(tx)
    return json_of(seen)
