"""The page on which the doctor says what is not in order, and where it is mended."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from crossdock.edge.checks import Verdict
from crossdock.edge.desk import TheDesk
from crossdock.edge.portal.pages import frame
from crossdock.edge.portal.rendering import page
from crossdock.edge.visitors import Admin
from crossdock.store.reads import health

router = APIRouter(include_in_schema=False)

_WORST_FIRST = {Verdict.FAIL: 0, Verdict.WARN: 1, Verdict.OK: 2}


@router.get("/doctor")
async def examine(desk: TheDesk, visitor: Admin) -> HTMLResponse:
    """Show every check, what fails first. The same as `crossdock doctor` says."""
    checks = await desk.setting_up(visitor.actor).examine()
    async with desk.database.begin() as tx:
        standings = await health.standings(tx)
    return page(
        "doctor.html",
        visitor,
        **frame(standings, "setup"),
        checks=sorted(checks, key=lambda one: _WORST_FIRST[one.verdict]),
        counts={verdict: sum(one.verdict is verdict for one in checks) for verdict in Verdict},
    )
