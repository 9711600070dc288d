"""
The web application: webhooks, health, portal.

It has no login yet: bind it to a loopback address, and let a reverse proxy pass on `/webhooks/` only.
"""

from fastapi import FastAPI

from crossdock.edge.api import health
from crossdock.edge.desk import Desk
from crossdock.edge.meters import Meters
from crossdock.edge.webhooks.receive import Receiver


def web_app(desk: Desk) -> FastAPI:
    """Return the application that serves everything at this desk."""
    app = FastAPI(title="Crossdock", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.desk = desk
    app.state.meters = meters = Meters()
    app.router.routes.extend(Receiver(desk, meters).routes())
    app.include_router(health.router)
    return app
