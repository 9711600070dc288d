"""By which names the hub may be called, and which doors stand open without a login."""

from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

from fastapi import Request

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class Metrics(StrEnum):
    """Who may read `/metrics`."""

    LOOPBACK = "loopback"
    """Programs on this machine without a token, others with one of scope `metrics`."""

    TOKEN = "token"  # noqa: S105 - a setting's word
    """Nobody without a token of scope `metrics`."""

    OPEN = "open"
    """Everybody who reaches the port."""


@dataclass(frozen=True, slots=True)
class Doors:
    """
    How an installation may be reached.

    `hosts` are the names beside localhost and network addresses; of them, browsers reach `https_hosts` by https only.
    """

    hosts: frozenset[str] = frozenset()
    https_hosts: frozenset[str] = frozenset()
    metrics: Metrics = field(default=Metrics.LOOPBACK)

    def know(self, host: str | None) -> bool:
        """
        Tell whether a request's Host header may call this hub.

        A page of a stranger's site can let its own name point here (DNS rebinding) and would then be of the same
        origin; it cannot do that with an address or with localhost, so those need not be listed.
        """
        name = host_name(host)
        if name is None:
            return False
        return name in self.hosts or name == "localhost" or name.endswith(".localhost") or _is_address(name)

    def are_https(self, request: Request) -> bool:
        """Tell whether the browser speaks https to us, or to the proxy before us."""
        return request.url.scheme == "https" or host_name(request.headers.get("host")) in self.https_hosts


def portal_of(request: Request) -> str:
    """Return the portal's address as who asks has called it, without a slash at its end."""
    return str(request.url.replace(path="", query="", fragment=""))


def host_name(host: str | None) -> str | None:
    """Return the name in a Host header, without port and brackets, in lower case; None where it has none."""
    try:
        return urlsplit(f"//{host}").hostname if host else None
    except ValueError:
        return None


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
