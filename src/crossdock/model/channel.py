"""Channels: the ways by which alerts reach people and programs."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias
from urllib.parse import urlsplit


class Security(StrEnum):
    """How the way to a mail server is kept from listeners."""

    STARTTLS = "starttls"
    """Encrypted before anything is said; usual on port 587."""

    TLS = "tls"
    """Encrypted from the first byte; usual on port 465."""

    NONE = "none"
    """In the clear, without a password; for a relay on the same machine or in the same network."""


@dataclass(frozen=True, slots=True)
class Email:
    """Mail through an SMTP server."""

    host: str
    port: int
    sender: str
    recipients: tuple[str, ...]
    security: Security = Security.STARTTLS
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @property
    def shown(self) -> str:
        """The channel as people see it."""
        return f"{', '.join(self.recipients) or 'chosen users'} by {self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Webhook:
    """A program that takes JSON, signed as Standard Webhooks has it."""

    url: str = field(repr=False)
    secret: str = field(repr=False)

    @property
    def shown(self) -> str:
        """The channel as people see it: the host alone, for some receivers have a secret in the rest."""
        return f"{urlsplit(self.url).hostname}/…"


@dataclass(frozen=True, slots=True)
class Slack:
    """A chat that takes Slack's incoming webhooks: Slack, Mattermost, Rocket.Chat and others. Its URL is a secret."""

    url: str = field(repr=False)

    @property
    def shown(self) -> str:
        """The channel as people see it."""
        return f"{urlsplit(self.url).hostname}/…"


Channel: TypeAlias = Email | Webhook | Slack
"""Where an alert goes, with what opens it."""


class ChannelKind(StrEnum):
    """Names a kind of channel in the database and on the command line."""

    EMAIL = "email"
    WEBHOOK = "webhook"
    SLACK = "slack"


KINDS: dict[ChannelKind, type[Email] | type[Webhook] | type[Slack]] = {
    ChannelKind.EMAIL: Email,
    ChannelKind.WEBHOOK: Webhook,
    ChannelKind.SLACK: Slack,
}
