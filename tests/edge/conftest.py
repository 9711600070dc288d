"""The web application at a real desk: a real database, requests through ASGI."""

from collections.abc import AsyncIterator

import httpx
import pytest
from cryptography.fernet import Fernet
from fastapi import FastAPI
from tests.edge.edge_desk import ACME, SECRET, Asked, HandClock

from crossdock.edge.desk import Desk
from crossdock.edge.web import web_app
from crossdock.inbox.accept import Acceptance
from crossdock.inbox.keyring import Keyring
from crossdock.kit.sealing import Sealer
from crossdock.model.connection import Connection, Rules
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, ShopDomain
from crossdock.store import connections, stores
from crossdock.store.database import Database


@pytest.fixture
def sealer() -> Sealer:
    return Sealer(Fernet.generate_key().decode())


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
async def acme(database: Database, sealer: Sealer) -> ShopDomain:
    async with database.begin() as tx:
        await stores.add(tx, ACME, stores.Credentials("token", (SECRET, "older")), sealer, api_version="2026-07")
        connection = Connection(ConnectionId("acme"), ACME, "builtin", frozenset(Flow), Rules(), {})
        await connections.add(tx, connection, "{}", sealer)
    return ACME


@pytest.fixture
def app(database: Database, sealer: Sealer, clock: HandClock, asked: Asked) -> FastAPI:
    return web_app(Desk(database, Keyring(database, sealer, monotonic=clock), Acceptance(database), asked))


@pytest.fixture
async def web(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://crossdock.test") as client:
        yield client
