"""How far pages count: a number that stands on every page must not cost the more, the more there is."""

from typing import Final

COUNTED_TO: Final = 10_000
"""From here on a page says “10,000+”; what is counted so is never decided upon."""


def counted(rows: str) -> str:
    """Return an expression of SQL that counts the rows of `SELECT FROM {rows}`; one above `COUNTED_TO` means more."""
    return f"(SELECT count(*) FROM (SELECT FROM {rows} LIMIT {COUNTED_TO + 1}) AS counted)"  # noqa: S608 - all of it is written in the code
