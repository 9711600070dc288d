"""What admins do to channels on the page of alerts: a way out of each kind, a test, on and off, and gone."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from crossdock.edge.alert_changes import remove_channel, set_channel, switch_channel, try_channel
from crossdock.edge.desk import Desk, TheDesk
from crossdock.edge.doors import portal_of
from crossdock.edge.portal.alerts import Typed, alerts_page
from crossdock.edge.portal.rendering import back_to
from crossdock.edge.recognizing import Visitor
from crossdock.edge.visitors import Admin
from crossdock.kit.errors import Refused, UsageError
from crossdock.kit.webhook_signature import new_secret
from crossdock.model.channel import Channel, Email, Security, Slack, Webhook

router = APIRouter(prefix="/alerts/channels", include_in_schema=False)


@router.post("/email")
async def mail_channel(
    desk: TheDesk,
    visitor: Admin,
    name: Typed,
    host: Typed,
    sender: Typed,
    port: Annotated[int, Form()] = 587,
    security: Annotated[Security, Form()] = Security.STARTTLS,
    to: Typed = "",
    user: Typed = "",
    password: Typed = "",
) -> Response:
    """Add a mail server, or change the one of this name."""
    recipients = tuple(to.replace(",", " ").split())
    channel = Email(host, port, sender.strip(), recipients, security, user.strip() or None, password or None)
    return await _set(desk, visitor, name, channel)


@router.post("/webhook")
async def webhook_channel(desk: TheDesk, visitor: Admin, name: Typed, url: Typed, secret: Typed = "") -> Response:
    """Add a program, or change the one of this name; a secret that the hub makes is shown this once."""
    made = None if secret.strip() else new_secret()
    return await _set(desk, visitor, name, Webhook(url.strip(), made or secret.strip()), made)


@router.post("/slack")
async def chat_channel(desk: TheDesk, visitor: Admin, name: Typed, url: Typed) -> Response:
    """Add a chat, or change the one of this name."""
    return await _set(desk, visitor, name, Slack(url.strip()))


@router.post("/test")
async def trial_channel(request: Request, desk: TheDesk, visitor: Admin, name: Typed) -> Response:
    """Have a test sent, by mail to whoever asks; a worker does it within a minute, and the page says how it went."""
    portal = portal_of(request)
    try:
        async with desk.database.begin() as tx:
            await try_channel(tx, visitor.actor, name, portal, user=visitor.actor.name if visitor.user else "")
    except UsageError as error:
        return await alerts_page(desk, visitor, wrong=str(error))
    return back_to("/alerts")


@router.post("/switch")
async def switch(desk: TheDesk, visitor: Admin, name: Typed, on: Annotated[bool, Form()] = False) -> Response:
    """Have alerts go out by a channel, or not."""
    try:
        async with desk.database.begin() as tx:
            await switch_channel(tx, visitor.actor, name, on=on)
    except UsageError as error:
        return await alerts_page(desk, visitor, wrong=str(error))
    return back_to("/alerts")


@router.post("/remove")
async def no_channel(desk: TheDesk, visitor: Admin, name: Typed) -> Response:
    """Forget a channel that no alert uses."""
    try:
        async with desk.database.begin() as tx:
            await remove_channel(tx, visitor.actor, name)
    except UsageError as error:
        return await alerts_page(desk, visitor, wrong=str(error))
    return back_to("/alerts")


async def _set(desk: Desk, visitor: Visitor, name: str, channel: Channel, made: str | None = None) -> Response:
    try:
        async with desk.database.begin() as tx:
            await set_channel(tx, visitor.actor, desk.seals, name, channel, private=desk.private_webhooks)
    except (UsageError, Refused) as error:
        return await alerts_page(desk, visitor, wrong=str(error))
    return back_to("/alerts") if made is None else await alerts_page(desk, visitor, secret=made)
