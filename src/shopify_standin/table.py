"""A table of one kind of object: by number, in order of creation, with exact look-ups and ranges beside it."""

from bisect import bisect_left, insort
from collections.abc import Hashable, Iterator
from typing import Any, Generic, Protocol, TypeVar


class Numbered(Protocol):
    """Anything kept under a number."""

    @property
    def id(self) -> int:
        """The number, which never changes."""


T = TypeVar("T", bound=Numbered)


class Table(Generic[T]):
    """
    Objects by number.

    Each attribute named in `indexed` answers "which have this value" without a walk over all; each in `ordered`
    answers "which lie between". Whoever changes such an attribute says so by `reindex`.
    """

    __slots__ = ("_entered", "_indexes", "_orders", "rows")

    def __init__(self, *indexed: str, ordered: tuple[str, ...] = ()) -> None:
        self.rows: dict[int, T] = {}
        self._indexes: dict[str, dict[Hashable, dict[int, T]]] = {name: {} for name in indexed}
        self._orders: dict[str, list[tuple[Any, int]]] = {name: [] for name in ordered}
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
        before = self._entered.pop(number, None)
        if before is not None:
            self._take_out(number, before)

    def reindex(self, row: T) -> None:
        """Bring the indexes up to date after an indexed or ordered attribute of `row` may have changed."""
        if not self._indexes and not self._orders:
            return
        values: list[Hashable] = [getattr(row, name) for name in (*self._indexes, *self._orders)]
        before = self._entered.get(row.id)
        if before == values:
            return
        if before is not None:
            self._take_out(row.id, before)
        for index, value in zip(self._indexes.values(), values, strict=False):
            index.setdefault(value, {})[row.id] = row
        for order, moment in zip(self._orders.values(), values[len(self._indexes) :], strict=True):
            entry = (moment, row.id)
            if not order or order[-1] < entry:
                order.append(entry)
            else:
                insort(order, entry)
        self._entered[row.id] = values

    def _take_out(self, number: int, values: list[Hashable]) -> None:
        for index, value in zip(self._indexes.values(), values, strict=False):
            index[value].pop(number, None)
            if not index[value]:
                del index[value]
        for order, moment in zip(self._orders.values(), values[len(self._indexes) :], strict=True):
            order.pop(bisect_left(order, (moment, number)))

    def where(self, attribute: str, value: Hashable) -> list[T]:
        """All objects whose indexed attribute has this value."""
        return list(self._indexes[attribute].get(value, {}).values())

    def between(self, attribute: str, low: Any, high: Any) -> list[T]:
        """All objects whose ordered attribute is at least `low` and below `high`, by number; None: no bound."""
        order = self._orders[attribute]
        start = 0 if low is None else bisect_left(order, (low, 0))
        end = len(order) if high is None else bisect_left(order, (high, 0))
        return [self.rows[number] for number in sorted(number for _, number in order[start:end])]

    def is_indexed(self, attribute: str) -> bool:
        """Whether `where(attribute, …)` can be asked."""
        return attribute in self._indexes

    def is_ordered(self, attribute: str) -> bool:
        """Whether `between(attribute, …)` can be asked."""
        return attribute in self._orders
