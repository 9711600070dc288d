"""
Field mappings as a person writes them: a document of TOML or JSON, or the lines of a form.

In a document each field has `from` (an expression), `defaults` (a list of `value` and `when`) and `required`.
"""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, RootModel, ValidationError

from crossdock.kit.errors import UsageError
from crossdock.model.field_mapping import Default, FieldMapping, FieldSource


def _as_text(value: object) -> object:
    """Let numbers and yes or no be written as such; the field's kind says how the text is read."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else value


class _Default(BaseModel):
    model_config = ConfigDict(extra="forbid")
    value: Annotated[str, BeforeValidator(_as_text)]
    when: str | None = None


class WrittenSource(BaseModel):
    """One field's source, as a document writes it."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    value: str | None = Field(default=None, alias="from")
    defaults: list[_Default] = []
    required: bool = False


class _Document(RootModel[dict[str, WrittenSource]]):
    pass


def read_document(document: object) -> FieldMapping:
    """Return the mapping that a document (of TOML or JSON) writes. Raises UsageError with the place."""
    try:
        read = _Document.model_validate(document).root
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "The document"
        raise UsageError(
            f"{place}: {first['msg']}. A field has from (an expression), defaults (a list of value and when) and "
            "required (true or false)."
        ) from error
    return mapping_of(read)


def mapping_of(written: Mapping[str, WrittenSource]) -> FieldMapping:
    """Return the mapping of which these are the sources, by field."""
    return FieldMapping(
        {
            name: FieldSource(
                source.value or None,
                tuple(Default(one.value, one.when or None) for one in source.defaults),
                source.required,
            )
            for name, source in written.items()
        }
    )


def document_of(mapping: FieldMapping) -> Mapping[str, Mapping[str, object]]:
    """Return a mapping as a document that `read_document` reads."""
    return {name: _written(source) for name, source in sorted(mapping.fields.items())}


def written_sources(mapping: FieldMapping) -> Mapping[str, WrittenSource]:
    """Return a mapping's sources as a document's, by field."""
    return _Document.model_validate(document_of(mapping)).root


def _written(source: FieldSource) -> Mapping[str, object]:
    defaults = [
        {"value": one.value} if one.when is None else {"value": one.value, "when": one.when} for one in source.defaults
    ]
    return {"from": source.value, "defaults": defaults, "required": source.required}


def read_defaults(lines: str) -> tuple[Default, ...]:
    """Return the defaults of a form's lines: `NET30 when contains(tags, 'b2b')`, or a value alone."""
    found = []
    for line in filter(None, map(str.strip, lines.splitlines())):
        value, _, when = line.partition(" when ")
        found.append(Default(value.strip(), when.strip() or None))
    return tuple(found)


def lines_of(source: FieldSource) -> str:
    """Return a field's defaults as the lines of a form."""
    return "\n".join(one.value if one.when is None else f"{one.value} when {one.when}" for one in source.defaults)
