"""The fields that a backend takes beside what every request says, and what a request says in them. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeAlias, assert_never

Scalar: TypeAlias = str | int | Decimal | bool | date

LONGEST_TEXT: Final = 5000
"""How many characters a text may have where the backend names no limit: as many as a note of Shopify's."""

_WHOLE: Final = re.compile(r"[+-]?\d{1,18}")
_AMOUNT: Final = re.compile(r"[+-]?\d{1,15}(\.\d{1,6})?")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_FLAGS: Final = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class FieldKind(StrEnum):
    """What a field holds."""

    TEXT = "text"
    NUMBER = "number"
    """A whole number."""

    AMOUNT = "amount"
    """A number with decimal places, exact."""

    FLAG = "flag"
    """Yes or no."""

    DAY = "day"
    """A calendar day."""


class Source(StrEnum):
    """What said what a field holds."""

    MAPPING = "mapping"
    """The connection's expression for it."""

    DEFAULT = "default"
    """A default of the connection's, where the expression said nothing."""

    OVERRIDE = "override"
    """A person, for this one order."""


class Unfit(Exception):
    """A value that a field does not take; the message is a clause that goes on after the field's name."""


@dataclass(frozen=True, slots=True)
class RequestField:
    """
    What a request says in one field. `text` is the value spelled out, so that it is stored and compared exactly.

    `source` is for people, and is no difference between two fields; None where it was not kept.
    """

    name: str
    kind: FieldKind
    text: str
    source: Source | None = field(default=None, compare=False)

    @property
    def value(self) -> Scalar:
        """The value, of the type that its kind has."""
        match self.kind:
            case FieldKind.TEXT:
                return self.text
            case FieldKind.NUMBER:
                return int(self.text)
            case FieldKind.AMOUNT:
                return Decimal(self.text)
            case FieldKind.FLAG:
                return self.text == "true"
            case FieldKind.DAY:
                return date.fromisoformat(self.text)
            case _:
                assert_never(self.kind)


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """
    One field that a backend takes, of an order or (`of_line`) of each of its lines. No two have the same name.

    `longest` is in characters, for texts. `choices`, where there are any, are all that a text may be. A `required`
    field keeps an order from being sent while nothing is said in it.
    """

    name: str
    title: str
    kind: FieldKind = FieldKind.TEXT
    longest: int = LONGEST_TEXT
    choices: tuple[str, ...] = ()
    required: bool = False
    of_line: bool = False

    def take(self, value: object) -> RequestField | None:
        """
        Return `value` as the field takes it; None where it says nothing: none, or an empty text.

        A text is read as whatever it spells, as all that people write on a Shopify order is text. Raises Unfit.
        """
        if value is None or value == "":
            return None
        if isinstance(value, list | dict):
            raise Unfit("is given a list or an object. Pick one value of it, or join texts: join(', ', tags)")
        return RequestField(self.name, self.kind, self._spelled(value))

    def _spelled(self, value: object) -> str:
        match self.kind:
            case FieldKind.TEXT:
                return self._text(value)
            case FieldKind.NUMBER:
                return _matching(_WHOLE, value, "a whole number", lambda text: str(int(text)))
            case FieldKind.AMOUNT:
                return _matching(_AMOUNT, value, "a number", lambda text: format(Decimal(text), "f"))
            case FieldKind.FLAG:
                return _flag(value)
            case FieldKind.DAY:
                return _day(value)
            case _:
                assert_never(self.kind)

    def _text(self, value: object) -> str:
        if isinstance(value, bool):
            raise Unfit(f"takes text, and is given {_said(value)}")
        text = _plain(value)
        if "\0" in text:
            raise Unfit("takes text, and is given a character that is none (NUL)")
        if len(text) > self.longest:
            raise Unfit(f"takes {self.longest} characters at most, and is given {len(text)}")
        if self.choices and text not in self.choices:
            raise Unfit(f"takes one of {', '.join(self.choices)}, and is given {_said(text)}")
        return text


def spelled(value: Scalar) -> str:
    """Return a value as a person reads it."""
    return _flag(value) if isinstance(value, bool) else _plain(value)


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _matching(pattern: re.Pattern[str], value: object, wanted: str, spell: Callable[[str], str]) -> str:
    text = "" if isinstance(value, bool | date) else _plain(value).strip()
    if isinstance(value, float) or not pattern.fullmatch(text):
        raise Unfit(f"takes {wanted}, and is given {_said(value)}")
    return spell(text)


def _flag(value: object) -> str:
    found = value if isinstance(value, bool) else _FLAGS.get(_plain(value).strip().lower())
    if found is None:
        raise Unfit(f"takes true or false, and is given {_said(value)}")
    return "true" if found else "false"


def _day(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).date().isoformat()
    text = _plain(value).strip()[:10]
    try:
        if isinstance(value, date | str) and _DAY.fullmatch(text):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise Unfit(f"takes a day (2026-07-31), and is given {_said(value)}")


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = _plain(value)
    return f"“{text[:40]}{'…' if len(text) > 40 else ''}”"
