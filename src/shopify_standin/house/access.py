"""
Which scopes a field asks for; what a token without them is told (recorded 2026-04).

`access.json` holds facts of the Admin API 2026-07 reduced from `@shopify/dev-mcp` (ISC, see NOTICE): groups of
scopes, and for each type and field the number of its group. Of a group, one scope is enough.
"""

import json
from functools import cache
from pathlib import Path

from graphql import GraphQLOutputType, get_named_type

from shopify_standin.auth.apps import Grant
from shopify_standin.errors import ApiError

Scopes = tuple[str, ...]


@cache
def _table() -> tuple[dict[str, Scopes], dict[str, Scopes]]:
    read = json.loads((Path(__file__).parent / "access.json").read_text())
    groups = [tuple(group) for group in read["groups"]]
    return (
        {name: groups[number] for name, number in read["types"].items()},
        {name: groups[number] for name, number in read["fields"].items()},
    )


@cache
def all_scopes() -> frozenset[str]:
    """Every scope that some field asks for."""
    types, fields = _table()
    return frozenset(scope for table in (types, fields) for group in table.values() for scope in group)


@cache
def scopes_needed(parent: str, field: str, type_name: str) -> Scopes:
    """The scopes of which a token needs one to read or run `parent.field`; empty where any token will do."""
    types, fields = _table()
    named = fields.get(f"{parent}.{field}")
    if named is not None or parent == "Mutation":
        return named or ()
    return types.get(type_name.removesuffix("Connection"), ())


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
