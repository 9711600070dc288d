"""What the stand-in's code reads of a mutation's input, found by walking its functions."""

from collections.abc import Callable, Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLNamedType,
    get_named_type,
)

from shopify_standin.house.inputs import NOT_MODELLED, NOT_MODELLED_ARGUMENTS


def words_read_by(resolver: Callable[..., Any]) -> set[str]:
    """Every string in the code that a resolver can reach inside the stand-in: the names of what it reads are among."""
    words: set[str] = set()
    seen: set[int] = set()
    todo: list[Any] = [resolver]
    while todo:
        thing = todo.pop()
        if isinstance(thing, str):
            words.add(thing)
        elif id(thing) not in seen:
            seen.add(id(thing))
            todo += _inside(thing)
    return words


def _inside(thing: Any) -> list[Any]:
    match thing:
        case dict():
            return [*thing.keys(), *thing.values()]
        case list() | tuple() | set() | frozenset():
            return list(thing)
        case CodeType():
            return list(thing.co_consts)
        case property():
            return [thing.fget]
        case type() if thing.__module__.startswith("shopify_standin"):
            return list(vars(thing).values())
        case FunctionType() if thing.__module__.startswith("shopify_standin"):
            cells = [cell.cell_contents for cell in thing.__closure__ or ()]
            return [thing.__code__, thing.__defaults__, *cells, *_globals_of(thing)]
        case _:
            return []


def _globals_of(function: FunctionType) -> Iterator[Any]:
    names = set(_names(function.__code__))
    for name in names & function.__globals__.keys():
        found = function.__globals__[name]
        if isinstance(found, ModuleType):
            yield from (vars(found)[part] for part in names & vars(found).keys())
        else:
            yield found


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def inputs_of(mutation: str, field: GraphQLField) -> Iterator[tuple[str, str]]:
    """(input type, field) of every input that a call may give, but for what is inside refused ones."""
    refused = NOT_MODELLED_ARGUMENTS.get(mutation, ())
    todo = [get_named_type(argument.type) for name, argument in field.args.items() if name not in refused]
    seen: set[str] = set()
    while todo:
        kind: GraphQLNamedType = todo.pop()
        if not isinstance(kind, GraphQLInputObjectType) or kind.name in seen:
            continue
        seen.add(kind.name)
        for name, part in kind.fields.items():
            if name not in NOT_MODELLED.get(kind.name, ()):
                yield kind.name, name
                todo.append(get_named_type(part.type))
