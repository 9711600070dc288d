"""Rules as a person would write them: a text for each by its name, which `written_rules` reads back."""

import dataclasses
import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from pydantic_core import to_jsonable_python

from crossdock.model.connection import Rules


def rule_texts(rules: Rules) -> Mapping[str, str]:
    """Return the text of every rule, by its name (`inventory.buffer`), in the rules' own order."""
    return dict(_texts(rules, ""))


def document_of(rules: Rules) -> Mapping[str, Any]:
    """Return the rules as JSON has them, which `written_rules` reads back; what has no order of its own is sorted."""
    plain = to_jsonable_python(rules, timedelta_mode="float")
    return {
        name: {key: sorted(value) if _is_set(value) else value for key, value in part.items()}
        for name, part in plain.items()
    }


def _is_set(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def choices(rules: Rules) -> Mapping[str, tuple[str, ...]]:
    """Return the texts among which a rule's is chosen, for those that take one of few."""
    return {name: one for name, value in _leaves(rules, "") if (one := _choices(value))}


def _texts(part: Any, under: str) -> Iterator[tuple[str, str]]:
    for name, value in _leaves(part, under):
        yield name, _text(value)


def _leaves(part: Any, under: str) -> Iterator[tuple[str, Any]]:
    for field in dataclasses.fields(part):
        name, value = f"{under}{field.name}", getattr(part, field.name)
        if dataclasses.is_dataclass(value):
            yield from _leaves(value, f"{name}.")
        else:
            yield name, value


def _choices(value: object) -> tuple[str, ...]:
    if isinstance(value, bool):
        return ("true", "false")
    return tuple(str(one.value) for one in type(value)) if isinstance(value, Enum) else ()


def _text(value: object) -> str:
    match value:
        case None:
            return "none"
        case bool():
            return str(value).lower()
        case Enum():
            return str(value.value)
        case timedelta():
            return f"{value.total_seconds():g}s"
        case datetime():
            return value.isoformat()
        case frozenset():
            return ",".join(sorted(value))
        case Mapping() | tuple():
            return json.dumps(_said(to_jsonable_python(value)), ensure_ascii=False)
        case _:
            return str(value)


def _said(document: Any) -> Any:
    """Leave out what a rule for a level does not say."""
    if isinstance(document, list):
        return [{name: one for name, one in row.items() if one is not None} for row in document]
    return document
