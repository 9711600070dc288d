"""
The web application: webhooks, health, portal.

It has no login yet: bind it to a loopback address, and let a reverse proxy pass on `/webhooks/` only.
"""

import gc
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from crossdock.edge.api import health
from crossdock.edge.desk import Desk
from crossdock.edge.meters import Meters
from crossdock.edge.portal import pages, privacy, proof
from crossdock.edge.portal.rendering import STATIC
from crossdock.edge.webhooks.receive import Receiver
from crossdock.kit.errors import HubError


@asynccontextmanager
async def settled(_app: FastAPI) -> AsyncIterator[None]:
    """
    Let the garbage collector pass over what was loaded at the start, and come less often.

    Each webhook makes hundreds of short-lived objects; walking over all modules again and again on their account took
    a quarter of the time that the hub spends on one (measured on Python 3.11).
    """
    gc.collect()
    gc.freeze()
    before = gc.get_threshold()
    gc.set_threshold(10_000, 10, 10)
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


def web_app(desk: Desk, beside: Mapping[str, FastAPI] | None = None) -> FastAPI:
    """Return the application that serves everything at this desk, and what stands `beside` it by its path."""
    app = FastAPI(title="Crossdock", docs_url=None, redoc_url=None, openapi_url=None, lifespan=settled)
    app.state.desk = desk
    app.state.meters = meters = Meters()
    app.router.routes.extend(Receiver(desk, meters).routes())
    app.include_router(health.router)
    app.include_router(pages.router)
    app.include_router(proof.router)
    app.include_router(privacy.router)
    app.add_exception_handler(HubError, pages.trouble)
    for path, other in (beside or {}).items():
        app.mount(path, other)
    app.mount("/static", StaticFiles(directory=STATIC))
    return app
