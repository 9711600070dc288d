"""The web application at a real desk: a real database, requests through ASGI, or over HTTP from a real browser."""

import asyncio
import socket
from collections.abc import AsyncIterator

import httpx
import pytest
import uvicorn
from cryptography.fernet import Fernet
from fastapi import FastAPI
from playwright.async_api import Browser, async_playwright
from tests.edge.chromium import CHROMIUM, AdasBrowser
from tests.edge.edge_desk import ACME, SECRET, HandClock, Person, a_person, a_token
from tests.edge.portal_seed import a_morning

from crossdock.edge.desk import Desk
from crossdock.edge.doors import Doors
from crossdock.edge.web import web_app
from crossdock.inbox.accept import Acceptance
from crossdock.inbox.keyring import Keyring
from crossdock.kit.sealing import Sealer
from crossdock.model.connection import Connection, Rules
from crossdock.model.deed import Deed
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, ShopDomain
from crossdock.model.people import Actor, Face, Role, Scope
from crossdock.store import audit, connections, stores
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


@pytest.fixture
async def portal(app: FastAPI, database: Database, acme: ShopDomain) -> AsyncIterator[str]:
    """The address of a portal that shows a morning's orders, some users and a token."""
    await a_morning(database)
    await a_person(database, Role.VIEWER, "grace with a name that is longer than a phone is wide")
    await a_token(database, Scope.READ, Scope.METRICS)
    async with database.begin() as tx:
        root = Actor("root", Face.COMMAND_LINE)
        await audit.record(tx, root, Deed.RULES_CHANGED, "acme", before={"buffer": 0}, after={"buffer": 2})
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        await app.state.overview.close()
        server.should_exit = True
        await serving


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
        )
        yield launched
        await launched.close()


@pytest.fixture
def browser(chromium: Browser, ada: Person) -> AdasBrowser:
    return AdasBrowser(chromium, ada)
