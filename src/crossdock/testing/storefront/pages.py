"""Pages of what changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from crossdock.ports.storefront import Updated

PAGE = 100

IdT = TypeVar("IdT", bound=str)


def page(found: Sequence[tuple[IdT, datetime]], since: datetime, after: str | None) -> Updated[IdT]:
    """Return a page of what changed at or after `since`, oldest first; `after` is the cursor of the page before."""
    # Whole seconds, as Shopify keeps and compares them.
    floor = since.replace(microsecond=0)
    rest = sorted(((id_, at) for id_, at in found if at >= floor), key=lambda one: (one[1], one[0]))
    start = int(after or 0)
    end = start + PAGE
    return Updated(tuple(rest[start:end]), str(end) if end < len(rest) else None)
