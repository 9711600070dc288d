"""Apps and their access tokens."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from shopify_standin.ids import gid

CAN_ALL = None
"""The scopes of a token that may do everything, for shops where scopes are not what is tested."""


@dataclass(slots=True)
class App:
    """One app as the developer configured it; `number` is its id here."""

    TYPE: ClassVar = "App"
    number: int
    client_id: str
    secrets: list[str]
    """Unrevoked client secrets, oldest first; webhooks are signed with the oldest (Shopify docs, 2026)."""
    handle: str
    scopes: frozenset[str] | None = CAN_ALL
    """What it asks for at installation."""
    is_installed: bool = True

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("App", self.number)

    @property
    def title(self) -> str:
        """What the merchant sees; the stand-in's apps are called by their handles."""
        return self.handle

    @property
    def secret(self) -> str:
        """What signs its webhooks."""
        return self.secrets[0]


@dataclass(frozen=True, slots=True)
class Installation:
    """An app in this shop, with what it may do here."""

    TYPE: ClassVar = "AppInstallation"
    app: App
    scopes: frozenset[str] | None

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("AppInstallation", self.app.number)


@dataclass(slots=True)
class Grant:
    """An access token: whose it is and what it may do; `expires_at` None lasts until revoked."""

    token: str
    app: App
    scopes: frozenset[str] | None = CAN_ALL
    expires_at: datetime | None = None

    def may(self, *alternatives: str) -> bool:
        """Whether any of these scopes is granted; `write_x` implies `read_x`."""
        return self.scopes is None or any(
            scope in self.scopes or scope.replace("read_", "write_", 1) in self.scopes for scope in alternatives
        )


@dataclass(slots=True)
class RefreshToken:
    """
    The right to a new pair of tokens (rules: Shopify changelog, 2025-12-10 and 2026-08-28).

    It works until a token that came of it is used, at most 30 days after its own first use, within its 90 days.
    """

    value: str
    app: App
    scopes: frozenset[str] | None
    expires_at: datetime
    parent: "RefreshToken | None" = None
    first_used_at: datetime | None = None
    is_spent: bool = False


@dataclass(slots=True)
class Code:
    """What the redirect of an installation carries, good for one exchange."""

    value: str
    app: App
    scopes: frozenset[str] | None
    expires_at: datetime


@dataclass(slots=True)
class Registrar:
    """All apps and all that was ever issued to them and not revoked."""

    apps: dict[str, App] = field(default_factory=dict)
    """By client id."""
    grants: dict[str, Grant] = field(default_factory=dict)
    refreshes: dict[str, RefreshToken] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)

    def add_app(self, client_id: str, secret: str, handle: str, scopes: frozenset[str] | None = CAN_ALL) -> App:
        """Let an app be known; one known by the same client id is replaced and keeps its number."""
        before = self.apps.get(client_id)
        number = before.number if before else max((app.number for app in self.apps.values()), default=0) + 1
        made = self.apps[client_id] = App(number, client_id, [secret], handle, scopes)
        return made

    def grant(
        self, token: str, app: App, scopes: frozenset[str] | None = CAN_ALL, expires_at: datetime | None = None
    ) -> Grant:
        """Let a token open the shop."""
        made = self.grants[token] = Grant(token, app, scopes, expires_at)
        return made

    def find(self, token: str | None, now: datetime) -> Grant | None:
        """What a token stands for; None where it is unknown, revoked or expired."""
        known = self.grants.get(token or "")
        if known is None or not known.app.is_installed:
            return None
        return known if known.expires_at is None or now < known.expires_at else None

    def uninstall(self, app: App) -> None:
        """Take an app out of the shop: every token of it is dead from now on."""
        app.is_installed = False
        self.grants = {token: grant for token, grant in self.grants.items() if grant.app is not app}
        self.refreshes = {value: known for value, known in self.refreshes.items() if known.app is not app}
        self.codes = {value: known for value, known in self.codes.items() if known.app is not app}

    def installation(self, app: App) -> Installation:
        """An app as the shop has it, with the widest scopes that any of its tokens has."""
        held = [grant.scopes for grant in self.grants.values() if grant.app is app]
        scopes = CAN_ALL if None in held else frozenset(scope for known in held if known for scope in known)
        return Installation(app, scopes)
