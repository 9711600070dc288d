"""The page of who asked to be told or to be forgotten, with what is held of them to hand over."""

from dataclasses import asdict

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from pydantic_core import to_jsonable_python

from crossdock.edge.desk import TheDesk
from crossdock.edge.portal.pages import frame
from crossdock.edge.portal.rendering import back_to, page
from crossdock.edge.privacy import by_hand
from crossdock.edge.visitors import Admin
from crossdock.store import privacy, watermarks
from crossdock.store.reads import health

router = APIRouter(include_in_schema=False)


@router.get("/privacy")
async def list_requests(desk: TheDesk, visitor: Admin) -> HTMLResponse:
    """Show every request, what is left to do, and until when."""
    async with desk.database.begin() as tx:
        standings = await health.standings(tx)
        asked = await privacy.listed(tx)
        at = await watermarks.now(tx)
    return page("privacy.html", visitor, **frame(standings, "privacy"), requests=asked, at=at)


@router.get("/privacy/{number}/export")
async def export(desk: TheDesk, visitor: Admin, number: int) -> JSONResponse:
    """Hand over what is held of a request's customer, as a file; who took it is written down."""
    held = await by_hand.export(desk.database, visitor.actor, number, desk.dossier)
    named = {"content-disposition": f'attachment; filename="privacy-request-{number}.json"'}
    return JSONResponse(to_jsonable_python(asdict(held)), headers={"cache-control": "no-store", **named})


@router.post("/privacy/{number}/done")
async def done(desk: TheDesk, visitor: Admin, number: int) -> RedirectResponse:
    """Take a person's word that the rest of a request is done."""
    async with desk.database.begin() as tx:
        await by_hand.finish(tx, visitor.actor, number)
    return back_to("/privacy")
