"""
Who asks, and whether they may: the one place where that is decided.

A route says what it needs by the type of its visitor: `visitor: Viewer`, `Operator`, `Admin`, or `Anyone`, who may be
nobody. A route that says nothing cannot be served: `web_app` refuses to be built with it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import BaseRoute, Mount

from crossdock.edge.denied import Forged, NotAllowed, NotLoggedIn
from crossdock.edge.desk import TheDesk
from crossdock.edge.doors import LOOPBACK_NAMES, Metrics, host_name
from crossdock.edge.recognizing import CSRF_FIELD, Visitor, address_of, recognize
from crossdock.edge.same_origin import is_from_our_page
from crossdock.kit.tokens import same
from crossdock.model.people import Role, Scope

CSRF_HEADER: Final = "x-csrf-token"
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OPEN_BY_NATURE: Final = ("/webhooks/", "/static")  # signed, or the same for everybody


@dataclass(frozen=True, slots=True)
class Needs:
    """What a route needs of its visitor; as a dependency, it lets them in or raises Denied."""

    role: Role

    async def __call__(self, request: Request, desk: TheDesk) -> Visitor:
        """Return the visitor. Raises NotLoggedIn, NotAllowed, Forged."""
        visitor = await recognize(request, desk)
        if visitor is None:
            raise NotLoggedIn
        if not visitor.may(self.role):
            raise NotAllowed(visitor.actor.name, visitor.role, self.role)
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
        visitor = await recognize(request, desk)
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
        visitor = await recognize(request, desk)
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


def served(routes: Iterable[BaseRoute], under: str = "") -> Iterator[tuple[str, BaseRoute]]:
    """Yield every route by its whole path, those of mounted applications too."""
    for context in iter_route_contexts(list(routes)):
        route = context.original_route
        if isinstance(route, Mount) and isinstance(route.app, FastAPI):
            yield from served(route.app.routes, under + route.path)
        else:
            yield under + (context.path or ""), route


def refuse_undeclared(app: FastAPI) -> None:
    """Raise TypeError where a route does not say what it needs."""
    for path, route in served(app.routes):
        if isinstance(route, APIRoute):
            if declared(route) is None:
                raise TypeError(
                    f"{path} does not say who may use it. Give {route.endpoint.__qualname__} a parameter "
                    "`visitor: Viewer`, `Operator`, `Admin` or `Anyone` (crossdock.edge.visitors)."
                )
        elif not path.startswith(_OPEN_BY_NATURE):
            raise TypeError(f"{path} is no route of FastAPI's, so it cannot ask who comes. Make it one.")


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
