"""Another sealing key while everything runs: nothing is ever without a key that opens it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import LargeBinary

from crossdock.app import secret_keys
from crossdock.app.hub import Hub, open_hub
from crossdock.app.settings import settings_from
from crossdock.kit.errors import UsageError
from crossdock.kit.sealing import KEY_FILE, KEY_VARIABLE, Sealer, sealer_for
from crossdock.model.connection import Connection, Rules
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, ShopDomain
from crossdock.model.people import Actor, Face
from crossdock.store import connections, stores
from crossdock.store.resealing import sealed_columns
from crossdock.store.schema import metadata
from crossdock.store.stores import Credentials

ACME = ShopDomain("acme.myshopify.com")
MADE = ConnectionId("acme")
ROOT = Actor("root", Face.COMMAND_LINE)


@pytest.fixture
async def hub(database_url: str, tmp_path: Path) -> AsyncIterator[Hub]:
    """A hub with a store of two client secrets and a connection: four secrets."""
    settings = settings_from(data=tmp_path, database_url=database_url)
    async with open_hub(settings, lambda _: None) as opened:
        async with opened.database.begin() as tx:
            credentials = Credentials("token", ("newer", "older"))
            await stores.add(tx, ACME, credentials, opened.sealer, api_version="2026-07")
            connection = Connection(MADE, ACME, "builtin", frozenset(Flow), Rules(), {})
            await connections.add(tx, connection, '{"a": 1}', opened.sealer)
        yield opened


async def _read(hub: Hub, sealer: Sealer) -> tuple[Credentials, str]:
    async with hub.database.begin() as tx:
        return await stores.credentials_of(tx, ACME, sealer), await connections.settings_of(tx, MADE, sealer)


async def test_everything_is_sealed_anew_and_a_process_that_was_running_goes_on(hub: Hub, tmp_path: Path) -> None:
    running = sealer_for(tmp_path)
    before = await secret_keys.sealed(hub)

    after = await secret_keys.rotate(hub, ROOT)

    [old] = before.by_key
    new = next(iter(after.by_key))
    assert (before.by_key, after.by_key) == ({old: 4}, {new: 4, old: 0})
    assert await _read(hub, running) == (Credentials("token", ("newer", "older")), '{"a": 1}')


async def test_a_process_that_was_running_seals_with_the_new_key_from_then_on(hub: Hub, tmp_path: Path) -> None:
    running = sealer_for(tmp_path)

    await secret_keys.rotate(hub, ROOT)

    newest = sealer_for(tmp_path).keys[0]
    assert running.key_of(running.seal("a new token")) == newest


async def test_the_new_key_alone_opens_everything(hub: Hub, tmp_path: Path) -> None:
    await secret_keys.rotate(hub, ROOT)

    newest = Sealer((tmp_path / KEY_FILE).read_text().split()[0])
    assert await _read(hub, newest) == (Credentials("token", ("newer", "older")), '{"a": 1}')


async def test_the_key_before_the_last_is_dropped(hub: Hub, tmp_path: Path) -> None:
    first = sealer_for(tmp_path).keys
    for _ in range(3):
        await secret_keys.rotate(hub, ROOT)

    left = sealer_for(tmp_path).keys
    assert len(left) == 2
    assert not set(first) & set(left)
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o077 == 0


async def test_a_rotation_that_was_killed_midway_is_finished_by_the_next(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("crossdock.store.resealing.seal_anew", killed)
        with pytest.raises(KeyboardInterrupt):
            await secret_keys.rotate(hub, ROOT)
    between = await _read(hub, sealer_for(tmp_path))
    done = await secret_keys.rotate(hub, ROOT)

    assert between == (Credentials("token", ("newer", "older")), '{"a": 1}')
    assert list(done.by_key.values()) == [4, 0]


async def test_a_secret_that_no_key_opens_stops_the_rotation_before_anything_is_lost(hub: Hub, tmp_path: Path) -> None:
    stranger = Sealer(Fernet.generate_key().decode())
    async with hub.database.begin() as tx:
        await stores.add(
            tx, ShopDomain("other.myshopify.com"), Credentials("t", ("s",)), stranger, api_version="2026-07"
        )

    with pytest.raises(UsageError, match="sealed with another key"):
        await secret_keys.rotate(hub, ROOT)

    assert await _read(hub, sealer_for(tmp_path)) == (Credentials("token", ("newer", "older")), '{"a": 1}')


async def test_keys_of_the_environment_are_followed_newest_first(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = (tmp_path / KEY_FILE).read_text().strip(), Fernet.generate_key().decode()
    monkeypatch.setenv(KEY_VARIABLE, old)
    with pytest.raises(UsageError, match=f"{KEY_VARIABLE}=NEW,OLD"):
        await secret_keys.rotate(hub, ROOT)

    monkeypatch.setenv(KEY_VARIABLE, f"{new},{old}")
    hub.sealer = sealer_for(tmp_path)
    done = await secret_keys.rotate(hub, ROOT)

    assert list(done.by_key.values()) == [4, 0]
    assert await _read(hub, Sealer(new)) == (Credentials("token", ("newer", "older")), '{"a": 1}')


def test_every_column_of_bytes_is_sealed_or_is_known_not_to_be() -> None:
    no_secret = {
        "inbox.body",
        "sessions.fingerprint",
        "one_time_links.fingerprint",
        "api_tokens.fingerprint",
        "installs.state",
        "installs.session",
    }
    bytes_ = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(getattr(column.type, "item_type", column.type), LargeBinary)
    }

    sealed = {f"{table.name}.{column.name}" for table, column in sealed_columns()}

    assert bytes_ - sealed == no_secret
    assert sealed == {
        "stores.token",
        "stores.refresh_token",
        "stores.secrets",
        "connections.settings",
        "channels.settings",
        "installs.secret",
    }
