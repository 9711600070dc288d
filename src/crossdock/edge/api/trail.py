"""`/api/audit`: who changed what, when and from where, for a program of an admin's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from crossdock.edge.api.answering import json_of
from crossdock.edge.desk import TheDesk
from crossdock.edge.visitors import Admin
from crossdock.store import audit
from crossdock.store.audit import Entry

router = APIRouter(prefix="/api/audit", tags=["people"])


@dataclass(frozen=True, slots=True)
class Trail:
    """A page of the audit trail, newest first, as of `at`; `before` leads to the next one, null at the end."""

    at: datetime
    entries: Sequence[Entry]
    before: int | None


@router.get("", response_model=Trail)
async def read_trail(
    desk: TheDesk,
    visitor: Admin,  # noqa: ARG001 - who may is asked
    by: Annotated[str, Query(max_length=200, description="A part of who did it.")] = "",
    about: Annotated[str, Query(max_length=200, description="A part of the deed, or of what it was done to.")] = "",
    before: Annotated[int | None, Query(ge=0, le=2**62)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = audit.PAGE,
) -> JSONResponse:
    """Return a page of the trail; `before` of an answer, given back, leads to the next page."""
    who, what = (text.replace("\0", "").strip() for text in (by, about))
    async with desk.database.begin() as tx:
        at, entries = await audit.read(tx, by=who, about=what, before=before, limit=limit)
    return json_of(Trail(at, entries, entries[-1].id if len(entries) == limit else None))
