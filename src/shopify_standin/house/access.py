"""
Which scopes a field asks for; what a token without them is told (recorded 2026-04).

`access.json` holds facts of the Admin API 2026-07 reduced from `@shopify/dev-mcp` (ISC, see NOTICE): groups of
scopes, for each type and field the number of its group, and for each webhook topic its string and its group. Of a
group, one scope is enough.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from graphql import GraphQLOutputType, get_named_type

from shopify_standin.auth.apps import Grant
from shopify_standin.errors import ApiError

Scopes = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The facts of `access.json`."""

    types: dict[str, Scopes]
    fields: dict[str, Scopes]
    topics: dict[str, tuple[str, Scopes]]
    """Value of `WebhookSubscriptionTopic` → the string that headers carry, and the scopes it asks for."""


@cache
def table() -> Table:
    """The facts, read once."""
    read = json.loads((Path(__file__).parent / "access.json").read_text())
    groups = [tuple(group) for group in read["groups"]]
    return Table(
        {name: groups[number] for name, number in read["types"].items()},
        {name: groups[number] for name, number in read["fields"].items()},
        {name: (text, () if number is None else groups[number]) for name, (text, number) in read["topics"].items()},
    )


@cache
def all_scopes() -> frozenset[str]:
    """Every scope that some field asks for."""
    facts = table()
    return frozenset(scope for named in (facts.types, facts.fields) for group in named.values() for scope in group)


@cache
def scopes_needed(parent: str, field: str, type_name: str) -> Scopes:
    """The scopes of which a token needs one to read or run `parent.field`; empty where any token will do."""
    facts = table()
    named = facts.fields.get(f"{parent}.{field}")
    if named is not None or parent == "Mutation":
        return named or ()
    return facts.types.get(type_name.removesuffix("Connection"), ())


def check_access(grant: Grant, parent: str, field: str, kind: GraphQLOutputType) -> None:
    """Raise ApiError where the token may not have a field; the rest of the answer still comes."""
    needed = scopes_needed(parent, field, get_named_type(kind).name)
    if needed and not grant.may(*needed):
        required = _sentence(needed)
        raise ApiError(
            f"Access denied for {field} field. Required access: {required}",
            "ACCESS_DENIED",
            documentation="https://shopify.dev/api/usage/access-scopes",
            requiredAccess=required,
        )


def _sentence(scopes: Scopes) -> str:
    *others, last = (f"`{scope}` access scope" for scope in scopes)
    return f"{', '.join(others)} or {last}." if others else f"{last}."
