"""Many, some at a time."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def batched(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield the values in their order, `size` at once; fewer at the end."""
    for start in range(0, len(values), size):
        yield values[start : start + size]
