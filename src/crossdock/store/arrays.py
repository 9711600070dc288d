"""Many values in one parameter: statements keep one text, whatever the number of keys."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Text, any_, literal


def among(column: ColumnElement[Any], values: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that `column` is one of `values`, bound as one array."""
    return column == any_(literal(list(values), ARRAY(Text)))
