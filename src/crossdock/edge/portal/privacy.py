"""The page of who asked to be told or to be forgotten, what is held of them, and how long things are kept."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from pydantic_core import to_jsonable_python

from crossdock.edge.desk import Desk, TheDesk
from crossdock.edge.portal.pages import frame
from crossdock.edge.portal.rendering import back_to, page
from crossdock.edge.privacy import by_hand
from crossdock.edge.recognizing import Visitor
from crossdock.edge.retention_changes import keep
from crossdock.edge.visitors import Admin
from crossdock.kit.errors import UsageError
from crossdock.model.retention import KEEPING, Kind
from crossdock.store import privacy, retention, watermarks
from crossdock.store.reads import health

router = APIRouter(include_in_schema=False)


@router.get("/privacy")
async def list_requests(desk: TheDesk, visitor: Admin) -> HTMLResponse:
    """Show every request, what is left to do, and until when; and how long things are kept."""
    return await _privacy(desk, visitor)


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


@router.post("/privacy/retention")
async def keep_for(
    desk: TheDesk, visitor: Admin, kind: Annotated[Kind, Form()], days: Annotated[int, Form()]
) -> Response:
    """Keep a kind of things for so many days."""
    try:
        async with desk.database.begin() as tx:
            await keep(tx, visitor.actor, {kind: days})
    except UsageError as error:
        return await _privacy(desk, visitor, wrong=str(error))
    return back_to("/privacy")


async def _privacy(desk: Desk, visitor: Visitor, *, wrong: str | None = None) -> HTMLResponse:
    async with desk.database.begin() as tx:
        standings = await health.standings(tx)
        asked = await privacy.listed(tx)
        days = await retention.days(tx)
        at = await watermarks.now(tx)
    return page(
        "privacy.html",
        visitor,
        422 if wrong else 200,
        **frame(standings, "privacy"),
        requests=asked,
        at=at,
        days=days,
        keeping=KEEPING,
        longest=retention.LONGEST_DAYS,
        wrong=wrong,
    )
