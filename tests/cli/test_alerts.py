"""Channels and alerts from the command line."""

import io
import json
from collections.abc import Iterator

import pytest
from tests.alerts.receivers import Receiver, webhook_receiver
from tests.cli.terminal import Terminal


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A program that takes webhooks."""
    with webhook_receiver() as served:
        yield served


def test_a_channel_an_alert_a_test_and_the_log(terminal: Terminal, receiver: Receiver) -> None:
    made = terminal.read("channels", "webhook", "pager", receiver.url)
    added = terminal.read("alerts", "add", "Orders held", "holds", "--channel", "pager", "--from", "5")
    tested = terminal.read("alerts", "test", "Orders held")

    [posted] = receiver.took
    [entry] = terminal.data_of("alerts", "log")
    assert "whsec_" in made
    assert added.startswith("Orders held tells of: holds from 5 objects.")
    assert tested == "The test of Orders held is sent by the channel pager.\n"
    assert json.loads(posted.body)["data"]["lines"] == entry["message"]["lines"]
    assert "This is a test of the alert “Orders held”" in entry["message"]["lines"][0]
    assert (entry["attempts"], entry["given_up_at"]) == (1, None)
    assert terminal.read("alerts", "remove", "Orders held") == "Orders held tells no more.\n"
    assert terminal.read("channels", "remove", "pager") == "pager is removed.\n"
    assert [one["deed"] for one in terminal.data_of("audit")] == [
        "channel removed",
        "alert removed",
        "alert tested",
        "alert added",
        "channel set",
    ]


def test_a_test_that_does_not_arrive_says_why_and_is_in_the_log(terminal: Terminal, receiver: Receiver) -> None:
    receiver.answers = [404]
    terminal.read("channels", "webhook", "pager", receiver.url)
    terminal.read("alerts", "add", "Late", "late", "--channel", "pager")

    said = terminal.refusal("alerts", "test", "Late")

    assert said == "The test of Late did not arrive. 127.0.0.1 does not take it (HTTP 404).\n"
    assert "to be tried again" in terminal.read("alerts", "log")


def test_a_chats_address_is_a_secret_that_no_list_shows(
    terminal: Terminal, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("https://chat.example/hooks/T000/B000/hush\n"))
    said = terminal.read("channels", "slack", "chat", "--url-stdin")

    shown = said + terminal.read("channels", "list") + json.dumps(terminal.data_of("channels", "list"))
    assert "chat.example/…" in shown
    assert "hush" not in shown + terminal.read("audit")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("holds", "--channel", "nowhere"), "There is no channel nowhere."),
        (("holds", "--channel", "pager", "--store", "who.myshopify.com"), "who.myshopify.com"),
        (("late", "--channel", "pager", "--cause", "item_missing"), "Causes narrow holds only."),
        (("holds", "--channel", "pager", "--tag", "vip"), "narrow new orders only."),
        (("order", "--channel", "pager", "--amount", "much"), "'much' is no amount."),
        (("order", "--channel", "pager", "--amount", "NaN"), "'NaN' is no amount."),
        (("order", "--channel", "pager", "--from", "2"), "there is nothing to count"),
        (("holds", "--channel", "pager", "--from", "0"), "from 1 to 1,000,000"),
        (("holds", "--channel", "pager", "--quiet", "at night"), "They look like this: 22:00-07:00 Europe/Berlin."),
        (("holds", "--channel", "pager", "--user", "who@acme.test"), "There is no user who@acme.test."),
    ],
)
def test_what_cannot_be_an_alert_is_refused_with_a_sentence(
    terminal: Terminal, receiver: Receiver, words: tuple[str, ...], why: str
) -> None:
    terminal.read("channels", "webhook", "pager", receiver.url)

    assert why in terminal.refusal("alerts", "add", "Watch", *words)
    assert terminal.data_of("alerts", "list") == []


def test_a_user_is_told_by_mail_and_by_nothing_else(terminal: Terminal, receiver: Receiver) -> None:
    terminal.read("users", "add", "ada@acme.test", "Ada", "--link")
    terminal.read("channels", "webhook", "pager", receiver.url)
    terminal.read("channels", "email", "mail", "--host", "localhost", "--sender", "hub@acme.test")

    refused = terminal.refusal("alerts", "add", "Orders", "order", "--channel", "pager", "--user", "ada@acme.test")
    terminal.read("alerts", "add", "Orders", "order", "--channel", "mail", "--user", "ADA@acme.test")

    assert "pager is a webhook channel" in refused
    assert "Alerts use the channel mail." in terminal.refusal("channels", "remove", "mail")
    assert "There is an alert Orders already." in terminal.refusal(
        "alerts", "add", "Orders", "order", "--channel", "mail"
    )
