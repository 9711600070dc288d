"""
Which function answers which field: every domain module enters its own here while it is imported.

A resolver takes the source first: the parent object, or the World for root fields. If it names them, it gets
`args` (the field's arguments under their GraphQL names) and `call` (the request being answered) too. A source
that is a dict answers for its own keys. Whatever neither covers is answered by `NotModelled`.
"""

import inspect
import re
from collections.abc import Callable
from operator import attrgetter
from typing import Any, TypeVar

Args = dict[str, Any]
Resolver = Callable[[Any, Any, Args], Any]
Written = TypeVar("Written", bound=Callable[..., Any])

RESOLVERS: dict[tuple[str, str], Resolver] = {}
IDEMPOTENT: set[str] = set()
"""Mutations that need `@idempotent` (Shopify docs, 2026-04 and later)."""


def snake(name: str) -> str:
    """`createdAt` → `created_at`."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda m: "_" + m[1].lower(), name)


class Fields:
    """Enters resolvers for one GraphQL type."""

    def __init__(self, type_name: str) -> None:
        self.type_name = type_name

    def attributes(self, *names: str, **renamed: str) -> None:
        """Answer each field from the attribute of the same name in snake_case, or of the given name or path."""
        for name, attribute in ({name: snake(name) for name in names} | renamed).items():
            self._enter(name, _reader(attribute))

    def constant(self, **values: Any) -> None:
        """Answer fields that are the same for every object of a shop without the feature behind them."""
        for name, value in values.items():
            self._enter(name, _always(value))

    def field(self, *names: str) -> Callable[[Written], Written]:
        """Answer the named fields by the decorated function."""

        def enter(written: Written) -> Written:
            for name in names:
                self._enter(name, _adapted(written))
            return written

        return enter

    def _enter(self, name: str, resolver: Resolver) -> None:
        key = (self.type_name, name)
        if key in RESOLVERS:
            msg = f"{self.type_name}.{name} has two resolvers"
            raise ValueError(msg)
        RESOLVERS[key] = resolver


def _adapted(written: Callable[..., Any]) -> Resolver:
    """Give a resolver as many of `call` and `args` as it names."""
    names = set(inspect.signature(written).parameters)
    match "call" in names, "args" in names:
        case True, True:
            return lambda source, call, args: written(source, call=call, args=args)
        case True, False:
            return lambda source, call, _args: written(source, call=call)
        case False, True:
            return lambda source, _call, args: written(source, args=args)
        case _:
            return lambda source, _call, _args: written(source)


def _always(value: Any) -> Resolver:
    return lambda _source, _call, _args: value


def _reader(path: str) -> Resolver:
    read = attrgetter(path)
    return lambda source, _call, _args: read(source)


_QUERY = Fields("QueryRoot")
_MUTATION = Fields("Mutation")


def query(*names: str) -> Callable[[Written], Written]:
    """Answer root query fields; the source is the World."""
    return _QUERY.field(*names)


def mutation(*names: str, idempotent: bool = False) -> Callable[[Written], Written]:
    """Answer root mutation fields; with `idempotent`, a call needs `@idempotent(key:)`."""
    if idempotent:
        IDEMPOTENT.update(names)
    return _MUTATION.field(*names)


Loader = Callable[[Any, int], Any]
NODES: dict[str, Loader] = {}


def node(type_name: str, load: Loader) -> None:
    """Let `node(id:)` find objects of this type: `load(world, number)` answers one or None."""
    NODES[type_name] = load
