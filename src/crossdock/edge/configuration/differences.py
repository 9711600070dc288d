"""What applying a file would change: a step for each, with the sentence that a person reads before. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from crossdock.edge.configuration.document import AlertPart, Configuration, ConnectionPart
from crossdock.edge.rule_texts import rule_texts
from crossdock.edge.written_mappings import mapping_of
from crossdock.edge.written_rules import refuse_other_mode, with_settings
from crossdock.kit.errors import UsageError
from crossdock.model.connection import Rules
from crossdock.model.field_mapping import FieldMapping
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId


@dataclass(frozen=True, slots=True)
class SwitchFlows:
    """Have these flows on."""

    connection: ConnectionId
    flows: tuple[Flow, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Serve:
    """Let a warehouse serve a location, or take it away; the location by its number."""

    connection: ConnectionId
    location: str
    warehouse: str
    serves: bool

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        sign = "+" if self.serves else "-"
        return f"{self.connection}: {sign} warehouse {self.warehouse} serves location {self.location}"


@dataclass(frozen=True, slots=True)
class SetRule:
    """Set one rule, by its text."""

    connection: ConnectionId
    name: str
    text: str
    before: str

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        return f"{self.connection}: {self.name}: {self.before} → {self.text}"


@dataclass(frozen=True, slots=True)
class SaveMapping:
    """Fill the backend's own fields by this mapping, as a new version."""

    connection: ConnectionId
    mapping: FieldMapping
    sentence: str


@dataclass(frozen=True, slots=True)
class RemoveAlert:
    """Forget an alert."""

    name: str

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        return f"- alert {self.name}"


@dataclass(frozen=True, slots=True)
class AddAlert:
    """Add an alert; one that is changed is removed first."""

    name: str
    part: AlertPart

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        return f"+ alert {self.name}: {self.part.topic} by {self.part.channel}"


Step: TypeAlias = SwitchFlows | Serve | SetRule | SaveMapping | RemoveAlert | AddAlert


def differences(now: Configuration, wanted: Configuration) -> Sequence[Step]:
    """
    Return what leads from one to the other, in the order in which it is done; nothing where they agree.

    Raises UsageError where the file means a connection that is not there, or another than the one of that name.
    """
    steps: list[Step] = []
    for name, part in wanted.connections.items():
        known = now.connections.get(name)
        if known is None:
            raise UsageError(f"There is no connection {name}. Make it: crossdock connect {part.store} {part.backend}.")
        if (known.store, known.backend) != (part.store, part.backend):
            raise UsageError(
                f"Connection {name} ties {known.store} to {known.backend}, not {part.store} to {part.backend}. "
                "A file cannot change that: make another connection."
            )
        steps += _of_connection(ConnectionId(name), known, part)
    if wanted.alerts is not None:
        steps += _of_alerts(now, wanted)
    return steps


def _of_connection(id_: ConnectionId, known: ConnectionPart, part: ConnectionPart) -> Iterator[Step]:
    if part.flows is not None and set(part.flows) != set(known.flows or ()):
        was, is_ = ", ".join(known.flows or ()) or "none", ", ".join(sorted(part.flows)) or "none"
        yield SwitchFlows(id_, part.flows, f"{id_}: flows: {was} → {is_}")
    if part.warehouses is not None:
        before, after = _pairs(known), _pairs(part)
        yield from (Serve(id_, *pair, serves=True) for pair in sorted(after - before))
        yield from (Serve(id_, *pair, serves=False) for pair in sorted(before - after))
    for name, text in _rules_after(id_, known, part).items():
        if known.rules[name] != text:
            yield SetRule(id_, name, text, known.rules[name])
    yield from _of_fields(id_, known, part)


def _of_fields(id_: ConnectionId, known: ConnectionPart, part: ConnectionPart) -> Iterator[SaveMapping]:
    if part.fields is None:
        return
    before, after = mapping_of(known.fields or {}), mapping_of(part.fields)
    signs = [
        f"{'+' if name not in before.fields else '-' if name not in after.fields else '~'} {name}"
        for name in sorted(before.fields.keys() | after.fields.keys())
        if before.fields.get(name) != after.fields.get(name)
    ]
    if signs:
        yield SaveMapping(id_, after, f"{id_}: fields: {', '.join(signs)}")


def _rules_after(id_: ConnectionId, known: ConnectionPart, part: ConnectionPart) -> Mapping[str, str]:
    """Read what the file sets as `crossdock rules --set` would: `2min` and `120s` are one. Raises UsageError."""
    before = with_settings(Rules(), [f"{name}={text}" for name, text in known.rules.items()])
    after = with_settings(before, [f"{name}={text}" for name, text in part.rules.items()])
    refuse_other_mode(id_, before, after)
    return rule_texts(after)


def _of_alerts(now: Configuration, wanted: Configuration) -> Iterator[Step]:
    before, after = dict(now.alerts or {}), dict(wanted.alerts or {})
    yield from (RemoveAlert(name) for name, part in before.items() if after.get(name) != part)
    yield from (AddAlert(name, part) for name, part in after.items() if before.get(name) != part)


def _pairs(part: ConnectionPart) -> set[tuple[str, str]]:
    return {(location, code) for location, codes in (part.warehouses or {}).items() for code in codes}
