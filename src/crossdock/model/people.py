"""Who may do what: roles of people, scopes of programs' tokens, and who did something from where."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

UserId = NewType("UserId", int)
"""The hub's own number of a user."""

TokenId = NewType("TokenId", int)
"""The hub's own number of an API token."""


class Role(StrEnum):
    """What a person may do; each role may do what those before it may."""

    VIEWER = "viewer"
    """Reads everything, customers' names and addresses too."""

    OPERATOR = "operator"
    """Retries, resolves, approves and chooses."""

    ADMIN = "admin"
    """Sets up stores, connections and rules; decides on users, tokens, secrets and personal data."""

    def covers(self, needed: "Role") -> bool:
        """Tell whether this role may do what `needed` may."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(needed)


class Scope(StrEnum):
    """What an API token may do. Those with a role may do what a person of that role may."""

    READ = "read"
    OPERATE = "operate"
    ADMIN = "admin"
    METRICS = "metrics"

    @property
    def role(self) -> Role | None:
        """The role that it amounts to; None where it opens nothing but the figures."""
        return _ROLES.get(self)


_ROLES = {Scope.READ: Role.VIEWER, Scope.OPERATE: Role.OPERATOR, Scope.ADMIN: Role.ADMIN}


class Face(StrEnum):
    """By which of the hub's faces somebody acted."""

    PORTAL = "portal"
    API = "api"
    COMMAND_LINE = "cli"


@dataclass(frozen=True, slots=True)
class Actor:
    """
    Who acts, from where.

    `name` is a user's e-mail address, a token's name, or the name by which the operating system knows whoever typed;
    `address` is the network address of who asked over HTTP.
    """

    name: str
    face: Face
    address: str | None = None
