"""The page on which admins set a connection's rules; every text is read by the same code as `crossdock rules --set`."""

from collections.abc import Mapping
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from crossdock.edge.desk import Desk, TheDesk
from crossdock.edge.portal.pages import frame
from crossdock.edge.portal.rendering import back_to, page
from crossdock.edge.recognizing import Visitor
from crossdock.edge.rule_changes import change_rules
from crossdock.edge.rule_guide import RULE_GUIDE
from crossdock.edge.rule_texts import choices, rule_texts
from crossdock.edge.visitors import Admin
from crossdock.edge.written_rules import with_settings
from crossdock.kit.errors import UsageError
from crossdock.model.connection import Rules
from crossdock.model.names import ConnectionId
from crossdock.store import connections
from crossdock.store.reads import health

router = APIRouter(include_in_schema=False)

ELSEWHERE = "inventory.mode"
"""Changed by `crossdock stock mode`, which shows first where Shopify's stock and the figures differ."""

_LONGEST = 20_000
"""How long one rule's text may be; a file (`crossdock rules --apply`) may say more."""


@router.get("/settings/{connection}")
async def show_rules(desk: TheDesk, visitor: Admin, connection: str) -> HTMLResponse:
    """Show the rules of a connection, each with what it means."""
    return await _rules(desk, visitor, ConnectionId(connection))


@router.post("/settings/{connection}")
async def set_rules(request: Request, desk: TheDesk, visitor: Admin, connection: str) -> Response:
    """Set the rules that were changed on the form, all of them or none."""
    id_ = ConnectionId(connection)
    typed = {
        name: value.replace("\0", "").strip()
        for name, value in (await request.form()).items()
        if name in RULE_GUIDE and name != ELSEWHERE and isinstance(value, str)
    }
    too_long = [name for name, text in typed.items() if len(text) > _LONGEST]

    def change(before: Rules) -> Rules:
        if too_long:
            raise UsageError(f"{too_long[0]} is too long for a form. Write it in a file: crossdock rules --apply FILE.")
        was = rule_texts(before)
        return with_settings(before, [f"{name}={text}" for name, text in typed.items() if text != was[name].strip()])

    try:
        async with desk.database.begin() as tx:
            await change_rules(tx, visitor.actor, id_, change)
    except UsageError as error:
        return await _rules(desk, visitor, id_, wrong=str(error), typed=typed)
    return back_to(f"/settings/{quote(connection, safe='')}?kept=1")


async def _rules(
    desk: Desk, visitor: Visitor, id_: ConnectionId, *, wrong: str | None = None, typed: Mapping[str, str] | None = None
) -> HTMLResponse:
    async with desk.database.begin() as tx:
        standings = await health.standings(tx)
        connection = await connections.get(tx, id_)
    texts, usual = rule_texts(connection.rules), rule_texts(Rules())
    parts: dict[str, list[str]] = {}
    for name in texts:
        parts.setdefault(name.partition(".")[0], []).append(name)
    return page(
        "settings.html",
        visitor,
        422 if wrong else 200,
        **frame(standings, "setup"),
        wrong=wrong,
        connection=connection,
        parts_of=parts,
        texts={**texts, **(typed or {})},
        usual=usual,
        choices=choices(connection.rules),
        guide=RULE_GUIDE,
        elsewhere=ELSEWHERE,
    )
