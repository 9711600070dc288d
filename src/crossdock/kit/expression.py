"""
Expressions over one document that cannot do harm: JMESPath, with bounds.

The language (jmespath.org) reads and compares; it has no clock, no names of Python's, no way out of the document. The
same expression over the same document gives the same answer, at any time and on any machine.
"""

import math
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final

from jmespath import functions
from jmespath.exceptions import JMESPathError, JMESPathTypeError, ParseError
from jmespath.parser import Parser
from jmespath.visitor import Options, TreeInterpreter

from crossdock.kit.expression_places import Places, places_of

LONGEST: Final = 500
"""Characters of one expression."""

MOST_STEPS: Final = 50_000
"""Nodes visited in one evaluation: some milliseconds, and ten times what the largest order needs."""

MOST_COPIES: Final = 64
"""How often an expression may repeat a part of the document within its answer: `[@, @]` twice over is four times."""

LONGEST_ANSWER: Final = 20_000
"""Characters of a text that a function makes."""


class BadExpression(Exception):
    """An expression that cannot be; the message is a clause that says where and why."""


class CannotTell(Exception):
    """An expression that has no answer for this document; the message is a clause that says why."""


class _Functions(functions.Functions):
    """The language's functions, and a few for text. A number with decimal places is a Decimal, so that cents stay."""

    @functions.signature({"types": ["string"]})
    def _func_lower(self, text: str) -> str:
        return text.lower()

    @functions.signature({"types": ["string"]})
    def _func_upper(self, text: str) -> str:
        return text.upper()

    @functions.signature({"types": ["string"]})
    def _func_trim(self, text: str) -> str:
        return text.strip()

    @functions.signature({"types": ["string"]}, {"types": ["number"]})
    def _func_left(self, text: str, length: Decimal) -> str:
        return text[: max(0, int(length))]

    @functions.signature({"types": ["string"]}, {"types": ["string"]})
    def _func_after(self, text: str, mark: str) -> str | None:
        _, found, rest = text.partition(mark)
        return rest if found else None

    @functions.signature({"types": []})
    def _func_to_number(self, value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            return None
        try:
            number = Decimal(value)
        except InvalidOperation:
            return None
        return number if number.is_finite() and abs(number.adjusted()) < 30 else None

    @functions.signature({"types": []})
    def _func_to_string(self, value: Any) -> str | None:
        if isinstance(value, list | dict):
            return None
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, bool):
            return "true" if value else "false"
        return format(value, "f") if isinstance(value, Decimal) else str(value)

    def _get_allowed_pytypes(self, types: Sequence[str]) -> tuple[list[str], list[tuple[str, ...]]]:
        whole, parts = super()._get_allowed_pytypes(types)  # type: ignore[misc] # the stubs leave it out
        return (
            [*whole, *(["Decimal"] if "float" in whole else [])],
            [(*part, "Decimal") if "float" in part else part for part in parts],
        )


# One divides by a float; two change nothing that a field takes.
_LEFT_OUT: Final = {"avg", "merge", "to_array"}
_TABLE: Final[Mapping[str, Any]] = {
    name: spec for name, spec in _Functions.FUNCTION_TABLE.items() if name not in _LEFT_OUT
}
FUNCTIONS: Final = tuple(sorted(_TABLE))
"""What may be called."""


class _Bounded(TreeInterpreter):
    """One evaluation, counted."""

    def __init__(self) -> None:
        super().__init__(Options(custom_functions=_Functions()))
        self._steps = 0

    def visit(self, node: Any, *args: Any, **kwargs: Any) -> Any:
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise CannotTell("takes too long for this order. Make it simpler")
        return super().visit(node, *args, **kwargs)

    def visit_literal(self, node: Any, value: Any) -> Any:
        found = super().visit_literal(node, value)
        return Decimal(repr(found)) if isinstance(found, float) else found

    def visit_function_expression(self, node: Any, value: Any) -> Any:
        answer = super().visit_function_expression(node, value)
        if isinstance(answer, str) and len(answer) > LONGEST_ANSWER:
            raise CannotTell(f"makes a text of more than {LONGEST_ANSWER} characters. Shorten it with left()")
        return answer


