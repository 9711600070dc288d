"""Sends what was written down: claimed before it is tried, tried again with back-off, given up with a note."""

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, assert_never

from crossdock.app.alerts.mail import send_mail
from crossdock.app.alerts.post import post_signed, post_to_chat
from crossdock.kit.errors import HubError, Recovery, TryAgain, UsageError
from crossdock.kit.sealing import Sealer
from crossdock.model.channel import Channel, Email, Slack, Webhook
from crossdock.store import alert_messages, channels, users, watermarks
from crossdock.store.alert_messages import Sending
from crossdock.store.database import Database
from crossdock.store.users import User

_log = logging.getLogger(__name__)

TRIES: Final = 12
"""Before a message is given up: the twelfth comes some six hours after the first."""

_PATIENCE_SECONDS: Final = 90
"""For one try as a whole; less than `alert_messages.AT_ONCE`, after which another process would try."""

_AT_A_TIME: Final = 4
"""So that one server that keeps silent does not keep the others' messages waiting."""

_FIRST: Final = timedelta(minutes=1)
_LONGEST: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class WayOut:
    """What sending needs; `private` allows webhooks into private networks."""

    database: Database
    sealer: Sealer
    private: bool


def pause_after(attempts: int) -> timedelta | None:
    """Return how long to wait after so many tries, twice as long each time; None when it is time to give up."""
    return None if attempts >= TRIES else min(_FIRST * (1 << (attempts - 1)), _LONGEST)


async def deliver_all(way: WayOut) -> int:
    """Try every message that is due, a few at a time, and return how many arrived. Any number may run at once."""

    async def one_after_the_other() -> int:
        arrived = 0
        while (delivered := await deliver(way)) is not None:
            if delivered.sent_at is None:
                said = (delivered.alert, delivered.channel, delivered.state, delivered.last_error)
                _log.warning("alert %s by channel %s, %s: %s", *said)
            else:
                arrived += 1
        return arrived

    return sum(await asyncio.gather(*(one_after_the_other() for _ in range(_AT_A_TIME))))


async def deliver(way: WayOut, number: int | None = None) -> Sending | None:
    """
    Try the message that is due longest, or this one; return what became of it, None where none is due.

    A process that is killed at it leaves it claimed for two minutes; then it is tried again under the same key.
    """
    async with way.database.begin() as tx:
        claimed = await alert_messages.claim(tx, number)
    if claimed is None:
        return None
    error = await _try(way, claimed)
    async with way.database.begin() as tx:
        if error is None:
            await alert_messages.sent(tx, claimed.id)
        else:
            again_in = pause_after(claimed.attempts) if error.recovery is Recovery.RETRY else None
            await alert_messages.failed(tx, claimed.id, str(error), again_in)
        return await alert_messages.get(tx, claimed.id)


async def _try(way: WayOut, sending: Sending) -> HubError | None:
    try:
        async with way.database.begin() as tx:
            channel = await channels.opened(tx, sending.channel, way.sealer)
            if sending.user is not None:
                channel = _to_user(await users.get(tx, sending.user), channel)
            now = await watermarks.now(tx)
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await _send(way, channel, sending, now)
    except TimeoutError:
        return TryAgain(f"{sending.channel} took longer than {_PATIENCE_SECONDS} seconds.")
    except HubError as error:
        return error
    return None


def _to_user(user: User, channel: Channel) -> Channel:
    if user.disabled_at is not None or not isinstance(channel, Email):
        raise UsageError(f"{user.name} gets no alerts: disabled, or the channel is no e-mail. Change the alert.")
    return replace(channel, recipients=(user.email,))


async def _send(way: WayOut, channel: Channel, sending: Sending, at: datetime) -> None:
    match channel:
        case Email():
            await send_mail(channel, sending.message, sending.key, at)
        case Webhook():
            await post_signed(channel, sending.message, sending.key, sending.alert, at, private=way.private)
        case Slack():
            await post_to_chat(channel, sending.message, private=way.private)
        case _:
            assert_never(channel)
