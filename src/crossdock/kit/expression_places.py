"""Which places of its document an expression takes something from, found without any document. Pure."""

from collections.abc import Iterable
from typing import Any, Final, TypeAlias

Place: TypeAlias = tuple[str, ...]
"""The names on the way to a value. Lists are passed through; `*` stands for every name of an object."""

Places: TypeAlias = frozenset[Place]

_ROOT: Final[Places] = frozenset({()})
_ONE_AFTER_THE_OTHER: Final = {"subexpression", "pipe", "index_expression", "projection", "flatten"}


def places_of(tree: Any) -> Places:
    """
    Return where the values come from that an expression answers, compares or hands to a function.

    `tree` is what JMESPath's parser makes. A value that is only gone through is not named: of `customer.tags` that is
    `("customer", "tags")` alone.
    """
    walk = _Walk()
    walk.use(walk.visit(tree, _ROOT))
    return frozenset(walk.used)


class _Walk:
    def __init__(self) -> None:
        self.used: set[Place] = set()

    def use(self, places: Places) -> Places:
        """Note that somebody looks at what is there."""
        self.used |= places
        return places

    def visit(self, node: Any, here: Places) -> Places:
        """Return where the node's answer comes from, for a node that is asked at `here`."""
        kind, children = node["type"], node.get("children", ())
        if kind == "field":
            return _at(here, node["value"])
        if kind == "value_projection":
            left, right = children
            return self.visit(right, _at(self.visit(left, here), "*"))
        if kind == "filter_projection":
            left, right, condition = children
            base = self.visit(left, here)
            self.use(self.visit(condition, base))
            return self.visit(right, base)
        if kind in _ONE_AFTER_THE_OTHER:
            for child in children:
                here = self.visit(child, here)
            return here
        if kind == "function_expression":
            return self._call(children, here)
        if kind in {"index", "slice", "identity", "current"}:
            return here
        # Lists and objects made here, comparisons, `&&`, `||`, `!`: each part stands by itself. A literal has none.
        return self.use(_all(self.visit(child, here) for child in children))

    def _call(self, given: Any, here: Places) -> Places:
        """Functions answer parts of what they are given; an expression after `&` is asked at these."""
        values = self.use(_all(self.visit(one, here) for one in given if one["type"] != "expref"))
        asked = (self.visit(one["children"][0], values) for one in given if one["type"] == "expref")
        return values | self.use(_all(asked))


def _at(places: Places, name: str) -> Places:
    return frozenset((*place, name) for place in places)


def _all(some: Iterable[Places]) -> Places:
    return frozenset().union(*some)
