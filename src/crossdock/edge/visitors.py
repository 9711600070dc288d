"""
Who asks, and whether they may: the one place where that is decided.

A route says what it needs by the type of its visitor: `visitor: Viewer`, `Operator`, `Admin`, or `Anyone`, who may be
nobody. A route that says nothing cannot be served: `web_app` refuses to be built with it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Final

from fastapi import Depends, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import BaseRoute, Mount

from crossdock.edge.desk import TheDesk
from crossdock.edge.doors import LOOPBACK_NAMES, Metrics, host_name
from crossdock.edge.same_origin import is_from_our_page
from crossdock.kit.errors import HubError
from crossdock.kit.tokens import derived, fingerprint, same
from crossdock.model.people import Actor, Face, Role, Scope, UserId
from crossdock.store import api_tokens, sessions
from crossdock.store.database import Database

CSRF_FIELD: Final = "csrf"
CSRF_HEADER: Final = "x-csrf-token"
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Visitor:
    """
    Somebody who is let in.

    `role` is None for a token that opens nothing but figures. `csrf` is what forms carry, `session` the fingerprint of
    the session; both are None where a token asks.
    """

    actor: Actor
    role: Role | None
    scopes: frozenset[Scope] = frozenset()
    name: str = ""
    user: UserId | None = None
    session: bytes | None = None
    csrf: str | None = field(default=None, repr=False)

    def may(self, role: str) -> bool:
        """Tell whether they may do what a role may; templates ask it by the role's word."""
        return self.role is not None and self.role.covers(Role(role))


class Denied(HubError):
    """A request that is not let in; `status` is HTTP's number for why."""

    status: ClassVar[int] = 403


class NotLoggedIn(Denied):
    """Nobody, where somebody is needed."""

    status = 401

    def __init__(self, why: str = "Log in first") -> None:
        super().__init__(f"{why}. A program sends a token: Authorization: Bearer … (crossdock tokens add).")


class NotAllowed(Denied):
    """Somebody who may not do this."""

    def __init__(self, visitor: Visitor, needed: Role) -> None:
        has = "opens the figures only" if visitor.role is None else f"is {_article(visitor.role)}"
        super().__init__(
            f"This needs the role {needed}; {visitor.actor.name} {has}. Ask an admin to do it, or for the role."
        )


class Forged(Denied):
    """A change that no page of ours asked for."""

    def __init__(self) -> None:
        super().__init__("This can only be done from a page of this portal. Open it there and try again.")


@dataclass(frozen=True, slots=True)
class Needs:
    """What a route needs of its visitor; as a dependency, it lets them in or raises Denied."""

    role: Role

    async def __call__(self, request: Request, desk: TheDesk) -> Visitor:
        """Return the visitor. Raises NotLoggedIn, NotAllowed, Forged."""
        visitor = await _who(request, desk)
        if visitor is None:
            raise NotLoggedIn
        if not visitor.may(self.role):
            raise NotAllowed(visitor, self.role)
        await _refuse_forged(request, visitor)
        return visitor


@dataclass(frozen=True, slots=True)
class NeedsByMethod:
    """What all routes of an API need, one role to read and another to change."""

    to_read: Role
    to_change: Role

    async def __call__(self, request: Request, desk: TheDesk) -> Visitor:
        """Return the visitor. Raises as Needs does."""
        return await self.of(request.method)(request, desk)

    def of(self, method: str) -> Needs:
        """Return what a method needs."""
        return Needs(self.to_read if method in _SAFE else self.to_change)


@dataclass(frozen=True, slots=True)
class NeedsNothing:
    """Says that a route is open; as a dependency, it tells who asks, if anybody."""

    async def __call__(self, request: Request, desk: TheDesk) -> Visitor | None:
        """Return the visitor, None for nobody. Raises Forged where another site's page asks for a change."""
        visitor = await _who(request, desk)
        if request.method not in _SAFE and not is_from_our_page(request):
            raise Forged
        return visitor


@dataclass(frozen=True, slots=True)
class NeedsNobody:
    """Says that a route is open and does not care who asks, nor whether the database could tell."""

    async def __call__(self) -> None:
        """Let everybody in."""


@dataclass(frozen=True, slots=True)
class NeedsMetrics:
    """Lets in who may read the figures."""

    async def __call__(self, request: Request, desk: TheDesk) -> None:
        """Raise NotLoggedIn where the door is closed and no token opens it."""
        if _stands_open(request, desk.doors.metrics):
            return
        visitor = await _who(request, desk)
        if visitor is None or not (Scope.METRICS in visitor.scopes or visitor.may(Role.VIEWER)):
            raise NotLoggedIn("The figures need a token of scope metrics")


Anyone = Annotated[Visitor | None, Depends(NeedsNothing())]
"""Who asks at an open page; None where they are not logged in."""

Viewer = Annotated[Visitor, Depends(Needs(Role.VIEWER))]
"""Somebody who may read."""

Operator = Annotated[Visitor, Depends(Needs(Role.OPERATOR))]
"""Somebody who may retry, resolve, approve and choose."""

