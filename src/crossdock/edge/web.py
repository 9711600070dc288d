"""The web application: webhooks, health, portal."""

import gc
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles

from crossdock.edge.api import alerts as alerts_api
from crossdock.edge.api import catalog as catalog_api
from crossdock.edge.api import configuration as configuration_api
from crossdock.edge.api import connections as connections_api
from crossdock.edge.api import description, health
from crossdock.edge.api import doctor as doctor_api
from crossdock.edge.api import holds as holds_api
from crossdock.edge.api import inventory as inventory_api
from crossdock.edge.api import mappings as mappings_api
from crossdock.edge.api import orders as orders_api
from crossdock.edge.api import overview as overview_api
from crossdock.edge.api import privacy as privacy_api
from crossdock.edge.api import proof as proof_api
from crossdock.edge.api import retention as retention_api
from crossdock.edge.api import routing as routing_api
from crossdock.edge.api import rules as rules_api
from crossdock.edge.api import shadow as shadow_api
from crossdock.edge.api import stock_mode as stock_mode_api
from crossdock.edge.api import stores as stores_api
from crossdock.edge.api import tokens as tokens_api
from crossdock.edge.api import trail as trail_api
from crossdock.edge.api import users as users_api
from crossdock.edge.denied import Denied
from crossdock.edge.desk import Desk
from crossdock.edge.doorway import Doorway
from crossdock.edge.meters import Meters
from crossdock.edge.portal import (
    account,
    alerts,
    catalog,
    channels,
    denial,
    doctor,
    holds,
    inventory,
    login,
    mappings,
    order,
    overview,
    pages,
    privacy,
    proof,
    refunds,
    routing,
    settings,
    setup,
    shadow,
    tokens,
    trail,
    users,
)
from crossdock.edge.portal.rendering import STATIC
from crossdock.edge.visitors import refuse_undeclared
from crossdock.edge.webhooks import echo
from crossdock.edge.webhooks.receive import Receiver
from crossdock.kit.errors import HubError

LARGEST_BODY: Final = 4 * 1024 * 1024
"""In bytes; forms are read before it is known who sends them. Webhooks have a limit of their own."""

PORTAL: Final = (
    login.router,
    overview.router,
    pages.router,
    order.router,
    refunds.router,
    holds.router,
    inventory.router,
    catalog.router,
    proof.router,
    alerts.router,
    channels.router,
    mappings.router,
    routing.router,
    shadow.router,
    setup.router,
    doctor.router,
    settings.router,
    privacy.router,
    account.router,
    users.router,
    tokens.router,
    trail.router,
)
"""The portal's pages; a page stands here, and its routes say what they need (`crossdock.edge.visitors`)."""


API: Final = (
    description.router,
    overview_api.router,
    proof_api.router,
    orders_api.router,
    holds_api.router,
    inventory_api.router,
    stock_mode_api.router,
    catalog_api.router,
    mappings_api.router,
    routing_api.router,
    alerts_api.router,
    stores_api.router,
    connections_api.router,
    rules_api.router,
    configuration_api.router,
    doctor_api.router,
    shadow_api.router,
    privacy_api.router,
    retention_api.router,
    users_api.router,
    tokens_api.router,
    trail_api.router,
)
"""What programs may ask of the hub as JSON, below `/api/`."""


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
    """
    Return the application that serves everything at this desk, and what stands `beside` it by its path.

    Raises TypeError where a route does not say who may use it.
    """
    app = FastAPI(
        title="Crossdock",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=settled,
        max_body_size=LARGEST_BODY,
    )
    app.state.desk = desk
    app.state.meters = meters = Meters()
    app.state.overview = overview.overview_feed(desk)
    app.router.routes.extend(Receiver(desk, meters).routes())
    for router in (health.router, echo.router, *PORTAL, *API):
        app.include_router(router)
    app.add_exception_handler(Denied, denial.denied)
    app.add_exception_handler(HubError, denial.trouble)
    app.add_exception_handler(RequestValidationError, denial.misread)
    for path, other in (beside or {}).items():
        other.state.desk = desk
        other.add_exception_handler(Denied, denial.denied)
        app.mount(path, other)
    app.mount("/static", StaticFiles(directory=STATIC))
    app.add_middleware(Doorway, doors=desk.doors)
    refuse_undeclared(app)
    return app
