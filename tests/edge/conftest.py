"""The web application at a real desk: a real database, requests through ASGI."""

from collections.abc import AsyncIterator

import httpx
import pytest
from cryptography.fernet import Fernet
from fastapi import FastAPI
from tests.edge.edge_desk import ACME, SECRET, HandClock, Person, a_person

from crossdock.edge.desk import Desk
from crossdock.edge.doors import Doors
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
async def acme(database: Database, sealer: Sealer) -> ShopDomain:
    async with database.begin() as tx:
        await stores.add(tx, ACME, stores.Credentials("token", (SECRET, "older")), sealer, api_version="2026-07")
        connection = Connection(ConnectionId("acme"), ACME, "builtin", frozenset(Flow), Rules(), {})
        await connections.add(tx, connection, "{}", sealer)
    return ACME


@pytest.fixture
def app(database: Database, sealer: Sealer, clock: HandClock) -> FastAPI:
    keyring = Keyring(database, sealer, monotonic=clock)
    return web_app(Desk(database, keyring, Acceptance(database), Doors(hosts=frozenset({"crossdock.test"}))))


@pytest.fixture
async def stranger(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A browser, or a program, of somebody who is not logged in."""
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://crossdock.test") as client:
        yield client


@pytest.fixture
async def ada(database: Database) -> Person:
    """An admin."""
    return await a_person(database, name="ada")


@pytest.fixture
async def web(stranger: httpx.AsyncClient, ada: Person) -> httpx.AsyncClient:
    """A browser in which an admin is logged in."""
    ada.sit_down(stranger)
    return stranger
