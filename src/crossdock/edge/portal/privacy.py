"""The page of who asked to be told or to be forgotten, with what is held of them to hand over."""

from dataclasses import asdict

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic_core import to_jsonable_python
from starlette.responses import HTMLResponse

from crossdock.edge.desk import TheDesk
from crossdock.edge.portal.pages import frame
from crossdock.edge.portal.rendering import HEADERS, page
from crossdock.edge.portal.same_origin import same_origin
from crossdock.store import privacy, watermarks
from crossdock.store.reads import health

router = APIRouter(include_in_schema=False)


@router.get("/privacy")
async def list_requests(desk: TheDesk) -> HTMLResponse:
    """Show every request, what is left to do, and until when."""
    async with desk.database.begin() as tx:
        standings = await health.standings(tx)
        asked = await privacy.listed(tx)
        at = await watermarks.now(tx)
    return page("privacy.html", **frame(standings, "privacy"), requests=asked, at=at)


@router.get("/privacy/{number}/export")
async def export(desk: TheDesk, number: int) -> JSONResponse:
    """Hand over what is held of a request's customer, as a file."""
    named = {"content-disposition": f'attachment; filename="privacy-request-{number}.json"'}
    return JSONResponse(to_jsonable_python(asdict(await desk.dossier(number))), headers={**HEADERS, **named})


@router.post("/privacy/{number}/done", dependencies=[Depends(same_origin)])
async def done(desk: TheDesk, number: int) -> RedirectResponse:
    """Take a person's word that the rest of a request is done."""
    async with desk.database.begin() as tx:
        await privacy.finish(tx, await privacy.get(tx, number), "Done by hand.")
    return RedirectResponse("/privacy", 303)
