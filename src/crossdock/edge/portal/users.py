"""The page on which admins decide who may use the hub."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from crossdock.edge.desk import Desk, TheDesk
from crossdock.edge.doors import portal_of
from crossdock.edge.portal.pages import frame
from crossdock.edge.portal.rendering import back_to, page
from crossdock.edge.recognizing import Visitor
from crossdock.edge.user_changes import add_user, disable, enable, log_out, make_link, set_role, welcome_link
from crossdock.edge.visitors import Admin
from crossdock.kit.errors import UsageError
from crossdock.model.people import Role, UserId
from crossdock.store import users
from crossdock.store.one_time_links import PASSWORD
from crossdock.store.reads import health

router = APIRouter(include_in_schema=False)


@router.get("/users")
async def list_users(desk: TheDesk, visitor: Admin) -> HTMLResponse:
    """Show who may use the hub."""
    return await _users(desk, visitor)


@router.post("/users")
async def new_user(
    request: Request,
    desk: TheDesk,
    visitor: Admin,
    name: Annotated[str, Form(max_length=500)] = "",
    email: Annotated[str, Form(max_length=500)] = "",
    role: Annotated[Role, Form()] = Role.VIEWER,
) -> HTMLResponse:
    """Add a user, and show the link by which they choose a password."""
    try:
        async with desk.database.begin() as tx:
            added = await add_user(tx, visitor.actor, name, email, role)
            token = await make_link(tx, visitor.actor, added)
    except UsageError as error:
        return await _users(desk, visitor, wrong=str(error))
    return await _users(desk, visitor, link=welcome_link(portal_of(request), token), to=added.email)


@router.post("/users/{user}/link")
async def new_link(request: Request, desk: TheDesk, visitor: Admin, user: int) -> HTMLResponse:
    """Make a link by which a user chooses another password, and show it."""
    async with desk.database.begin() as tx:
        known = await users.get(tx, UserId(user))
        token = await make_link(tx, visitor.actor, known)
    return await _users(desk, visitor, link=welcome_link(portal_of(request), token), to=known.email)


@router.post("/users/{user}/role")
async def new_role(desk: TheDesk, visitor: Admin, user: int, role: Annotated[Role, Form()]) -> Response:
    """Give a user another role."""
    try:
        async with desk.database.begin() as tx:
            await set_role(tx, visitor.actor, await users.get(tx, UserId(user)), role)
    except UsageError as error:
        return await _users(desk, visitor, wrong=str(error))
    return back_to("/users")


@router.post("/users/{user}/disable")
async def disable_user(desk: TheDesk, visitor: Admin, user: int) -> Response:
    """Let a user in no longer."""
    try:
        async with desk.database.begin() as tx:
            await disable(tx, visitor.actor, await users.get(tx, UserId(user)))
    except UsageError as error:
        return await _users(desk, visitor, wrong=str(error))
    return back_to("/users")


@router.post("/users/{user}/log-out")
async def log_user_out(desk: TheDesk, visitor: Admin, user: int) -> Response:
    """End all sessions of a user, who may log in again."""
    async with desk.database.begin() as tx:
        await log_out(tx, visitor.actor, await users.get(tx, UserId(user)))
    return back_to("/users")


@router.post("/users/{user}/enable")
async def enable_user(desk: TheDesk, visitor: Admin, user: int) -> Response:
    """Let a disabled user in again."""
    async with desk.database.begin() as tx:
        await enable(tx, visitor.actor, await users.get(tx, UserId(user)))
    return back_to("/users")


async def _users(
    desk: Desk, visitor: Visitor, *, wrong: str | None = None, link: str | None = None, to: str = ""
) -> HTMLResponse:
    """Show the page, with what went wrong or with a link that is shown this once."""
    async with desk.database.begin() as tx:
        standings = await health.standings(tx)
        found = await users.listed(tx)
    return page(
        "users.html",
        visitor,
        422 if wrong else 200,
        **frame(standings, "people"),
        users=found,
        roles=list(Role),
        wrong=wrong,
        link=link,
        to=to,
        days=PASSWORD.days,
    )