Admin = Annotated[Visitor, Depends(Needs(Role.ADMIN))]
"""Somebody who may set up."""

Need = Needs | NeedsNothing | NeedsNobody | NeedsMetrics
"""What a route may say that it needs."""


def declared(route: APIRoute) -> Need | None:
    """Return what a route says that it needs; the strictest, where it says so twice; None where it says nothing."""
    calls = [one.call for one in _flat(route.dependant)]
    needs = [call.of(min(route.methods or {"GET"})) if isinstance(call, NeedsByMethod) else call for call in calls]
    roles = [one for one in needs if isinstance(one, Needs)]
    if roles:
        return max(roles, key=lambda one: list(Role).index(one.role))
    return next((one for one in needs if isinstance(one, Need)), None)


def api_routes(routes: Iterable[BaseRoute], under: str = "") -> Iterator[tuple[str, APIRoute]]:
    """Yield every route that FastAPI serves, by its whole path, those of mounted applications too."""
    for context in iter_route_contexts(list(routes)):
        route = context.original_route
        if isinstance(route, APIRoute):
            yield under + (context.path or ""), route
        elif isinstance(route, Mount) and isinstance(route.app, FastAPI):
            yield from api_routes(route.app.routes, under + route.path)


def refuse_undeclared(app: FastAPI) -> None:
    """Raise TypeError where a route does not say what it needs."""
    for path, route in api_routes(app.routes):
        if declared(route) is None:
            raise TypeError(
                f"{path} does not say who may use it. Give {route.endpoint.__qualname__} a parameter "
                "`visitor: Viewer`, `Operator`, `Admin` or `Anyone` (crossdock.edge.visitors)."
            )


def cookie_name(*, secure: bool) -> str:
    """Return the session cookie's name; by its prefix, browsers take it from this very host and by https only."""
    return "__Host-crossdock" if secure else "crossdock"


def address_of(request: Request) -> str | None:
    """Return the network address of who asks, as far as trusted proxies tell it."""
    return request.client.host if request.client else None


async def _who(request: Request, desk: TheDesk) -> Visitor | None:
    """Return who asks, None for nobody. Raises NotLoggedIn where a token is shown that opens nothing."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        visitor: Visitor | None = await _by_token(desk.database, token.strip(), address_of(request))
    else:
        visitor = await _by_session(desk.database, request, cookie_name(secure=desk.doors.are_https(request)))
    request.state.visitor = visitor
    return visitor


async def _by_token(database: Database, token: str, address: str | None) -> Visitor:
    async with database.begin() as tx:
        found = await api_tokens.find(tx, fingerprint(token))
    if found is None:
        raise NotLoggedIn("This token opens nothing: it is unknown, revoked or too old")
    name, scopes = found
    roles = [scope.role for scope in scopes if scope.role is not None]
    strongest = max(roles, key=list(Role).index, default=None)
    return Visitor(Actor(name, Face.API, address), strongest, frozenset(scopes), name)


async def _by_session(database: Database, request: Request, cookie: str) -> Visitor | None:
    token = request.cookies.get(cookie)
    if not token:
        return None
    session = fingerprint(token)
    async with database.begin() as tx:
        found = await sessions.find(tx, session)
        # A page that renews itself is nobody's doing: a session must end though its page stays open.
        if found is not None and "hx-request" not in request.headers:
            await sessions.seen(tx, session)
    if found is None:
        return None
    actor = Actor(found.email, Face.PORTAL, address_of(request))
    return Visitor(actor, found.role, frozenset(), found.name, found.user, session, derived(token, CSRF_FIELD))


async def _refuse_forged(request: Request, visitor: Visitor) -> None:
    """Browsers send a session's cookie by themselves, so a change needs more: our page's origin and its token."""
    if request.method in _SAFE or visitor.csrf is None:
        return
    shown = request.headers.get(CSRF_HEADER)
    if shown is None and request.headers.get("content-type", "").startswith(
        ("application/x-www-form-urlencoded", "multipart/form-data")
    ):
        given = (await request.form()).get(CSRF_FIELD)
        shown = given if isinstance(given, str) else None
    if not is_from_our_page(request) or shown is None or not same(shown, visitor.csrf):
        raise Forged


def _stands_open(request: Request, metrics: Metrics) -> bool:
    if metrics is Metrics.LOOPBACK:
        # A proxy on this machine asks from here for somebody elsewhere; most say so, and call us by a public name.
        forwarded = any(name.startswith("x-forwarded") or name == "forwarded" for name in request.headers)
        here = address_of(request) in LOOPBACK_NAMES and host_name(request.headers.get("host")) in LOOPBACK_NAMES
        return here and not forwarded
    return metrics is Metrics.OPEN


def _flat(dependant: Dependant) -> Iterator[Dependant]:
    for one in dependant.dependencies:
        yield one
        yield from _flat(one)


def _article(role: Role) -> str:
    return f"{'a' if role is Role.VIEWER else 'an'} {role}"
