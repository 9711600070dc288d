"""The page that says who changed what."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from crossdock.edge.desk import TheDesk
from crossdock.edge.portal.pages import frame
from crossdock.edge.portal.rendering import page
from crossdock.edge.visitors import Admin
from crossdock.store import audit
from crossdock.store.reads import health

router = APIRouter(include_in_schema=False)


@router.get("/audit")
async def show_audit(
    desk: TheDesk,
    visitor: Admin,
    by: Annotated[str, Query(max_length=200)] = "",
    about: Annotated[str, Query(max_length=200)] = "",
    before: Annotated[int | None, Query(ge=0, le=2**62)] = None,
) -> HTMLResponse:
    """Show the audit trail, newest first, narrowed to a person or to a thing."""
    by, about = by.replace("\0", "").strip(), about.replace("\0", "").strip()
    async with desk.database.begin() as tx:
        standings = await health.standings(tx)
        at, entries = await audit.read(tx, by=by, about=about, before=before)
    query = {name: value for name, value in {"by": by, "about": about}.items() if value}
    older = urlencode({**query, "before": entries[-1].id}) if len(entries) == audit.PAGE else None
    return page(
        "audit.html",
        visitor,
        **frame(standings, "people"),
        at=at,
        entries=entries,
        by=by,
        about=about,
        older=f"/audit?{older}" if older else None,
        newest=f"/audit?{urlencode(query)}" if before is not None else None,
    )
