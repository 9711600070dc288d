"""What a person types to forget a customer, to say how long things are kept, and to back all of it up."""

import stat
from pathlib import Path

import pytest
from tests.cli.terminal import Terminal

from shopify_standin.testing import RunningStandin


def test_nobody_has_asked_for_anything_yet(terminal: Terminal) -> None:
    assert "Nobody has asked" in terminal.read("privacy", "requests")
    assert "There is no privacy request 3" in terminal.refusal("privacy", "export", "3")


def test_a_customer_is_forgotten_on_a_persons_word(terminal: Terminal, shop: RunningStandin) -> None:
    terminal.add_store(shop)

    done = terminal.data_of("privacy", "erase", shop.shop_domain, "--customer", "7001", "--email", "ada@example.com")

    assert (done["standing"], done["person"]["email"]) == ("done", None)
    assert done["person"]["customer"] == "gid://shopify/Customer/7001"
    [listed] = terminal.data_of("privacy", "requests")
    assert listed["said"].startswith("Erased")
    assert "ada@example.com" not in terminal.read("privacy", "requests")
    [entry] = terminal.data_of("audit", "--about", "forget")
    assert entry["object"] == f"privacy request {listed['id']}"
    assert entry["after"]["customer"] == "gid://shopify/Customer/7001"
    assert "ada@example.com" not in terminal.read("audit")
    assert "asks to erase, not to tell" in terminal.refusal("privacy", "export", str(listed["id"]))


def test_who_is_to_be_forgotten_has_to_be_said(terminal: Terminal, shop: RunningStandin) -> None:
    assert "Say who is to be forgotten" in terminal.refusal("privacy", "erase", shop.shop_domain)
    assert "There is no store" in terminal.refusal("privacy", "erase", shop.shop_domain, "--order", "1")


def test_how_long_things_are_kept_is_shown_and_set(terminal: Terminal) -> None:
    before = terminal.data_of("retention", "show")
    after = terminal.data_of("retention", "set", "inbox", "14")

    assert before == {
        "inbox": 30, "exchanges": 30, "timeline": 365, "stock": 30, "people": 90, "logins": 30, "audit": 730
    }  # fmt: skip
    assert after == {**before, "inbox": 14}
    assert "Give 2 to 3650" in terminal.refusal("retention", "set", "inbox", "0")
    assert "What was too old is gone" in terminal.read("retention", "run")
    [entry] = terminal.data_of("audit", "--about", "retention")
    assert (entry["object"], entry["before"], entry["after"]) == ("inbox", {"days": 30}, {"days": 14})


def test_a_backup_is_read_into_an_empty_database(
    terminal: Terminal, shop: RunningStandin, empty_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal.add_store(shop)
    file = tmp_path / "crossdock.dump"

    told = terminal.read("backup", str(file))
    restored = Terminal(terminal.data, empty_url, capsys)
    restored.read("restore", str(file))

    assert "does not hold the sealing key" in told
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one["domain"] for one in restored.data_of("store", "list")] == [shop.shop_domain]
    assert restored.data_of("doctor")["checks"][1]["verdict"] == "ok"
    assert [one["deed"] for one in restored.data_of("audit")] == ["database restored", "store added"]
    assert [one["deed"] for one in terminal.data_of("audit")] == ["database backed up", "store added"]
    assert "is restored into an empty one only" in restored.refusal("restore", str(file))
