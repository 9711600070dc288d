"""The pages before the portal: log in, log out, and the link by which a password is chosen."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from crossdock.edge.desk import Desk, TheDesk
from crossdock.edge.logging_in import TooManyTries, WrongLogin, begin_session, log_in
from crossdock.edge.portal.rendering import back_to, page
from crossdock.edge.recognizing import address_of, cookie_name
from crossdock.edge.user_changes import add_user, set_password
from crossdock.edge.visitors import Anyone, Viewer
from crossdock.kit.errors import UsageError
from crossdock.kit.passwords import SHORTEST
from crossdock.kit.tokens import fingerprint
from crossdock.model.people import Actor, Face, Role, UserId
from crossdock.store import one_time_links, sessions, users
from crossdock.store.database import Tx
from crossdock.store.users import User

router = APIRouter(include_in_schema=False)


@router.get("/login")
async def show_login(
    desk: TheDesk,
    visitor: Anyone,
    wanted: Annotated[str, Query(alias="next")] = "/",
) -> Response:
    """Ask who it is."""
    if visitor is not None and visitor.user is not None:
        return back_to(wanted)
    async with desk.database.begin() as tx:
        anyone = await users.is_anyone(tx)
    return page("login.html", None, wanted=wanted, email="", wrong=None, anyone=anyone)


@router.post("/login")
async def check_login(
    request: Request,
    desk: TheDesk,
    _visitor: Anyone,
    email: Annotated[str, Form(max_length=500)] = "",
    password: Annotated[str, Form(max_length=10_000)] = "",
    wanted: Annotated[str, Form(alias="next")] = "/",
) -> Response:
    """Log in, and lead to the page that was wanted."""
    try:
        token = await log_in(desk.database, email, password, address_of(request))
    except (WrongLogin, TooManyTries) as error:
        return page("login.html", None, error.status, wanted=wanted, email=email, wrong=str(error), anyone=True)
    return _with_session(back_to(wanted), request, desk, token)


@router.post("/logout")
async def log_out(request: Request, desk: TheDesk, visitor: Viewer) -> Response:
    """Log out of this session."""
    if visitor.session is not None:
        async with desk.database.begin() as tx:
            await sessions.end(tx, visitor.session)
    secure = desk.doors.are_https(request)
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(cookie_name(secure=secure), secure=secure, httponly=True, samesite="lax")
    return answer


@dataclass(frozen=True, slots=True)
class _Welcome:
    """For whom a link is good; no user means the first admin."""

    user: User | None


@router.get("/welcome/{token}")
async def show_welcome(desk: TheDesk, _visitor: Anyone, token: str) -> HTMLResponse:
    """Ask for a password, and who they are of the first admin. Looking at it does not use the link up."""
    async with desk.database.begin() as tx:
        found = await _welcome(tx, await one_time_links.find(tx, fingerprint(token)))
    return _spent() if found is None else _ask(found, token)


@router.post("/welcome/{token}")
async def choose_password(
    request: Request,
    desk: TheDesk,
    _visitor: Anyone,
    token: str,
    name: Annotated[str, Form(max_length=500)] = "",
    email: Annotated[str, Form(max_length=500)] = "",
    password: Annotated[str, Form(max_length=10_000)] = "",
) -> Response:
    """Use the link up: keep the password, and log in."""
    address = address_of(request)
    found: _Welcome | None = None
    try:
        async with desk.database.begin() as tx:
            # An error rolls all of it back, so that a password that is too short does not cost the link.
            found = await _welcome(tx, await one_time_links.use(tx, fingerprint(token)))
            if found is None:
                return _spent()
            if found.user is None:
                by = Actor(users.normal(email), Face.PORTAL, address)
                user = await add_user(tx, by, name, email, Role.ADMIN, password)
            else:
                user = found.user
                await set_password(tx, Actor(user.email, Face.PORTAL, address), user, password)
            session = await begin_session(tx, user.id, address)
    except UsageError as error:
        return _ask(found or _Welcome(None), token, name, email, str(error))
    return _with_session(back_to("/"), request, desk, session)


async def _welcome(tx: Tx, link: tuple[UserId | None] | None) -> _Welcome | None:
    """Return for whom the link is good; the first admin's is not once there is a user."""
    if link is None:
        return None
    (user,) = link
    if user is None:
        return None if await users.is_anyone(tx) else _Welcome(None)
    known = await users.get(tx, user)
    return None if known.disabled_at is not None else _Welcome(known)


def _ask(welcome: _Welcome, token: str, name: str = "", email: str = "", wrong: str | None = None) -> HTMLResponse:
    return page(
        "welcome.html",
        None,
        422 if wrong else 200,
        token=token,
        user=welcome.user,
        name=name,
        email=email,
        wrong=wrong,
        shortest=SHORTEST,
    )


def _spent() -> HTMLResponse:
    return page(
        "trouble.html",
        None,
        404,
        title="This link is good no longer",
        sentence="It was used, or it is too old. Ask an admin for another; on the hub's own machine, "
        "crossdock users password makes one.",
        again=False,
    )


def _with_session(answer: RedirectResponse, request: Request, desk: Desk, token: str) -> RedirectResponse:
    secure = desk.doors.are_https(request)
    answer.set_cookie(
        cookie_name(secure=secure),
        token,
        max_age=int(sessions.LONGEST.total_seconds()),
        secure=secure,
        httponly=True,
        samesite="lax",
    )
    return answer
