"""
Kinds of search filters, from which each connection's list of filters is put together.

A filter is given one term and makes a test of it. It raises BadValue for a value that it cannot read; such
a search finds nothing.
"""

import operator
import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from shopify_standin.search.syntax import Term
from shopify_standin.world import World

Test = Callable[[Any, World], bool]
Filter = Callable[[Term], Test]
Read = Callable[[Any, World], Any]

COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    ":": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class BadValue(ValueError):
    """A value that a filter cannot read."""


def text(read: Read) -> Filter:
    """Equal but for case; `abc*` matches beginnings, `*` anything not blank. Lists match by any member."""

    def make(term: Term) -> Test:
        wanted = term.value.casefold()
        if not term.quoted and wanted == "*":
            return lambda row, world: any(_texts(read(row, world)))
        if not term.quoted and wanted.endswith("*"):
            start = wanted[:-1]
            return lambda row, world: any(value.startswith(start) for value in _texts(read(row, world)))
        return lambda row, world: wanted in _texts(read(row, world))

    return make


def absent(read: Read) -> Filter:
    """The negation of `text`: none of the values is equal."""
    present = text(read)

    def make(term: Term) -> Test:
        test = present(term)
        return lambda row, world: not test(row, world)

    return make


def metafield(namespace: str, key: str) -> Filter:
    """The value of the row's metafield at one place, as `text` compares it."""

    def values(row: Any, world: World) -> list[str]:
        return [x.value for x in world.metafields.where("place", (row.gid, namespace, key))]

    return text(values)


def words(read: Read) -> Filter:
    """Every word of the value begins some word of the text."""

    def make(term: Term) -> Test:
        wanted = re.findall(r"[^\s*]+", term.value.casefold())

        def test(row: Any, world: World) -> bool:
            content = " ".join(_texts(read(row, world)))
            have = [content, *re.split(r"[\s\-_/@.#]+", content), *content.split()]
            return all(any(part.startswith(word) for part in have) for word in wanted)

        return test

    return make


def number(read: Read) -> Filter:
    """Compares as numbers; an id may be given as its number."""

    def make(term: Term) -> Test:
        try:
            wanted = Decimal(term.value.rsplit("/", 1)[-1])
        except InvalidOperation:
            raise BadValue(term.value) from None
        compare = COMPARE[term.op]

        def test(row: Any, world: World) -> bool:
            values = read(row, world)
            found = values if isinstance(values, list | set | tuple) else [values]
            return any(value is not None and compare(value, wanted) for value in found)

        return test

    return make


def moment(read: Read) -> Filter:
    """Compares times; a date alone stands for its first instant, and with `:` for the whole day."""

    def make(term: Term) -> Test:
        wanted, whole_day = _moment(term.value)
        if wanted is None:
            raise BadValue(term.value)
        if term.op == ":" and whole_day:
            day = wanted.date()
            return lambda row, world: (at := read(row, world)) is not None and at.date() == day
        compare = COMPARE[term.op]
        # Shopify's times have whole seconds, so finer ones must not tell rows apart.
        return lambda row, world: (at := read(row, world)) is not None and compare(at.replace(microsecond=0), wanted)

    return make


def moment_bounds(term: Term) -> tuple[datetime | None, datetime | None]:
    """From when on and before when a term on a time may hold; wider than the term by what seconds round off."""
    at, whole_day = _moment(term.value)
    if at is None:
        return None, None
    match term.op:
        case ">" | ">=":
            return at, None
        case "<" | "<=":
            return None, at + timedelta(seconds=1)
        case _:
            return at, at + (timedelta(days=1) if whole_day else timedelta(seconds=1))


def truth(read: Read) -> Filter:
    """`true` or `false`."""

    def make(term: Term) -> Test:
        if term.value.casefold() not in {"true", "false"}:
            raise BadValue(term.value)
        wanted = term.value.casefold() == "true"
        return lambda row, world: bool(read(row, world)) is wanted

    return make


def choice(read: Read, **meanings: Iterable[str]) -> Filter:
    """One of some words, comma-separated for any of several; each word stands for the field values given for it."""

    def make(term: Term) -> Test:
        wanted: set[str] = set()
        for word in term.value.casefold().split(","):
            if word not in meanings:
                raise BadValue(term.value)
            wanted |= set(meanings[word])
        return lambda row, world: read(row, world) in wanted

    return make


def _texts(value: Any) -> list[str]:
    if value is None:
        return []
    if isinstance(value, list | tuple | set):
        return [str(entry).casefold() for entry in value if entry not in {None, ""}]
    return [str(value).casefold()] if value != "" else []


def _moment(value: str) -> tuple[datetime | None, bool]:
    """The instant meant, and whether only a day was named."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            return datetime.combine(date.fromisoformat(value), time(), UTC), True
        at = datetime.fromisoformat(value)
    except ValueError:
        return None, False
    return (at if at.tzinfo else at.replace(tzinfo=UTC)), False
