"""A store with two connections: one follows everything, the other stock only."""

import pytest
from cryptography.fernet import Fernet

from crossdock.kit.sealing import Sealer
from crossdock.model.connection import Connection, Rules
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, ShopDomain
from crossdock.store import connections, stores
from crossdock.store.database import Database

ACME = ShopDomain("acme.myshopify.com")


@pytest.fixture
def sealer() -> Sealer:
    return Sealer(Fernet.generate_key().decode())


@pytest.fixture
async def acme(database: Database, sealer: Sealer) -> ShopDomain:
    """The domain of the store, which is in the database."""
    async with database.begin() as tx:
        await stores.add(tx, ACME, stores.Credentials("token", ("newer", "older")), sealer, api_version="2026-07")
        for name, flows in (("whole", frozenset(Flow)), ("stock", frozenset({Flow.INVENTORY}))):
            connection = Connection(ConnectionId(name), ACME, "builtin", flows, Rules(), {})
            await connections.add(tx, connection, "{}", sealer)
    return ACME
