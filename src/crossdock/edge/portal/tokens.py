"""The page on which admins decide what programs may do."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, Response

from crossdock.edge.desk import Desk, TheDesk
from crossdock.edge.portal.pages import frame
from crossdock.edge.portal.rendering import back_to, page
from crossdock.edge.recognizing import Visitor
from crossdock.edge.user_changes import add_token, revoke_token
from crossdock.edge.visitors import Admin
from crossdock.kit.errors import UsageError
from crossdock.model.people import Scope
from crossdock.store import api_tokens
from crossdock.store.reads import health

router = APIRouter(include_in_schema=False)


@router.get("/tokens")
async def list_tokens(desk: TheDesk, visitor: Admin) -> HTMLResponse:
    """Show what programs may do."""
    return await _tokens(desk, visitor)


@router.post("/tokens")
async def new_token(
    desk: TheDesk,
    visitor: Admin,
    name: Annotated[str, Form(max_length=500)] = "",
    scope: Annotated[list[Scope] | None, Form()] = None,
    days: Annotated[int, Form(ge=0, le=3650)] = 0,
) -> HTMLResponse:
    """Make a token, and show it this once."""
    try:
        async with desk.database.begin() as tx:
            lasting = timedelta(days=days) if days else None
            token = await add_token(tx, visitor.actor, name, scope or (), lasting)
    except UsageError as error:
        return await _tokens(desk, visitor, wrong=str(error))
    return await _tokens(desk, visitor, token=token)


@router.post("/tokens/revoke")
async def end_token(desk: TheDesk, visitor: Admin, name: Annotated[str, Form()]) -> Response:
    """Let a token open nothing any longer."""
    try:
        async with desk.database.begin() as tx:
            await revoke_token(tx, visitor.actor, name)
    except UsageError as error:
        return await _tokens(desk, visitor, wrong=str(error))
    return back_to("/tokens")


async def _tokens(desk: Desk, visitor: Visitor, *, wrong: str | None = None, token: str | None = None) -> HTMLResponse:
    """Show the page, with what went wrong or with a token that is shown this once."""
    async with desk.database.begin() as tx:
        standings = await health.standings(tx)
        at, found = await api_tokens.listed(tx)
    return page(
        "tokens.html",
        visitor,
        422 if wrong else 200,
        **frame(standings, "people"),
        at=at,
        tokens=found,
        scopes=list(Scope),
        wrong=wrong,
        token=token,
    )
