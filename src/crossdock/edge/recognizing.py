"""Who asks: the person whose session a cookie opens, or the program whose token is shown."""

from dataclasses import dataclass, field
from typing import Final

from fastapi import Request

from crossdock.edge.denied import NotLoggedIn
from crossdock.edge.desk import Desk
from crossdock.kit.tokens import derived, fingerprint
from crossdock.model.people import Actor, Face, Role, Scope, UserId
from crossdock.store import api_tokens, sessions
from crossdock.store.database import Database

CSRF_FIELD: Final = "csrf"
"""The field of a form that carries its session's token."""


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


def cookie_name(*, secure: bool) -> str:
    """Return the session cookie's name; by its prefix, browsers take it from this very host and by https only."""
    return "__Host-crossdock" if secure else "crossdock"


def address_of(request: Request) -> str | None:
    """Return the network address of who asks, as far as trusted proxies tell it."""
    return request.client.host if request.client else None


async def recognize(request: Request, desk: Desk) -> Visitor | None:
    """Return who asks, None for nobody. Raises NotLoggedIn where a token is shown that opens nothing."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        visitor: Visitor | None = await _by_token(desk.database, token.strip(), address_of(request))
    else:
        visitor = await _by_session(desk.database, request, cookie_name(secure=desk.doors.are_https(request)))
    request.state.visitor = visitor
    return visitor


def _renews_itself(request: Request) -> bool:
    """Tell whether a page asks, and not the person before it: by htmx, or for events that browsers ask for anew."""
    return "hx-request" in request.headers or "text/event-stream" in request.headers.get("accept", "")


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
        if found is not None and not _renews_itself(request):
            await sessions.seen(tx, session)
    if found is None:
        return None
    actor = Actor(found.email, Face.PORTAL, address_of(request))
    return Visitor(actor, found.role, frozenset(), found.name, found.user, session, derived(token, CSRF_FIELD))