_WORDS: Final = {
    "null": "nothing",
    "NoneType": "nothing",
    "string": "text",
    "str": "text",
    "array": "a list",
    "object": "an object",
    "dict": "an object",
    "boolean": "yes or no",
    "number": "number",
    "unknown": "number",
    "expref": "an expression after &",
}


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that was read and can be asked of documents. Made by `read`."""

    text: str
    places: Places
    """Where in a document it takes something from."""
    _tree: Any

    def of(self, document: Mapping[str, object]) -> object:
        """Return the answer for `document`: text, number, bool, list, object or None. Raises CannotTell."""
        try:
            answer: object = _Bounded().visit(self._tree, document)
        except JMESPathTypeError as error:
            wanted = " or ".join(_worded(one) for one in error.expected_types)
            given = _WORDS.get(error.actual_type, error.actual_type)
            raise CannotTell(f"gives {error.function_name}() {given}, and it takes {wanted}") from error
        except (JMESPathError, ArithmeticError, TypeError, ValueError, RecursionError) as error:
            raise CannotTell("compares or reckons with things that do not go together") from error
        if answer is not None and not isinstance(answer, str | int | Decimal | list | dict):
            raise CannotTell("is meant for a function, with its &, and is no value by itself")
        return answer

    def holds(self, document: Mapping[str, object]) -> bool:
        """Whether the answer counts as yes: all but false, nothing and what is empty. Raises CannotTell."""
        answer = self.of(document)
        return answer is not None and answer is not False and answer not in ("", [], {})


@lru_cache(maxsize=1024)
def read(text: str) -> Expression:
    """Return the expression. Raises BadExpression."""
    if len(text) > LONGEST:
        raise BadExpression(f"has {len(text)} characters; {LONGEST} are the most")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", PendingDeprecationWarning)  # a text between backticks, as of old
            tree = Parser().parse(text).parsed
    except ParseError as error:
        place = min(int(error.lex_position or 0), len(text))
        near = text[max(0, place - 10) : place + 10]
        raise BadExpression(f"cannot be read at character {place + 1}, near “{near}”") from error
    except JMESPathError as error:
        raise BadExpression("says nothing") from error
    except (RecursionError, ValueError, PendingDeprecationWarning) as error:
        raise BadExpression("cannot be read. Write texts as 'text' and numbers as `12`") from error
    nodes = list(_nodes(tree))
    for node in nodes:
        if node["type"] == "function_expression":
            _refuse_call(node)
    copies = math.prod(
        len(node["children"]) for node in nodes if node["type"] in {"multi_select_list", "multi_select_dict"}
    )
    if copies > MOST_COPIES:
        raise BadExpression(f"puts the same things together {copies} times; {MOST_COPIES} are the most")
    return Expression(text, places_of(tree), tree)


def _worded(type_: str) -> str:
    whole, _, part = type_.partition("-")
    return f"{_WORDS.get(whole, whole)} of {_WORDS.get(part, part)}s" if part else _WORDS.get(whole, whole)


def _refuse_call(node: Any) -> None:
    name, given = node["value"], len(node["children"])
    if name not in _TABLE:
        raise BadExpression(f"calls {name}(), which there is not. There are: {', '.join(FUNCTIONS)}")
    signature = _TABLE[name]["signature"]
    many = bool(signature) and signature[-1].get("variadic", False)
    if given < len(signature) or (given > len(signature) and not many):
        raise BadExpression(f"gives {name}() {given} of the {len(signature)} values that it takes")


def _nodes(tree: Any) -> Iterator[Any]:
    """Yield every node of the tree; parts of a slice are numbers."""
    yield tree
    for child in tree.get("children", ()):
        if isinstance(child, dict):
            yield from _nodes(child)
