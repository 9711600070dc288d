"""The doctor says what is wrong and what to do, and exits with 1 where something fails."""

from pathlib import Path
from typing import Any

from tests.cli.terminal import Terminal, let_the_token_be_worthless

from crossdock.kit.sealing import KEY_FILE
from shopify_standin.testing import RunningStandin


def _verdicts(document: Any) -> dict[str, str]:
    return {check["subject"]: check["verdict"] for check in document["checks"]}


def test_a_connection_that_was_synced_and_mapped_is_healthy(terminal: Terminal, shop: RunningStandin) -> None:
    terminal.read("warehouse", "add", "MAIN", "Main warehouse")
    terminal.add_store(shop)
    terminal.read("connect", shop.shop_domain)
    terminal.read("sync", "standin")

    found = terminal.data_of("doctor")

    assert found["healthy"] is True
    assert _verdicts(found) == {
        "Database": "ok",
        f"Store {shop.shop_domain}": "ok",
        f"Store {shop.shop_domain}, webhooks": "warn",
        "Connection standin, backend": "ok",
        "Connection standin, scopes": "ok",
        "Connection standin, locations": "ok",
        "Connection standin, SKUs": "ok",
        "Connection standin, variants without a code": "ok",
        "Connection standin, archived products": "ok",
        "Connection standin, addresses": "ok",
        "Connection standin, other stores": "ok",
        "Connection standin, proof": "ok",
        "Connection standin, both sides": "ok",
        "Connection standin, pending": "ok",
        "Connection standin, holds": "ok",
    }


def test_a_new_connection_is_warned_of_what_is_missing(terminal: Terminal, shop: RunningStandin) -> None:
    terminal.add_store(shop)
    terminal.read("connect", shop.shop_domain)

    found = _verdicts(terminal.data_of("doctor"))

    assert found["Connection standin, locations"] == "warn"
    assert found["Connection standin, proof"] == "warn"


def test_a_store_that_refuses_its_token_fails(terminal: Terminal, shop: RunningStandin) -> None:
    terminal.add_store(shop)
    let_the_token_be_worthless(terminal, shop)

    screen = terminal.type("doctor")

    assert screen.code == 1
    assert "does not accept the access token" in screen.out


def test_another_sealing_key_fails(terminal: Terminal, shop: RunningStandin, tmp_path: Path) -> None:
    terminal.add_store(shop)
    (tmp_path / KEY_FILE).unlink()

    screen = terminal.type("doctor")

    assert screen.code == 1
    assert "sealed with another key" in screen.out


def test_a_database_that_cannot_be_reached_is_a_finding(terminal: Terminal) -> None:
    away = Terminal(terminal.data, "postgresql://nobody@127.0.0.1:9/none", terminal.capsys)

    screen = away.type("doctor")

    assert screen.code == 1
    assert "Database" in screen.out
