"""How a connection fills the fields that its backend takes: by expressions over the order, and by defaults. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final, TypeAlias

from crossdock.kit.expression import BadExpression, CannotTell, read
from crossdock.model.extras import Wishes
from crossdock.model.names import FulfillmentOrderLineId
from crossdock.model.request_field import FieldSpec, RequestField, Source, Unfit
from crossdock.model.wishing import MOST_METAFIELDS, named_in_part, too_many, wishes_of

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

    @property
    def expressions(self) -> Sequence[str]:
        """Everything in it that is an expression."""
        return [one for one in (self.value, *(default.when for default in self.defaults)) if one is not None]


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """The sources of all fields that a connection fills, by the field's name at the backend."""

    fields: Mapping[str, FieldSource] = field(default_factory=dict)

    @property
    def wishes(self) -> Wishes:
        """What has to be read for it beside the order itself."""
        return wishes_of(text for source in self.fields.values() for text in source.expressions)


NOTHING_MAPPED: Final = FieldMapping()
NOT_BY_HAND: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Filled:
    """
    What the fields say for one request, by name, and for each of its lines.

    `missing` has a sentence for each required field, by name, for which it cannot be sent. `left_out` are sentences
    about other fields that have a source which failed; it is sent without them.
    """

    fields: tuple[RequestField, ...] = ()
    missing: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    lines: Mapping[FulfillmentOrderLineId, tuple[RequestField, ...]] = field(default_factory=dict)


LineFacts: TypeAlias = Mapping[FulfillmentOrderLineId, Mapping[str, object]]
"""What expressions for a line are told of it, as `line`, by what a request knows it by."""


def fill(
    mapping: FieldMapping,
    specs: Sequence[FieldSpec],
    facts: Mapping[str, object],
    by_hand: Mapping[str, str] = NOT_BY_HAND,
    lines: LineFacts | None = None,
) -> Filled:
    """
    Return what the backend's fields say of an order, and of those lines of it that it is asked for.

    What is said `by_hand`, by name, comes first, also the empty text; of a field of lines it is said of each.

    An expression that fails is not covered up by a default: somebody meant it to work.
    """
    missing: dict[str, str] = {}
    left_out: list[str] = []
    ordered = sorted(specs, key=lambda one: one.name)

    def say(spec: FieldSpec, facts: Mapping[str, object], of: str) -> RequestField | None:
        source = mapping.fields.get(spec.name, FieldSource())
        required = spec.required or source.required
        try:
            found = _value(source, spec, facts, by_hand.get(spec.name))
        except (BadExpression, CannotTell, Unfit) as why:
            sentence = f"{_called(spec)}{of} {why}."
            if not required:
                left_out.append(sentence)
                return None
        else:
            if found is not None or not required:
                return found
            sentence = f"{_called(spec)}{of} must be there, and nothing fills it for this order."
        missing[spec.name] = f"{missing[spec.name]} {sentence}" if spec.name in missing else sentence
        return None

    said = [say(spec, facts, "") for spec in ordered if not spec.of_line]
    of_lines = {
        reference: [say(spec, {**facts, "line": line}, f" of “{line['title']}”") for spec in ordered if spec.of_line]
        for reference, line in (lines or {}).items()
    }
    return Filled(
        _those(said), missing, tuple(left_out), {reference: _those(some) for reference, some in of_lines.items()}
    )


def _those(said: Sequence[RequestField | None]) -> tuple[RequestField, ...]:
    return tuple(one for one in said if one is not None)


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
        found += [f"{_called(spec)}: {_NAME_IT_WHOLE}" for text in source.expressions if named_in_part(text)]
        for default in source.defaults:
            try:
                spec.take(default.value)
            except Unfit as why:
                found.append(f"{_called(spec)} {why}, as a default.")
    found += [
        f"The mapping names more than {MOST_METAFIELDS} metafields of the {owner}; so many are the most."
        for owner in too_many(mapping.wishes)
    ]
    return found


_NAME_IT_WHOLE: Final = (
    "name each metafield whole, by namespace and key (metafields.custom.po_number): only what is named is read."
)


def _unreadable(source: FieldSource) -> Sequence[BadExpression]:
    found: list[BadExpression] = []
    for text in source.expressions:
        try:
            read(text)
        except BadExpression as why:
            found.append(why)
    return found


def _called(spec: FieldSpec) -> str:
    return f"{spec.title} ({spec.name})"
