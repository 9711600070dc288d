"""
Rules as a person writes them: `inventory.buffer=2` on a command line, or a document of names and values.

What is not named stays as it is; lists and maps that are named are replaced whole. Every refusal names the field.
"""

import dataclasses
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError

from crossdock.kit.errors import UsageError
from crossdock.model.called import GID
from crossdock.model.connection import Rules
from crossdock.model.names import LocationId

_NONE = "none"
_TEMPLATE = re.compile(r"\{[a-z]")  # {name}-{n}; JSON quotes its keys
_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\s*(ms|s|min|h)")
_SECONDS = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0}


def with_settings(rules: Rules, settings: Sequence[str]) -> Rules:
    """Return the rules with these settings, each `name=value`, in this order. Raises UsageError."""
    for setting in settings:
        name, given, value = setting.partition("=")
        if not given:
            raise UsageError(f"{setting!r} sets nothing. Write it as inventory.buffer=2.")
        rules = _put(Rules, rules, name.strip().split("."), _parsed(value.strip()), "")
    return rules


def with_document(rules: Rules, document: object) -> Rules:
    """Return the rules with what a document (of TOML or JSON) says. Raises UsageError."""
    read: Rules = _read(Rules, rules, document, "")
    return read


def refuse_other_mode(connection: str, before: Rules, after: Rules) -> None:
    """Raise UsageError where `inventory.mode` would change: that is asked for by itself, after a look."""
    if after.inventory.mode is not before.inventory.mode:
        raise UsageError(
            f"inventory.mode is changed by: crossdock stock mode {connection} {after.inventory.mode}. It shows first "
            "where Shopify's stock and the figures differ."
        )


def _parsed(text: str) -> object:
    if not text.startswith(("[", "{")) or _TEMPLATE.match(text):
        return text
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise UsageError(f"{text} is not JSON: {error.msg} at character {error.pos + 1}.") from error


def _put(hint: Any, current: Any, path: Sequence[str], value: object, name: str) -> Any:
    """Return `current` with the part that `path` leads to read from `value`."""
    if not path:
        return _read(hint, current, value, name)
    if get_origin(hint) is Mapping:
        # The rest of the path is the key, dots and all: a SKU may have some.
        key = ".".join(path)
        if value == _NONE:
            return {known: kept for known, kept in current.items() if known != key}
        return {**current, **_read(hint, {}, {key: value}, name)}
    first, *rest = path
    part, inner = f"{name}.{first}".lstrip("."), _hints(hint)
    if first not in inner:
        raise _unknown(part, name, inner)
    return dataclasses.replace(current, **{first: _put(inner[first], getattr(current, first), rest, value, part)})


def _read(hint: Any, current: Any, value: object, name: str) -> Any:
    """Return `value` as `hint` wants it; of a dataclass, what `value` does not name is taken from `current`."""
    if get_origin(hint) in {Union, UnionType}:
        if value is None or value == _NONE:
            return None
        [hint] = [one for one in get_args(hint) if one is not NoneType]
    if dataclasses.is_dataclass(hint):
        return _read_parts(hint, current, value, name)
    if get_origin(hint) is tuple:
        if not isinstance(value, list):
            raise UsageError(f"{name} is a list. Write it in a file, and give that with --apply.")
        element = get_args(hint)[0]
        return tuple(_read(element, None, one, f"{name}[{number}]") for number, one in enumerate(value))
    if get_origin(hint) is Mapping:
        key_hint, value_hint = get_args(hint)
        nothing: object = None if dataclasses.is_dataclass(value_hint) else {}
        return {
            _read(key_hint, None, key, name): _read(value_hint, nothing, one, f"{name}.{key}")
            for key, one in _pairs(value, name).items()
        }
    return _read_leaf(hint, value, name)


def _read_parts(hint: Any, current: Any, value: object, name: str) -> Any:
    if not isinstance(value, Mapping):
        raise UsageError(f"{name or 'The document'} has parts: {', '.join(_hints(hint))}. Set one of them.")
    inner = _hints(hint)
    changes = {}
    for part, one in value.items():
        full = f"{name}.{part}".lstrip(".")
        if part not in inner:
            raise _unknown(full, name, inner)
        changes[part] = _read(inner[part], getattr(current, part, None), one, full)
    return hint(**changes) if current is None else dataclasses.replace(current, **changes)


def _pairs(value: object, name: str) -> Mapping[str, object]:
    if isinstance(value, Mapping):
        return value
    pairs = [pair.rpartition(":") for pair in str(value).split(",")]
    if not all(key and number for key, _, number in pairs):
        raise UsageError(f"{name} cannot be {value!r}. Write pairs: MUG:2,LAMP:1.")
    return {key.strip(): number.strip() for key, _, number in pairs}


def _read_leaf(hint: Any, value: object, name: str) -> Any:
    if hint is LocationId:
        return _location(value, name)
    if hint is timedelta and isinstance(value, str):
        value = duration(value, name)
    if get_origin(hint) is frozenset and isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    try:
        if isinstance(value, bool) and hint is not bool:
            raise UsageError(f"{name} cannot be {str(value).lower()}. {_wants(hint)}")
        read = TypeAdapter(hint).validate_python(value)
    except ValidationError as error:
        raise UsageError(f"{name} cannot be {value!r}. {_wants(hint)}") from error
    return read.replace(tzinfo=UTC) if isinstance(read, datetime) and read.tzinfo is None else read


def _location(value: object, name: str) -> LocationId:
    text = str(value)
    if text.isdecimal():
        return LocationId(GID + text)
    if not text.startswith(GID):
        raise UsageError(
            f"{name}: {text!r} is no location. Name it by its number or its gid; crossdock connections lists them."
        )
    return LocationId(text)


def duration(text: str, name: str) -> timedelta:
    """Return what `text` (500ms, 10s, 2min, 1h) says; `name` is what the refusal is about. Raises UsageError."""
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        raise UsageError(f"{name} cannot be {text!r}. It takes a duration: 500ms, 10s, 2min, 1h.")
    return timedelta(seconds=float(found[1]) * _SECONDS[found[2]])


def _wants(hint: Any) -> str:
    if get_origin(hint) is frozenset:
        return f"It is a list. Each part: {_wants(get_args(hint)[0])}"
    if isinstance(hint, type) and issubclass(hint, Enum):
        return f"It takes one of: {', '.join(one.value for one in hint)}."
    kinds = {int: "a whole number", float: "a number", bool: "true or false", datetime: "a time: 2026-07-01T08:00"}
    kinds |= {timedelta: "a duration: 500ms, 10s, 2min, 1h"}
    return f"It takes {kinds.get(hint, 'text')}."


def _unknown(part: str, name: str, inner: Mapping[str, object]) -> UsageError:
    return UsageError(f"There is no rule {part}. Those of {name or 'a connection'} are: {', '.join(inner) or 'none'}.")


def _hints(hint: Any) -> Mapping[str, Any]:
    if not dataclasses.is_dataclass(hint):
        return {}
    hints = get_type_hints(hint)
    return {field.name: hints[field.name] for field in dataclasses.fields(hint)}
