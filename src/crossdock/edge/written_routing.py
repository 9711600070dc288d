"""Steps of routing as the rows of a form: locations by their names or numbers, lists with commas. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crossdock.kit.errors import UsageError
from crossdock.model.called import GID, number_of
from crossdock.model.names import LocationId
from crossdock.model.routing_rules import By, RoutingStep


@dataclass(frozen=True, slots=True)
class Row:
    """One step as it is typed; a row without `by` is none."""

    by: str = ""
    locations: str = ""
    countries: str = ""
    tags: str = ""
    outside: bool = False
    split: bool = False
    must: bool = False


def row_of(step: RoutingStep, names: Mapping[LocationId, str]) -> Row:
    """Return a step as it is typed; a location that has no name is called by its number."""
    return Row(
        step.by.value,
        ", ".join(names.get(one, number_of(one)) for one in step.locations),
        ", ".join(step.countries),
        ", ".join(step.tags),
        step.outside,
        step.split,
        step.must,
    )


def read_steps(rows: Sequence[Row], names: Mapping[LocationId, str]) -> tuple[RoutingStep, ...]:
    """Return the steps of the rows, in their order. Raises UsageError."""
    return tuple(_read(row, names) for row in rows if row.by)


def _read(row: Row, names: Mapping[LocationId, str]) -> RoutingStep:
    if row.by not in set(By):
        raise UsageError(f"No step goes by {row.by!r}. There are: {', '.join(By)}.")
    return RoutingStep(
        by=By(row.by),
        locations=tuple(_location(text, names) for text in _parts(row.locations)),
        countries=tuple(one.upper() for one in _parts(row.countries)),
        outside=row.outside,
        tags=tuple(_parts(row.tags)),
        split=row.split,
        must=row.must,
    )


def _location(text: str, names: Mapping[LocationId, str]) -> LocationId:
    named = [one for one, name in names.items() if name.casefold() == text.casefold()]
    if len(named) == 1:
        return named[0]
    if text.isdecimal():
        return LocationId(GID + text)
    known = ", ".join(f"{name} ({number_of(one)})" for one, name in names.items()) or "none yet"
    what = "Several locations are" if named else "No location is"
    raise UsageError(f"{what} called {text!r} here. Write its number. Known are: {known}.")


def _parts(text: str) -> Sequence[str]:
    return [part for part in map(str.strip, text.split(",")) if part]
