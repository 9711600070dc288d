"""The two servers that `webhooks.py` compares: the hub, and an HMAC check alone. Same framework, same server."""

import os

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from crossdock.edge.desk import Desk
from crossdock.edge.web import settled, web_app
from crossdock.inbox.accept import Acceptance
from crossdock.inbox.keyring import Keyring
from crossdock.inbox.signature import signed_by_any
from crossdock.kit.sealing import Sealer
from crossdock.store.database import open_database

STORE = "bench.myshopify.com"
SECRET = "a secret of the bench"


def hub() -> FastAPI:
    """The real application over the database that BENCH_URL names."""
    database = open_database(os.environ["BENCH_URL"])
    keyring = Keyring(database, Sealer(os.environ["BENCH_KEY"]))
    return web_app(Desk(database, keyring, Acceptance(database)))


def check_alone() -> FastAPI:
    """Reads the body, checks the signature, answers 200."""

    async def receive(request: Request) -> Response:
        fits = signed_by_any(await request.body(), request.headers.get("x-shopify-hmac-sha256", ""), [SECRET])
        return PlainTextResponse("fits" if fits else "does not fit", 200 if fits else 401)

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=settled)
    app.router.routes.append(Route("/webhooks/shopify/{store}", receive, methods=["POST"]))
    return app
