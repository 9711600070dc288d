"""Connections: a page of rows with cursors both ways."""

import base64
import contextlib
import json
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from datetime import datetime
from decimal import Decimal
from typing import Any

from shopify_standin.clock import iso
from shopify_standin.errors import ApiError, JsonObject
from shopify_standin.registry import Args

MAX_PAGE = 250

_WHOLE: ContextVar[bool] = ContextVar("whole connections", default=False)


@contextlib.contextmanager
def whole_connections() -> Iterator[None]:
    """Within the block, connections answer with all their rows whatever page is asked for, as in bulk operations."""
    before = _WHOLE.set(True)
    try:
        yield
    finally:
        _WHOLE.reset(before)


SortKey = Callable[[Any], Any]


def connection(rows: Sequence[Any], args: Args, key: SortKey | None = None, *, page_needed: bool = True) -> JsonObject:
    """
    The page of `rows` that `first`/`after` or `last`/`before` ask for.

    `key` sorts first (rows come in order of id otherwise); `reverse` turns the order round. Raises ApiError
    where neither `first` nor `last` is given, as Shopify does, unless a page is not needed.
    """
    ordered = list(rows) if key is None else sorted(rows, key=lambda row: (_sortable(key(row)), _number(row)))
    if args.get("reverse"):
        ordered.reverse()
    first, last = (None, None) if _WHOLE.get() else (_size(args, "first"), _size(args, "last"))
    if first is None and last is None and page_needed and not _WHOLE.get():
        raise ApiError("you must provide one of first or last", "BAD_REQUEST")
    turned = bool(args.get("reverse"))
    start = _after(ordered, args["after"], key, turned=turned) if args.get("after") else 0
    end = _before(ordered, args["before"], key, turned=turned) if args.get("before") else len(ordered)
    end = max(start, end)
    low, high = start, end
    if first is not None:
        high = min(end, start + first)
    elif last is not None:
        low = max(start, end - last)
    page = ordered[low:high]
    cursors = [_cursor(row, key) for row in page]
    return {
        "nodes": page,
        "edges": [{"node": row, "cursor": cursor} for row, cursor in zip(page, cursors, strict=True)],
        "pageInfo": {
            "hasNextPage": high < len(ordered),
            "hasPreviousPage": low > 0,
            "startCursor": cursors[0] if cursors else None,
            "endCursor": cursors[-1] if cursors else None,
        },
    }


def count(rows: Sequence[Any], limit: int | None = 10_000) -> JsonObject:
    """A `Count`, which stops at `limit`."""
    if limit is not None and len(rows) > limit:
        return {"count": limit, "precision": "AT_LEAST"}
    return {"count": len(rows), "precision": "EXACT"}


def _size(args: Args, name: str) -> int | None:
    size = args.get(name)
    if size is None:
        return None
    if size > MAX_PAGE:
        raise ApiError(f"{name} must be at most {MAX_PAGE}", "BAD_REQUEST")
    return max(0, int(size))


def _number(row: Any) -> int:
    if not isinstance(row, dict):
        return int(getattr(row, "id", 0))
    number = row.get("id", 0)
    if isinstance(number, int):
        return number
    last = str(number).rsplit("/", 1)[-1]
    return int(last) if last.isdigit() else 0


def _sortable(value: Any) -> tuple[int, Any]:
    """None sorts first, whatever the others are."""
    if value is None:
        return (0, 0)
    return (1, value.casefold() if isinstance(value, str) else value)


def _cursor(row: Any, key: SortKey | None) -> str:
    value = key(row) if key else None
    plain = _plain(value if value is not None else _number(row))
    content = json.dumps({"last_id": _number(row), "last_value": plain}, separators=(",", ":"))
    return base64.b64encode(content.encode()).decode()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return iso(value)
    return str(value) if isinstance(value, Decimal) else value


def _read_cursor(cursor: str) -> tuple[int, Any]:
    try:
        content = json.loads(base64.b64decode(cursor, validate=True))
        return content["last_id"], content.get("last_value")
    except (ValueError, KeyError, TypeError):
        raise ApiError("Invalid cursor for current pagination sort.", "BAD_REQUEST") from None


def _position(rows: Sequence[Any], number: int) -> int | None:
    # Most lists are in order of id; then halving finds the place at once.
    place = bisect_left(rows, number, key=_number)
    if place < len(rows) and _number(rows[place]) == number:
        return place
    return next((place for place, row in enumerate(rows) if _number(row) == number), None)


def _after(rows: Sequence[Any], cursor: str, key: SortKey | None, *, turned: bool) -> int:
    number, value = _read_cursor(cursor)
    place = _position(rows, number)
    return _gap(rows, number, value, key, turned=turned) if place is None else place + 1


def _before(rows: Sequence[Any], cursor: str, key: SortKey | None, *, turned: bool) -> int:
    number, value = _read_cursor(cursor)
    place = _position(rows, number)
    return _gap(rows, number, value, key, turned=turned) if place is None else place


def _gap(rows: Sequence[Any], number: int, value: Any, key: SortKey | None, *, turned: bool) -> int:
    """Where a row that is gone would stand: cursors hold its sort value, so that paging goes on without it."""
    try:
        gone = _rank(value if key else None, number)
        beyond = (i for i, row in enumerate(rows) if _is_beyond(_row_rank(row, key), gone, turned=turned))
        return next(beyond, len(rows))
    except TypeError:
        raise ApiError("Invalid cursor for current pagination sort.", "BAD_REQUEST") from None


def _is_beyond(rank: tuple[Any, ...], gone: tuple[Any, ...], *, turned: bool) -> bool:
    return rank < gone if turned else rank > gone


def _row_rank(row: Any, key: SortKey | None) -> tuple[Any, ...]:
    return _rank(_plain(key(row)) if key else None, _number(row))


def _rank(value: Any, number: int) -> tuple[Any, ...]:
    return (*_sortable(value), number)
