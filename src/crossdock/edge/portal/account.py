"""The page of whoever is logged in: their sessions, their password."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse

from crossdock.edge.denied import NotLoggedIn
from crossdock.edge.desk import Desk, TheDesk
from crossdock.edge.logging_in import TooManyTries, WrongLogin, check_password
from crossdock.edge.portal.pages import frame
from crossdock.edge.portal.rendering import page
from crossdock.edge.recognizing import Visitor
from crossdock.edge.user_changes import set_password
from crossdock.edge.visitors import Viewer
from crossdock.kit.errors import UsageError
from crossdock.kit.passwords import SHORTEST
from crossdock.store import sessions, users
from crossdock.store.reads import health

router = APIRouter(include_in_schema=False)


@router.get("/account")
async def show_account(desk: TheDesk, visitor: Viewer) -> HTMLResponse:
    """Show who is logged in, and where."""
    return await _account(desk, visitor)


@router.post("/account/password")
async def change_password(
    desk: TheDesk,
    visitor: Viewer,
    old: Annotated[str, Form(max_length=10_000)] = "",
    password: Annotated[str, Form(max_length=10_000)] = "",
) -> HTMLResponse:
    """Change one's own password, which logs one out everywhere else."""
    if visitor.user is None:
        raise NotLoggedIn("A token has no password. Log in as a person")
    try:
        user = await check_password(desk.database, visitor.actor.name, old, visitor.actor.address)
        async with desk.database.begin() as tx:
            await set_password(tx, visitor.actor, await users.get(tx, user), password, but=visitor.session)
    except WrongLogin:
        return await _account(desk, visitor, wrong="The old password is another one. Nothing was changed.")
    except (UsageError, TooManyTries) as error:
        return await _account(desk, visitor, wrong=str(error))
    return await _account(desk, visitor, done=True)


async def _account(desk: Desk, visitor: Visitor, *, wrong: str | None = None, done: bool = False) -> HTMLResponse:
    if visitor.user is None:
        raise NotLoggedIn("A token has no account. Log in as a person")
    async with desk.database.begin() as tx:
        standings = await health.standings(tx)
        at, mine = await sessions.of_user(tx, visitor.user)
    return page(
        "account.html",
        visitor,
        422 if wrong else 200,
        **frame(standings, "account"),
        at=at,
        sessions=mine,
        shortest=SHORTEST,
        wrong=wrong,
        done=done,
    )
