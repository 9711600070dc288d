"""Users and tokens from the command line, for who has no browser, or has forgotten the only admin's password."""

import io

import psycopg
import pytest
from tests.cli.terminal import Terminal

PASSWORD = "correct horse battery"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A script gives the password."""
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))


def _add(terminal: Terminal, email: str = "ada@acme.test", role: str = "admin") -> None:
    terminal.read("users", "add", email, "Ada Lovelace", "--role", role, "--link")


def test_the_first_admin_can_be_made_without_a_browser(terminal: Terminal, typed: None) -> None:
    said = terminal.read("users", "add", "Ada@Acme.test", "Ada Lovelace", "--role", "admin", "--password-stdin")

    [user] = terminal.data_of("users", "list")
    assert said == "ada@acme.test is added as admin.\n"
    assert (user["email"], user["role"], user["password"], user["disabled_at"]) == (
        "ada@acme.test",
        "admin",
        True,
        None,
    )


def test_a_password_is_never_an_argument_and_never_shown(terminal: Terminal, typed: None, database_url: str) -> None:
    refused = terminal.type("users", "add", "ada@acme.test", "Ada", "--password", PASSWORD)
    screens = [
        terminal.type("users", "add", "ada@acme.test", "Ada", "--role", "admin", "--password-stdin", "--json"),
        terminal.type("users", "list", "--json"),
        terminal.type("audit", "--json"),
    ]
    with psycopg.connect(database_url) as connection:
        kept = str(connection.execute("SELECT row_to_json(users)::text FROM users").fetchall())

    assert refused.code == 2
    assert PASSWORD not in "".join(screen.out + screen.err for screen in screens) + kept
    assert "$argon2id$v=19$m=19456,t=2,p=1$" in kept


def test_without_a_terminal_a_password_has_to_come_from_somewhere(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))

    said = terminal.refusal("users", "add", "ada@acme.test", "Ada")

    assert "--password-stdin" in said
    assert "--link" in said


def test_a_link_lets_them_choose_it_themselves(terminal: Terminal) -> None:
    made = terminal.data_of("users", "add", "grace@acme.test", "Grace", "--link")

    assert made["link"].startswith("http://127.0.0.1:8700/welcome/")
    assert made["user"]["password"] is False


def test_the_last_admin_stays(terminal: Terminal) -> None:
    _add(terminal)
    _add(terminal, "grace@acme.test", "viewer")

    refusals = [
        terminal.refusal("users", "disable", "ada@acme.test"),
        terminal.refusal("users", "role", "ada@acme.test", "operator"),
    ]
    terminal.read("users", "role", "grace@acme.test", "admin")
    terminal.read("users", "disable", "ada@acme.test")

    assert all("last admin" in said for said in refusals)
    assert [(one["role"], one["disabled_at"] is None) for one in terminal.data_of("users", "list")] == [
        ("admin", False),
        ("admin", True),
    ]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("add", "nonsense", "Ada", "--link"), "no e-mail address"),
        (("add", "ADA@acme.test", "Ada", "--link"), "There is a user ada@acme.test already"),
        (("add", "bea@acme.test", " ", "--link"), "1 to 100 characters"),
        (("role", "nobody@acme.test", "admin"), "There is no user nobody@acme.test"),
        (("disable", "nobody@acme.test"), "There is no user nobody@acme.test"),
        (("password", "nobody@acme.test", "--link"), "There is no user nobody@acme.test"),
    ],
)
def test_what_cannot_be_gets_a_sentence(terminal: Terminal, words: tuple[str, ...], sentence: str) -> None:
    _add(terminal)

    assert sentence in terminal.refusal("users", *words)


def test_a_token_is_shown_once_and_revoked_by_name(terminal: Terminal, database_url: str) -> None:
    made = terminal.data_of("tokens", "add", "prometheus", "--scope", "metrics", "--days", "30")
    again = terminal.refusal("tokens", "add", "prometheus", "--scope", "read")
    [listed] = terminal.data_of("tokens", "list")
    with psycopg.connect(database_url) as connection:
        kept = str(connection.execute("SELECT row_to_json(api_tokens)::text FROM api_tokens").fetchall())
    terminal.read("tokens", "revoke", "prometheus")

    assert made["token"].startswith("xdk_")
    assert made["token"] not in kept + str(listed)
    assert "already" in again
    assert (listed["name"], listed["scopes"], listed["used_at"]) == ("prometheus", ["metrics"], None)
    assert terminal.data_of("tokens", "list") == []
    assert "no token 'prometheus'" in terminal.refusal("tokens", "revoke", "prometheus")


def test_a_name_of_a_revoked_token_is_free_again(terminal: Terminal) -> None:
    for _ in range(2):
        terminal.read("tokens", "add", "script", "--scope", "read", "--scope", "operate")
        terminal.read("tokens", "revoke", "script")

    deeds = [one["deed"] for one in terminal.data_of("audit", "--about", "token")]
    assert deeds == ["token revoked", "token added"] * 2
