"""A store with a connection, an hour that a test moves, and receivers on this machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from tests.alerts.alert_bench import ACME, SHOP, Bench
from tests.alerts.receivers import MailServer, Receiver, mail_server, webhook_receiver

from crossdock.app.alerts.deliver import WayOut
from crossdock.kit.sealing import Sealer
from crossdock.model.connection import Connection, Rules
from crossdock.model.flow import Flow
from crossdock.store import connections, stores
from crossdock.store.database import Database


@pytest.fixture
async def bench(database: Database) -> Bench:
    """An installation with one store, and nobody told of anything."""
    sealer = Sealer(Fernet.generate_key().decode())
    async with database.begin() as tx:
        await stores.add(tx, SHOP, stores.Credentials("token", ("secret",)), sealer, api_version="2026-07")
        await connections.add(tx, Connection(ACME, SHOP, "builtin", frozenset(Flow), Rules(), {}), "{}", sealer)
    return Bench(WayOut(database, sealer, private=False))


@pytest.fixture
def mail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A mail server whose certificate this machine trusts."""
    with mail_server(tmp_path) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
        yield server


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A program that takes webhooks."""
    with webhook_receiver() as served:
        yield served
