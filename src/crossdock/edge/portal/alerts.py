"""The page on which everybody sees what people are told of, and admins decide it."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import AfterValidator

from crossdock.edge.alert_changes import NewAlert, add_alert, read_amount, remove_alert, try_out
from crossdock.edge.desk import Desk, TheDesk
from crossdock.edge.doors import portal_of
from crossdock.edge.portal.pages import frame
from crossdock.edge.portal.rendering import back_to, page
from crossdock.edge.recognizing import Visitor
from crossdock.edge.visitors import Admin, Viewer
from crossdock.kit.errors import UsageError
from crossdock.model.alert import FROM, Topic, measured
from crossdock.model.cause import CATALOGUE, Cause
from crossdock.model.channel import Security
from crossdock.store import alert_messages, alerts, channels, stores, users, watermarks
from crossdock.store.reads import health

router = APIRouter(include_in_schema=False)

Typed = Annotated[str, Form(max_length=500), AfterValidator(lambda text: text.replace("\0", ""))]
"""What a person typed into a field; PostgreSQL takes no NUL, not even to say that there is nothing of that name."""

SHOWN: Final = 50
"""How many of the newest messages the page shows."""


@router.get("/alerts")
async def listalerts_page(desk: TheDesk, visitor: Viewer) -> HTMLResponse:
    """Show the alerts, the channels, and what became of the newest messages."""
    return await alerts_page(desk, visitor)


@router.post("/alerts")
async def new_alert(
    desk: TheDesk,
    visitor: Admin,
    name: Typed = "",
    topic: Annotated[Topic, Form()] = Topic.HOLDS,
    channel: Typed = "",
    least: Typed = "",
    store: Typed = "",
    cause: Annotated[list[Cause] | None, Form()] = None,
    tag: Typed = "",
    amount: Typed = "",
    user: Typed = "",
    quiet: Typed = "",
    urgent: Annotated[bool, Form()] = False,
) -> Response:
    """Add an alert."""
    try:
        wanted = NewAlert(
            name=name,
            topic=topic,
            channel=channel,
            least=_number(least),
            store=store,
            causes=frozenset(cause or ()),
            tag=tag,
            amount=read_amount(amount),
            user=user,
            quiet=quiet,
            urgent=urgent,
        )
        async with desk.database.begin() as tx:
            await add_alert(tx, visitor.actor, wanted)
    except UsageError as error:
        return await alerts_page(desk, visitor, wrong=str(error))
    return back_to("/alerts")


@router.post("/alerts/test")
async def trial_alert(request: Request, desk: TheDesk, visitor: Admin, name: Typed) -> Response:
    """Have a test sent by an alert's channel; a worker does it within a minute, and the page says how it went."""
    portal = portal_of(request)
    try:
        async with desk.database.begin() as tx:
            await try_out(tx, visitor.actor, name, portal)
    except UsageError as error:
        return await alerts_page(desk, visitor, wrong=str(error))
    return back_to("/alerts")


@router.post("/alerts/remove")
async def no_alert(desk: TheDesk, visitor: Admin, name: Typed) -> Response:
    """Forget an alert."""
    try:
        async with desk.database.begin() as tx:
            await remove_alert(tx, visitor.actor, name)
    except UsageError as error:
        return await alerts_page(desk, visitor, wrong=str(error))
    return back_to("/alerts")


async def alerts_page(
    desk: Desk, visitor: Visitor, *, wrong: str | None = None, secret: str | None = None
) -> HTMLResponse:
    """Show the page, with what went wrong, or with a secret that was just made."""
    async with desk.database.begin() as tx:
        standings = await health.standings(tx)
        at = await watermarks.now(tx)
        found = await alerts.listed(tx)
        ways = await channels.listed(tx)
        sent = await alert_messages.latest(tx, SHOWN)
        everybody = [one for one in await users.listed(tx) if one.disabled_at is None]
        domains = [one.domain for one in await stores.listed(tx)]
    return page(
        "alerts.html",
        visitor,
        422 if wrong else 200,
        **frame(standings, "alerts"),
        at=at,
        alerts=found,
        channels=ways,
        messages=sent,
        users=everybody,
        stores=domains,
        topics=[(topic.value, measured(topic, FROM[topic])) for topic in Topic],
        causes=[(cause, CATALOGUE[cause].title) for cause in Cause],
        securities=list(Security),
        secret=secret,
        wrong=wrong,
    )


def _number(typed: str) -> int | None:
    try:
        return int(typed) if typed.strip() else None
    except ValueError as error:
        raise UsageError(f"{typed!r} is no whole number. Leave it empty for the usual one.") from error
