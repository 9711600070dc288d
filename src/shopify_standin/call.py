"""The call being answered: what resolvers may know of it, and what it gathers on the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shopify_standin.errors import JsonObject
from shopify_standin.world import World


@dataclass(slots=True)
class Call:
    """One GraphQL request to one shop; it is the execution's context value."""

    world: World
    version: str
    weights: Mapping[tuple[str, str], int]
    spent: int = 0
    """Points for the objects really answered, so far."""
    searches: list[JsonObject] = field(default_factory=list)
    """Entries of `extensions.search`: warnings about search queries that failed open."""
    memo: dict[Any, Any] = field(default_factory=dict)
    """What a resolver wants to find again within the same call."""
