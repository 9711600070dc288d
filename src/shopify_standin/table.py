"""A table of one kind of object: by number, in order of creation, with exact look-ups beside it."""

from collections.abc import Hashable, Iterator
from typing import Generic, Protocol, TypeVar


class Numbered(Protocol):
    """Anything kept under a number."""

    id: int


T = TypeVar("T", bound=Numbered)


class Table(Generic[T]):
    """Objects by number; each named attribute is indexed, so "which have this value" needs no walk over all."""

    __slots__ = ("_entered", "_indexes", "rows")

    def __init__(self, *indexed: str) -> None:
        self.rows: dict[int, T] = {}
        self._indexes: dict[str, dict[Hashable, dict[int, T]]] = {name: {} for name in indexed}
        self._entered: dict[int, list[Hashable]] = {}

    def __iter__(self) -> Iterator[T]:
        return iter(self.rows.values())

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, number: int) -> T:
        return self.rows[number]

    def get(self, number: int | None) -> T | None:
        """The object with this number, if there is one."""
        return None if number is None else self.rows.get(number)

    def add(self, row: T) -> T:
        """Keep a new object."""
        self.rows[row.id] = row
        self.reindex(row)
        return row

    def remove(self, number: int) -> None:
        """Forget an object and its index entries."""
        self.rows.pop(number)
        for index, value in zip(self._indexes.values(), self._entered.pop(number, []), strict=False):
            index.get(value, {}).pop(number, None)

    def reindex(self, row: T) -> None:
        """Bring the indexes up to date after an indexed attribute of `row` may have changed."""
        if not self._indexes:
            return
        values: list[Hashable] = [getattr(row, name) for name in self._indexes]
        before = self._entered.get(row.id)
        if before == values:
            return
        for place, index in enumerate(self._indexes.values()):
            if before is not None:
                index[before[place]].pop(row.id, None)
            index.setdefault(values[place], {})[row.id] = row
        self._entered[row.id] = values

    def where(self, attribute: str, value: Hashable) -> list[T]:
        """All objects whose indexed attribute has this value."""
        return list(self._indexes[attribute].get(value, {}).values())

    def is_indexed(self, attribute: str) -> bool:
        """Whether `where(attribute, …)` can be asked."""
        return attribute in self._indexes
