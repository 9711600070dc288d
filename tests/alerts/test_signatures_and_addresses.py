"""Webhooks are signed as the specification has it, and are sent nowhere that an outsider must not reach."""

import asyncio
import socket
from typing import Any

import pytest

from crossdock.kit.errors import Refused, TryAgain, UsageError
from crossdock.kit.outward import checked_url, resolved
from crossdock.kit.webhook_signature import checked_secret, new_secret, signed_headers


def test_the_specifications_own_example_is_signed_as_it_says() -> None:
    headers = signed_headers(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )

    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_secrets_are_made_and_taken_in_the_form_that_receivers_know() -> None:
    assert checked_secret(new_secret()).startswith("whsec_")
    assert new_secret() != new_secret()


@pytest.mark.parametrize("secret", ["", "hush", "whsec_aHVzaA==", "whsec_%%%", "d2hhdCBpcyB0aGlzIHNlY3JldCBmb3I/"])
def test_what_is_no_secret_is_refused_and_not_repeated(secret: str) -> None:
    with pytest.raises(UsageError, match="no secret of a webhook") as caught:
        checked_secret(secret)

    assert not secret or secret not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["https://example.com/hook?x=1", "https://example.com:8443/", "http://127.0.0.1:9/x", "http://localhost/"]
)
def test_https_may_go_anywhere_and_http_to_this_machine(url: str) -> None:
    assert checked_url(url, private=False) == url


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://example.com/", "by https only"),
        ("http://127.0.0.1.example.com/", "by https only"),
        ("ftp://example.com/", "no address"),
        ("example.com", "no address"),
        ("https://", "no address"),
        ("https://example.com:port/", "no address"),
        ("https://[::1", "no address"),
        ("https://me:hush@example.com/", "no user and no password"),
    ],
)
def test_what_is_no_address_is_refused_with_a_sentence(url: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        checked_url(url, private=True)


PRIVATE = ("10.0.0.5", "192.168.1.9", "169.254.169.254", "[fd00::1]", "[::ffff:10.0.0.5]", "100.64.0.1", "0.1.2.3")


@pytest.mark.parametrize("host", PRIVATE)
def test_a_private_address_is_called_only_where_the_setting_allows_it(host: str) -> None:
    url = f"https://{host}/latest/meta-data"

    with pytest.raises(Refused, match="CROSSDOCK_PRIVATE_WEBHOOKS=1"):
        checked_url(url, private=False)
    assert checked_url(url, private=True) == url


@pytest.mark.parametrize("address", [*(host.strip("[]") for host in PRIVATE), "127.0.0.1", "::1", "224.0.0.1"])
async def test_a_name_that_leads_into_a_private_network_is_not_called(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _names(monkeypatch, ["93.184.215.14", address])

    with pytest.raises(Refused, match="private network"):
        await resolved("https://rebound.example/", private=False)


async def test_the_address_that_was_looked_at_is_the_one_that_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    _names(monkeypatch, ["93.184.215.14"])

    assert await resolved("https://example.com/", private=False) == "93.184.215.14"


async def test_a_loopback_name_that_leads_elsewhere_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    _names(monkeypatch, ["93.184.215.14"])

    with pytest.raises(Refused, match="not this machine"):
        await resolved("http://localhost/", private=False)


async def test_a_name_that_nobody_knows_now_is_worth_another_try(monkeypatch: pytest.MonkeyPatch) -> None:
    _names(monkeypatch, [])

    with pytest.raises(TryAgain, match=r"example\.com is not known by name now"):
        await resolved("https://example.com/", private=False)


def _names(monkeypatch: pytest.MonkeyPatch, addresses: list[str]) -> None:
    """Let every name stand for these addresses, as a resolver that a stranger rules over may."""

    async def ask(_host: str, port: int, **_: Any) -> list[Any]:
        if not addresses:
            raise socket.gaierror(-2, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", ask)
