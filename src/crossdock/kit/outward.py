"""Addresses that a person gives the hub to call: not into the network behind it, unless that is allowed."""

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

from crossdock.kit.errors import Refused, TryAgain, UsageError

_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
PRIVATE_VARIABLE = "CROSSDOCK_PRIVATE_WEBHOOKS"


def checked_url(url: str, *, private: bool) -> str:
    """
    Return an address that may be called: https anywhere, http on this machine only.

    `private` allows addresses that are not of the open internet. Raises UsageError, with what would work.
    """
    try:
        parts = urlsplit(url.strip())
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise UsageError(
            f"This is no address of a webhook: {error}. It looks like https://example.com/hook."
        ) from error
    if host is None or not url.strip().isprintable() or parts.scheme not in {"https", "http"}:
        raise UsageError("This is no address of a webhook. It looks like https://example.com/hook.")
    if parts.username is not None or parts.password is not None:
        raise UsageError("The address of a webhook carries no user and no password. Leave them out.")
    if parts.scheme == "http" and host not in _LOOPBACK_NAMES:
        raise UsageError(f"Alerts go to {host} by https only; http reaches nothing but this machine. Use https://.")
    if (literal := _literal(host)) is not None and host not in _LOOPBACK_NAMES and not private:
        _refuse_private(host, literal)
    return url.strip()


async def resolved(url: str, *, private: bool) -> str:
    """
    Return the network address behind a checked URL, which is then to be called by this very address.

    A name can point elsewhere each time it is asked for, so what was looked at and what is called must be one.
    Raises TryAgain where the name is not known now, Refused where it leads into a private network.
    """
    parts: SplitResult = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise TryAgain(f"{host} is not known by name now ({error.strerror or error}).") from error
    addresses = [ip_address(str(entry[4][0])) for entry in found]
    for address in addresses:
        if host in _LOOPBACK_NAMES:
            if not address.is_loopback:
                raise Refused(f"{host} is not this machine.")
        elif not private:
            _refuse_private(host, address)
    return str(addresses[0])


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _refuse_private(host: str, address: IPv4Address | IPv6Address) -> None:
    plain = address.ipv4_mapped or address if isinstance(address, IPv6Address) else address
    if not plain.is_global or plain.is_multicast:
        raise Refused(
            f"{host} is an address of a private network, which alerts do not call. To allow it, set "
            f"{PRIVATE_VARIABLE}=1 for the hub."
        )
