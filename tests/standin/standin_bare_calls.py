"""Calls filled from the schema with no more than they must have, whose ids name nothing."""

import re
from collections.abc import Iterator
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_required_argument,
    is_required_input_field,
)

SCALARS: dict[str, Any] = {
    "Int": 1, "Float": 1.5, "Boolean": True, "Decimal": "1.00", "Money": "1.00", "JSON": {}, "UnsignedInt64": "1",
    "DateTime": "2026-01-01T00:00:00Z", "Date": "2026-01-01", "URL": "https://example.com/a",
}  # fmt: skip


def bare_call(schema: GraphQLSchema, name: str, *, idempotent: bool) -> tuple[str, dict[str, Any]]:
    """A mutation with no more arguments than it must have, whose ids name nothing; and its variables."""
    assert schema.mutation_type
    field = schema.mutation_type.fields[name]
    needed = {arg: kind.type for arg, kind in field.args.items() if is_required_argument(kind)}
    variables = {arg: _filler(schema, name, arg, kind) for arg, kind in needed.items()}
    declared = ", ".join(f"${arg}: {kind}" for arg, kind in needed.items())
    passed = ", ".join(f"{arg}: ${arg}" for arg in needed)
    keyed = '@idempotent(key: "bare")' if idempotent else ""
    payload = get_named_type(field.type)
    assert isinstance(payload, GraphQLObjectType)
    asked = " ".join(_asked(payload))
    text = f"mutation({declared}) {{ {name}({passed}) {keyed} {{ {asked} }} }}" if needed else (
        f"mutation {{ {name} {keyed} {{ {asked} }} }}"
    )  # fmt: skip
    return text, variables


def _asked(payload: GraphQLObjectType) -> Iterator[str]:
    for name, field in payload.fields.items():
        if any(is_required_argument(argument) for argument in field.args.values()):
            continue
        kind = get_named_type(field.type)
        if name.endswith("rrors") and isinstance(kind, GraphQLObjectType):
            yield f"{name} {{ {' '.join(kind.fields)} }}"
        else:
            yield f"{name} {{ __typename }}" if hasattr(kind, "fields") or hasattr(kind, "types") else name


def _filler(schema: GraphQLSchema, mutation: str, name: str, kind: GraphQLInputType) -> Any:
    match kind:
        case GraphQLNonNull():
            return _filler(schema, mutation, name, kind.of_type)
        case GraphQLList():
            return [_filler(schema, mutation, name, kind.of_type)]
        case GraphQLEnumType():
            return next(iter(kind.values))
        case GraphQLInputObjectType():
            needed = {n: f for n, f in kind.fields.items() if is_required_input_field(f)}
            if "changeFromQuantity" in kind.fields:
                needed["changeFromQuantity"] = kind.fields["changeFromQuantity"]
            if kind.is_one_of:
                needed = dict([next(iter(kind.fields.items()))])
            return {n: _filler(schema, mutation, n, f.type) for n, f in needed.items()}
        case _ if str(kind) == "ID":
            return f"gid://shopify/{_type_meant(schema, mutation, name)}/999"
        case _:
            return SCALARS.get(str(kind), "x")


def _type_meant(schema: GraphQLSchema, mutation: str, name: str) -> str:
    """The type whose name an argument bears, else the one with which the mutation's name begins."""
    base = re.sub(r"Ids?$", "", name).casefold()
    kinds = [kind for kind in schema.type_map.values() if isinstance(kind, GraphQLObjectType) and "id" in kind.fields]
    longest = sorted((kind.name for kind in kinds), key=len, reverse=True)
    found = [kind for kind in longest if kind.casefold() == base]
    found += [kind for kind in longest if mutation.casefold().startswith(kind.casefold())]
    return found[0] if found else "Order"
