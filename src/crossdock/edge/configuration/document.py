"""
The file: connections with their flows, locations, rules and fields, and alerts; TOML, read strictly, written by name.

What it does not name stays as it is. What it names is meant whole: a map of locations, the fields, the alerts.
Credentials, the settings of backends and what channels are opened by are secrets, or hold some, and are never in it.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_serializer

from crossdock.edge.written_mappings import WrittenSource, document_of, mapping_of
from crossdock.kit.errors import UsageError
from crossdock.model.alert import Topic
from crossdock.model.cause import Cause
from crossdock.model.flow import Flow

Codes = Annotated[tuple[str, ...], Field(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ConnectionPart(_Part):
    """
    One connection. `store` and `backend` say which is meant, and are never changed.

    `warehouses` are by the location's number; `rules` are texts by name, as `crossdock rules --set` takes them;
    `fields` say how the backend's own are filled, as `crossdock mappings save` takes it.
    """

    store: str
    backend: str
    flows: tuple[Flow, ...] | None = None
    warehouses: Mapping[str, Codes] | None = None
    rules: Mapping[str, str] = {}
    fields: Mapping[str, WrittenSource] | None = None

    @field_serializer("fields")
    def _only_what_is_said(self, fields: Mapping[str, WrittenSource] | None) -> object:
        if fields is None:
            return None
        return {name: _filled(source) for name, source in document_of(mapping_of(fields)).items()}


class AlertPart(_Part):
    """One alert, as `crossdock alerts add` takes it; what is empty narrows nothing."""

    topic: Topic
    channel: str
    least: int | None = None
    store: str = ""
    causes: tuple[Cause, ...] = ()
    tag: str = ""
    amount: str = ""
    user: str = ""
    quiet: str = ""
    urgent: bool = False


class Configuration(_Part):
    """What a file says, or what an installation is set to. `alerts` None leaves them as they are."""

    connections: Mapping[str, ConnectionPart] = {}
    alerts: Mapping[str, AlertPart] | None = None


def read(text: str) -> Configuration:
    """Return what a file says. Raises UsageError, naming what cannot be."""
    try:
        return Configuration.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"The file is not TOML: {error}. See how one looks: crossdock config export.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"{where} cannot be so: {first['msg']}. See how it looks: crossdock config export.") from error


def written(configuration: Configuration) -> str:
    """Return the file that says this; `read` reads the same back."""
    document = configuration.model_dump(mode="json", exclude_none=True)
    if "alerts" in document:
        document["alerts"] = {name: _filled(part) for name, part in document["alerts"].items()}
    lines = ["# Kept by: crossdock config export. Applied by: crossdock config apply FILE.", *_tables((), document)]
    return "\n".join(lines) + "\n"


def _tables(path: tuple[str, ...], table: Mapping[str, Any]) -> Iterator[str]:
    plain = {name: value for name, value in table.items() if not isinstance(value, Mapping)}
    if path and (plain or not table):  # an empty one says that there is none
        yield ""
        yield f"[{'.'.join(_key(part) for part in path)}]"
        yield from (f"{_key(name)} = {_value(value)}" for name, value in plain.items())
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _tables((*path, name), value)


def _key(name: str) -> str:
    bare = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    return name if bare else _value(name)


def _value(value: object) -> str:
    """Return a text, a number, a truth, a list or a table as TOML has it; its basic strings escape as JSON's do."""
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{_key(name)} = {_value(one)}' for name, one in value.items())} }}"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _filled(part: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in part.items() if value not in ("", [], False, None)}
