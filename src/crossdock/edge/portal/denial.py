"""What is answered where a page cannot be shown: to somebody who may not see it, or while something is away."""

from urllib.parse import urlencode, urlsplit

from fastapi import Request
from fastapi.exception_handlers import request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response

from crossdock.edge.api.answering import NotThere
from crossdock.edge.denied import Denied, NotLoggedIn
from crossdock.edge.portal.rendering import page
from crossdock.kit.errors import HubError, Refused, StoreUnusable, UsageError

API = "/api/"
"""Where programs ask."""


async def denied(request: Request, error: Exception) -> Response:
    """Lead a person to the login, tell them why not, or tell a program in JSON."""
    status = error.status if isinstance(error, Denied) else 403
    if "text/html" not in request.headers.get("accept", "") or "authorization" in request.headers:
        headers = {"www-authenticate": "Bearer"} if isinstance(error, NotLoggedIn) else None
        return JSONResponse({"error": str(error)}, status, headers)
    if isinstance(error, NotLoggedIn):
        login = f"/login?{urlencode({'next': _wanted(request)})}"
        # A part of a page cannot lead anywhere, so its whole page is told to.
        if "hx-request" in request.headers:
            return Response(status_code=status, headers={"hx-redirect": login})
        return RedirectResponse(login, 303)
    visitor = getattr(request.state, "visitor", None)
    return page("trouble.html", visitor, status, title="This is not for you", sentence=str(error), again=False)


async def trouble(request: Request, error: Exception) -> Response:
    """
    Answer what cannot be shown now, or an act that is not possible; what is on the screen stays there.

    A program is told in JSON.
    """
    if request.url.path.startswith(API):
        return JSONResponse({"error": str(error)}, _status(error))
    visitor = getattr(request.state, "visitor", None)
    if isinstance(error, UsageError):
        return page("trouble.html", visitor, 422, title="This cannot be done", sentence=str(error), again=False)
    sentence = str(error) if isinstance(error, HubError) else "Something went wrong; the log tells more."
    return page("trouble.html", visitor, 503, title="This page cannot be shown now", sentence=sentence, again=True)


def _status(error: Exception) -> int:
    """What time does not mend is no 503, at which programs try again."""
    if isinstance(error, NotThere):
        return 404
    return 422 if isinstance(error, UsageError | Refused | StoreUnusable) else 503


async def misread(request: Request, error: Exception) -> Response:
    """
    Tell a program in a sentence what of its question cannot be read.

    FastAPI would send the question back with it, and secrets that stand in it.
    """
    assert isinstance(error, RequestValidationError)
    if not request.url.path.startswith(API):
        return await request_validation_exception_handler(request, error)
    said = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
    return JSONResponse({"error": f"{said}. What can be asked is described at /api/openapi.json."}, 422)


def _wanted(request: Request) -> str:
    """Return the page that a person was on, or wanted."""
    if "hx-request" in request.headers:
        shown = urlsplit(request.headers.get("hx-current-url", ""))
        return f"{shown.path or '/'}{'?' if shown.query else ''}{shown.query}"
    if request.method != "GET":
        return "/"
    return f"{request.url.path}{'?' if request.url.query else ''}{request.url.query}"
