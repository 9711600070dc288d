"""`/api/users`: who may use the hub, for a program of an admin's. It never sets a password; people choose theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Path, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from crossdock.edge.api.answering import NotThere, Wrong, json_of
from crossdock.edge.desk import TheDesk
from crossdock.edge.doors import portal_of
from crossdock.edge.user_changes import add_user, disable, enable, log_out, make_link, set_role, welcome_link
from crossdock.edge.visitors import Admin
from crossdock.model.people import Role, UserId
from crossdock.store import sessions, users
from crossdock.store.database import Tx
from crossdock.store.one_time_links import PASSWORD
from crossdock.store.sessions import Session
from crossdock.store.users import UnknownUser, User

router = APIRouter(prefix="/api/users", tags=["people"])

Number = Annotated[int, Path(ge=1, lt=2**63, description="The hub's number of the user.")]
_NOBODY: Final[dict[int | str, dict[str, Any]]] = {404: {"model": Wrong}}


@dataclass(frozen=True, slots=True)
class Person:
    """A user. Who has chosen no password yet, or is disabled, may not log in."""

    id: UserId
    name: str
    email: str
    role: Role
    may_log_in: bool
    has_password: bool
    added_at: datetime
    disabled_at: datetime | None


@dataclass(frozen=True, slots=True)
class People:
    """The users, by name."""

    users: Sequence[Person]


@dataclass(frozen=True, slots=True)
class WholePerson:
    """A user, and where they are logged in, as of `at`; the session that was used last first."""

    at: datetime
    user: Person
    sessions: Sequence[Session]


@dataclass(frozen=True, slots=True)
class LinkMade:
    """A user, and the link by which they choose a password: good once, for so many days, and shown this once."""

    user: Person
    link: str
    days: int


@dataclass(frozen=True, slots=True)
class LoggedOut:
    """A user, and how many sessions of theirs were ended."""

    user: Person
    ended: int


class NewUser(BaseModel):
    """Somebody who is to use the hub."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=500, description="What people call them.")
    email: str = Field(max_length=500, description="The e-mail address by which they log in.")
    role: Role = Field(default=Role.VIEWER, description="What they may do.")


@router.get("", response_model=People)
async def list_users(desk: TheDesk, visitor: Admin) -> JSONResponse:  # noqa: ARG001 - who may is asked
    """Return who may use the hub."""
    async with desk.database.begin() as tx:
        return json_of(People([_person(one) for one in await users.listed(tx)]))


@router.post("", response_model=LinkMade)
async def new_user(request: Request, desk: TheDesk, visitor: Admin, wanted: NewUser) -> JSONResponse:
    """Add a user, and return the link by which they choose a password."""
    async with desk.database.begin() as tx:
        added = await add_user(tx, visitor.actor, wanted.name, wanted.email, wanted.role)
        token = await make_link(tx, visitor.actor, added)
    return json_of(LinkMade(_person(added), welcome_link(portal_of(request), token), PASSWORD.days))


@router.get("/{user}", response_model=WholePerson, responses=_NOBODY)
async def show_user(desk: TheDesk, visitor: Admin, user: Number) -> JSONResponse:  # noqa: ARG001 - who may is asked
    """Return a user, and where they are logged in."""
    async with desk.database.begin() as tx:
        known = await _known(tx, user)
        at, open_ = await sessions.of_user(tx, known.id)
    return json_of(WholePerson(at, _person(known), open_))


@router.post("/{user}/role", response_model=Person, responses=_NOBODY)
async def new_role(
    desk: TheDesk, visitor: Admin, user: Number, role: Annotated[Role, Body(embed=True)]
) -> JSONResponse:
    """Give a user another role, which counts from their next click. Refused where no admin would be left."""
    async with desk.database.begin() as tx:
        await set_role(tx, visitor.actor, await _known(tx, user), role)
        return json_of(_person(await _known(tx, user)))


@router.post("/{user}/link", response_model=LinkMade, responses=_NOBODY)
async def new_link(request: Request, desk: TheDesk, visitor: Admin, user: Number) -> JSONResponse:
    """Make a link by which a user chooses another password; the old one works until then."""
    async with desk.database.begin() as tx:
        known = await _known(tx, user)
        token = await make_link(tx, visitor.actor, known)
    return json_of(LinkMade(_person(known), welcome_link(portal_of(request), token), PASSWORD.days))


@router.post("/{user}/disable", response_model=Person, responses=_NOBODY)
async def disable_user(desk: TheDesk, visitor: Admin, user: Number) -> JSONResponse:
    """Let a user in no longer, from their next click on. Refused where no admin would be left."""
    async with desk.database.begin() as tx:
        await disable(tx, visitor.actor, await _known(tx, user))
        return json_of(_person(await _known(tx, user)))


@router.post("/{user}/enable", response_model=Person, responses=_NOBODY)
async def enable_user(desk: TheDesk, visitor: Admin, user: Number) -> JSONResponse:
    """Let a disabled user in again."""
    async with desk.database.begin() as tx:
        await enable(tx, visitor.actor, await _known(tx, user))
        return json_of(_person(await _known(tx, user)))


@router.post("/{user}/log-out", response_model=LoggedOut, responses=_NOBODY)
async def log_user_out(desk: TheDesk, visitor: Admin, user: Number) -> JSONResponse:
    """End all sessions of a user, who may log in again."""
    async with desk.database.begin() as tx:
        known = await _known(tx, user)
        ended = await log_out(tx, visitor.actor, known)
    return json_of(LoggedOut(_person(known), ended))


async def _known(tx: Tx, number: int) -> User:
    """Return the user of this number. Raises NotThere."""
    try:
        return await users.get(tx, UserId(number))
    except UnknownUser as error:
        raise NotThere(f"There is no user {number}. They are listed at /api/users.") from error


def _person(user: User) -> Person:
    return Person(
        id=user.id,
        name=user.name,
        email=user.email,
        role=user.role,
        may_log_in=user.password and user.disabled_at is None,
        has_password=user.password,
        added_at=user.added_at,
        disabled_at=user.disabled_at,
    )
