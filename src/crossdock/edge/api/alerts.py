"""`/api/alerts` and `/api/channels`: what people are told of and by which ways, for a program. Secrets go in only."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

from fastapi import APIRouter, Body, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from crossdock.edge.alert_changes import (
    NewAlert,
    add_alert,
    remove_alert,
    remove_channel,
    set_channel,
    switch_channel,
    try_channel,
    try_out,
)
from crossdock.edge.api.answering import json_of
from crossdock.edge.desk import TheDesk
from crossdock.edge.doors import portal_of
from crossdock.edge.visitors import Admin, Viewer
from crossdock.kit.webhook_signature import new_secret
from crossdock.model.alert import Alert, Topic
from crossdock.model.cause import Cause
from crossdock.model.channel import Email, Security, Slack, Webhook
from crossdock.store import alert_messages, alerts, channels
from crossdock.store.alert_messages import Sending
from crossdock.store.channels import NamedChannel

router = APIRouter(prefix="/api", tags=["alerts"])

Text = Annotated[str, Field(max_length=500, pattern="^[^\0]*$")]


@dataclass(frozen=True, slots=True)
class Channels:
    """The channels, without what opens them."""

    channels: Sequence[NamedChannel]


@dataclass(frozen=True, slots=True)
class Kept:
    """A channel as it is kept; `secret` is the one that the hub made, shown this once."""

    name: str
    to: str
    secret: str | None


@dataclass(frozen=True, slots=True)
class Done:
    """The channel or alert that something was done to, and what."""

    name: str
    done: str


@dataclass(frozen=True, slots=True)
class Written:
    """The number of a message that is on its way."""

    message: int


@dataclass(frozen=True, slots=True)
class Alerts:
    """The alerts, and the newest messages."""

    alerts: Sequence[Alert]
    messages: Sequence[Sending]


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid")


class MailChannel(_Given):
    """Mail through an SMTP server."""

    kind: Literal["email"]
    host: Text
    port: int = 587
    sender: Text
    to: list[Text] = []
    security: Security = Security.STARTTLS
    user: Text | None = None
    password: Text | None = None


class WebhookChannel(_Given):
    """A program; without a `secret` the hub makes one and answers it this once."""

    kind: Literal["webhook"]
    url: Text
    secret: Text | None = None


class ChatChannel(_Given):
    """A chat that takes Slack's incoming webhooks."""

    kind: Literal["slack"]
    url: Text


class GivenAlert(_Given):
    """An alert as `crossdock alerts add` takes it."""

    name: Text
    topic: Topic
    channel: Text
    least: int | None = None
    store: Text = ""
    causes: frozenset[Cause] = frozenset()
    tag: Text = ""
    amount: Annotated[Decimal, Field(ge=0, lt=10**12, allow_inf_nan=False)] | None = None
    user: Text = ""
    quiet: Text = ""
    urgent: bool = False


GivenChannel = Annotated[MailChannel | WebhookChannel | ChatChannel, Body(discriminator="kind")]


@router.get("/channels", response_model=Channels)
async def list_channels(desk: TheDesk, visitor: Viewer) -> JSONResponse:  # noqa: ARG001 - who may is asked
    """Return the channels, without what opens them."""
    async with desk.database.begin() as tx:
        return json_of(Channels(await channels.listed(tx)))


@router.put("/channels/{name}", response_model=Kept)
async def put_channel(desk: TheDesk, visitor: Admin, name: str, wanted: GivenChannel) -> JSONResponse:
    """Add a channel, or change the one of this name."""
    made = new_secret() if isinstance(wanted, WebhookChannel) and wanted.secret is None else None
    channel: Email | Webhook | Slack
    match wanted:
        case MailChannel():
            channel = Email(
                wanted.host, wanted.port, wanted.sender, tuple(wanted.to), wanted.security, wanted.user, wanted.password
            )
        case WebhookChannel():
            channel = Webhook(wanted.url, made or wanted.secret or "")
        case ChatChannel():
            channel = Slack(wanted.url)
    async with desk.database.begin() as tx:
        called = await set_channel(tx, visitor.actor, desk.seals, _plain(name), channel, private=desk.private_webhooks)
    return json_of(Kept(called, channel.shown, made))


@router.delete("/channels/{name}", response_model=Done)
async def delete_channel(desk: TheDesk, visitor: Admin, name: str) -> JSONResponse:
    """Forget a channel that no alert uses."""
    async with desk.database.begin() as tx:
        await remove_channel(tx, visitor.actor, _plain(name))
    return json_of(Done(name, "removed"))


@router.post("/channels/{name}/{turn}", response_model=Done)
async def turn_channel(desk: TheDesk, visitor: Admin, name: str, turn: Literal["on", "off"]) -> JSONResponse:
    """Have alerts go out by a channel, or not."""
    async with desk.database.begin() as tx:
        await switch_channel(tx, visitor.actor, _plain(name), on=turn == "on")
    return json_of(Done(name, turn))


@router.post("/channel-tests", response_model=Written)
async def trial_channel(
    request: Request,
    desk: TheDesk,
    visitor: Admin,
    channel: Annotated[Text, Body()],
    user: Annotated[Text, Body()] = "",
) -> JSONResponse:
    """Have a test sent by a channel, within a minute; `user` gets it by mail in place of the usual recipients."""
    async with desk.database.begin() as tx:
        number = await try_channel(tx, visitor.actor, channel, portal_of(request), user=user)
    return json_of(Written(number))


@router.get("/alerts", response_model=Alerts)
async def list_alerts(desk: TheDesk, visitor: Viewer) -> JSONResponse:  # noqa: ARG001 - who may is asked
    """Return the alerts, and what became of the newest hundred messages."""
    async with desk.database.begin() as tx:
        found, sent = await alerts.listed(tx), await alert_messages.latest(tx, 100)
    return json_of(Alerts(found, sent))


@router.post("/alerts", response_model=Alert)
async def new_alert(desk: TheDesk, visitor: Admin, wanted: GivenAlert) -> JSONResponse:
    """Add an alert."""
    async with desk.database.begin() as tx:
        added = await add_alert(tx, visitor.actor, NewAlert(**dict(wanted)))
    return json_of(added)


@router.delete("/alerts/{name}", response_model=Done)
async def delete_alert(desk: TheDesk, visitor: Admin, name: str) -> JSONResponse:
    """Forget an alert."""
    async with desk.database.begin() as tx:
        await remove_alert(tx, visitor.actor, _plain(name))
    return json_of(Done(name, "removed"))


@router.post("/alerts/{name}/test", response_model=Written)
async def trial_alert(request: Request, desk: TheDesk, visitor: Admin, name: str) -> JSONResponse:
    """Have a test sent by an alert's channel, within a minute."""
    async with desk.database.begin() as tx:
        number = await try_out(tx, visitor.actor, _plain(name), portal_of(request))
    return json_of(Written(number))


def _plain(name: str) -> str:
    return name.replace("\0", "")
