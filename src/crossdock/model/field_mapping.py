"""How a connection fills the fields that its backend takes: by expressions over the order, and by defaults. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from crossdock.kit.expression import BadExpression, CannotTell, read
from crossdock.model.request_field import FieldSpec, RequestField, Source, Unfit

MOST_DEFAULTS: Final = 50
"""Defaults of one field."""


@dataclass(frozen=True, slots=True)
class Default:
    """What a field says where its expression says nothing, and `when` (an expression) holds; without `when`, always."""

    value: str
    when: str | None = None


@dataclass(frozen=True, slots=True)
class FieldSource:
    """
    Where one field's value comes from: an expression, and then the first default that holds.

    `required`: an order is not sent without it, whatever the backend says.
    """

    value: str | None = None
    defaults: tuple[Default, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """The sources of all fields that a connection fills, by the field's name at the backend."""

    fields: Mapping[str, FieldSource] = field(default_factory=dict)


NOTHING_MAPPED: Final = FieldMapping()
NOT_BY_HAND: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Filled:
    """
    What the fields say for one request, by name.

    `missing` has a sentence for each required field, by name, for which it cannot be sent. `left_out` are sentences
    about other fields that have a source which failed; it is sent without them.
    """

    fields: tuple[RequestField, ...] = ()
    missing: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()


def fill(
    mapping: FieldMapping,
    specs: Sequence[FieldSpec],
    facts: Mapping[str, object],
    by_hand: Mapping[str, str] = NOT_BY_HAND,
) -> Filled:
    """
    Return what the backend's fields say of an order; what is said `by_hand`, by name, comes first, also the empty text.

    An expression that fails is not covered up by a default: somebody meant it to work.
    """
    said: list[RequestField] = []
    missing: dict[str, str] = {}
    left_out: list[str] = []
    for spec in sorted(specs, key=lambda one: one.name):
        source = mapping.fields.get(spec.name, FieldSource())
        required = spec.required or source.required
        try:
            found = _value(source, spec, facts, by_hand.get(spec.name))
        except (BadExpression, CannotTell, Unfit) as why:
            sentence = f"{_called(spec)} {why}."
            if required:
                missing[spec.name] = sentence
            else:
                left_out.append(sentence)
            continue
        if found is not None:
            said.append(found)
        elif required:
            missing[spec.name] = f"{_called(spec)} must be there, and nothing fills it for this order."
    return Filled(tuple(said), missing, tuple(left_out))


def _value(
    source: FieldSource, spec: FieldSpec, facts: Mapping[str, object], by_hand: str | None
) -> RequestField | None:
    if by_hand is not None:
        return _from(Source.OVERRIDE, spec.take(by_hand))
    if source.value is not None:
        found = spec.take(read(source.value).of(facts))
        if found is not None:
            return _from(Source.MAPPING, found)
    for default in source.defaults:
        if default.when is None or read(default.when).holds(facts):
            return _from(Source.DEFAULT, spec.take(default.value))
    return None


def _from(source: Source, found: RequestField | None) -> RequestField | None:
    return None if found is None else replace(found, source=source)


def mistakes(mapping: FieldMapping, specs: Sequence[FieldSpec]) -> Sequence[str]:
    """Return a sentence for everything in a mapping that cannot work for any order; none where it may be kept."""
    known = {spec.name: spec for spec in specs}
    found: list[str] = []
    for name, source in mapping.fields.items():
        spec = known.get(name)
        if spec is None:
            there = f"It takes: {', '.join(known)}." if known else "It takes none."
            found.append(f"The backend has no field {name}. {there}")
            continue
        if len(source.defaults) > MOST_DEFAULTS:
            found.append(f"{_called(spec)} has {len(source.defaults)} defaults; {MOST_DEFAULTS} are the most.")
        found += [f"{_called(spec)}: the expression {why}." for why in _unreadable(source)]
        for default in source.defaults:
            try:
                spec.take(default.value)
            except Unfit as why:
                found.append(f"{_called(spec)} {why}, as a default.")
    return found


def _unreadable(source: FieldSource) -> Sequence[BadExpression]:
    found: list[BadExpression] = []
    for text in (source.value, *(default.when for default in source.defaults)):
        try:
            if text is not None:
                read(text)
        except BadExpression as why:
            found.append(why)
    return found


def _called(spec: FieldSpec) -> str:
    return f"{spec.title} ({spec.name})"
