"""The call being answered: what resolvers may know of it, and what it gathers on the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shopify_standin.auth.apps import Grant, Registrar
from shopify_standin.errors import JsonObject
from shopify_standin.world import World


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and where they found the shop."""

    grant: Grant
    registrar: Registrar
    origin: str = "http://127.0.0.1"
    """Scheme, host and port by which the stand-in was reached; its own links begin with it."""


@dataclass(slots=True)
class Call:
    """One GraphQL request to one shop; it is the execution's context value."""

    world: World
    version: str
    weights: Mapping[tuple[str, str], int]
    caller: Caller
    spent: int = 0
    """Points for the objects really answered, so far."""
    searches: list[JsonObject] = field(default_factory=list)
    """Entries of `extensions.search`: warnings about search queries that failed open."""
    memo: dict[Any, Any] = field(default_factory=dict)
    """What a resolver wants to find again within the same call."""

    @property
    def grant(self) -> Grant:
        """The token that this call came with."""
        return self.caller.grant
