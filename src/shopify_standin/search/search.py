"""
Select rows by a search query.

An unknown filter fails open: it is ignored, and `extensions.search` says so. A value that cannot be read finds
nothing, with a warning of its own (recorded 2025-01).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shopify_standin.call import Call
from shopify_standin.errors import JsonObject
from shopify_standin.search.filters import BadValue, Filter, Test, metafield, moment_bounds
from shopify_standin.search.syntax import All, Not, Some, Term, Tree, parse_search, parsed_form
from shopify_standin.table import Table
from shopify_standin.world import World

Lookup = Callable[[World, str], Iterable[Any]]


@dataclass(frozen=True)
class Search:
    """The filters of one connection."""

    filters: Mapping[str, Filter]
    default: Filter | None
    """What a word without a field is looked for in; None where every word needs a field."""
    lookups: Mapping[str, Lookup] = field(default_factory=dict)
    """Filters with an index: they give the candidates, which spares a walk over all rows of a table."""
    has_metafields: bool = False
    """Whether `metafields.{namespace}.{key}` is a filter too."""

    def select(self, rows: Iterable[Any], query: str | None, call: Call, path: list[str]) -> list[Any]:
        """The rows that a query selects, in the order given or that of an index."""
        tree = parse_search(query) if query and query.strip() else None
        if tree is None:
            return list(rows)
        warnings: list[JsonObject] = []
        test = self._test(tree, warnings)
        if warnings:
            call.searches.append({"path": path, "query": query, "parsed": parsed_form(tree), "warnings": warnings})
        if test is None:
            return list(rows)
        candidates = self._candidates(tree, rows, call.world)
        world = call.world
        found = [row for row in (rows if candidates is None else candidates) if test(row, world)]
        return [row for row in found if _is_indexed(row, world)] if world.settings.search_delay else found

    def _candidates(self, tree: Tree, rows: Iterable[Any], world: World) -> Iterable[Any] | None:
        parts = tree.parts if isinstance(tree, All) else (tree,)
        for part in parts if isinstance(rows, Table) else ():
            if isinstance(part, Term) and part.field and part.field in self.lookups and part.op == ":":
                if "*" in part.value or "," in part.value:
                    continue
                return self.lookups[part.field](world, part.value)
        return _in_range(rows, parts) if isinstance(rows, Table) else None

    def _test(self, tree: Tree, warnings: list[JsonObject]) -> Test | None:
        """A test for the tree; None where nothing of it is understood, which selects everything."""
        match tree:
            case Term():
                return self._term(tree, warnings)
            case Not(part):
                inner = self._test(part, warnings)
                return None if inner is None else lambda row, world: not inner(row, world)
            case All(parts):
                tests = [test for part in parts if (test := self._test(part, warnings))]
                return (lambda row, world: all(test(row, world) for test in tests)) if tests else None
            case Some(parts):
                tests = [test for part in parts if (test := self._test(part, warnings))]
                return (lambda row, world: any(test(row, world) for test in tests)) if tests else None

    def _filter(self, name: str) -> Filter | None:
        match name.split(".", 2):
            case ["metafields", namespace, key] if self.has_metafields:
                return metafield(namespace, key)
        return self.filters.get(name)

    def _term(self, term: Term, warnings: list[JsonObject]) -> Test | None:
        make = self.default if term.field is None else self._filter(term.field)
        if make is None and term.field is None:
            message = "Input must use named search fields in this query."
            warnings.append(_warning(None, message, "missing_named_field"))
            return None
        if make is None:
            warnings.append(_warning(term.field, "Invalid search field for this query.", "invalid_field"))
            return None
        try:
            return make(term)
        except BadValue:
            warnings.append(_warning(term.field, f"Input `{term.value}` is not an accepted value.", "invalid_value"))
            return lambda _row, _world: False


def _is_indexed(row: Any, world: World) -> bool:
    """Whether the index has caught up with what was last done to a row."""
    changed = getattr(row, "updated_at", None) or getattr(row, "created_at", None)
    return changed is None or changed <= world.now() - world.settings.search_delay


def _in_range(rows: Table[Any], parts: tuple[Tree, ...]) -> list[Any] | None:
    """The rows within what the parts say of an attribute that the table keeps in order."""
    bounds = [part for part in parts if isinstance(part, Term) and part.field and rows.is_ordered(part.field)]
    for name in {part.field for part in bounds}:
        lows = [low for part in bounds if part.field == name and (low := moment_bounds(part)[0])]
        highs = [high for part in bounds if part.field == name and (high := moment_bounds(part)[1])]
        if name and (lows or highs):
            return rows.between(name, max(lows, default=None), min(highs, default=None))
    return None


def _warning(name: str | None, message: str, code: str) -> JsonObject:
    return {"field": name or "default", "message": message, "code": code}
