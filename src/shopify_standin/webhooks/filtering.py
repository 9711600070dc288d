"""A subscription's `filter`: search syntax over the fields of the payload (Shopify docs, 2024-07 and later)."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from shopify_standin.errors import JsonObject
from shopify_standin.search.filters import COMPARE
from shopify_standin.search.syntax import All, Not, Some, Term, Tree, parse_search


def passes(content: JsonObject, query: str | None) -> bool:
    """Whether a payload is wanted by a subscription with this filter."""
    tree = parse_search(query) if query else None
    return tree is None or _holds(content, tree)


def _holds(content: JsonObject, tree: Tree) -> bool:
    match tree:
        case Term():
            return _term_holds(content, tree)
        case Not(part):
            return not _holds(content, part)
        case All(parts):
            return all(_holds(content, part) for part in parts)
        case Some(parts):
            return any(_holds(content, part) for part in parts)


def _term_holds(content: JsonObject, term: Term) -> bool:
    values = list(_values(content, (term.field or "").split(".")))
    if term.value == "*" and not term.quoted:
        return any(value not in {None, ""} for value in values)
    if term.op != ":":
        return any(_compares(value, term) for value in values)
    return term.value.casefold() in {_text(value) for value in values}


def _compares(value: Any, term: Term) -> bool:
    """Numbers compare as numbers, anything else (times among it) as text."""
    compare = COMPARE[term.op]
    try:
        return compare(Decimal(str(value)), Decimal(term.value))
    except InvalidOperation:
        return value is not None and compare(str(value), term.value)


def _text(value: Any) -> str:
    return str(value).casefold()


def _values(content: Any, path: list[str]) -> Iterator[Any]:
    if isinstance(content, list):
        for entry in content:
            yield from _values(entry, path)
    elif not path:
        yield content
    elif isinstance(content, dict) and path[0] in content:
        yield from _values(content[path[0]], path[1:])
