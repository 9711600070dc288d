"""Looks at what is the matter, and writes down what people are to be told."""

import logging
from datetime import datetime

from crossdock.kit.keys import effect_key
from crossdock.model.alert import Alert, AlertId, Topic
from crossdock.model.alert_course import follow
from crossdock.model.alert_text import Message, about_orders, about_troubles
from crossdock.store import alert_messages, alert_orders, alerts, channels, watermarks
from crossdock.store.alert_messages import Recipient
from crossdock.store.database import Database, Tx
from crossdock.store.reads.troubles import troubles

_log = logging.getLogger(__name__)


async def watch(database: Database, portal: str) -> int:
    """
    Write down what every alert has to tell now, and return how many messages that is.

    Each alert in a transaction of its own, with what it then knows: killed anywhere, nothing is told twice or never.
    `portal` is the address that messages lead to.
    """
    async with database.begin() as tx:
        await alert_messages.forget_old(tx)
        known = await alerts.listed(tx)
    written = 0
    for alert in known:
        try:
            written += await _watch_one(database, alert.id, portal)
        except ValueError:  # what an older version knew must not keep the other alerts from being told
            _log.exception("the alert %s could not be worked out", alert.name)
    return written


async def _watch_one(database: Database, id_: AlertId, portal: str) -> bool:
    async with database.begin() as tx:
        alert = await alerts.taken(tx, id_)
        if alert is None:
            return False
        # After the lock: what another process has just told must be in what is read now.
        now = await watermarks.now(tx)
        at_rest = alert.quiet is not None and not alert.urgent and alert.quiet.cover(now)
        # What happens while its channel is off is told as after quiet hours: what there is then, and what there was.
        quiet = at_rest or await channels.is_off(tx, alert.channel)
        if alert.interest.topic is Topic.ORDER:
            message = None if quiet else await _orders(tx, alert, portal)
        else:
            message = await _troubles(tx, alert, now, portal, quiet=quiet)
        if message is not None:
            to = Recipient(alert.name, alert.channel, alert.user)
            await alert_messages.write(tx, effect_key("alert", alert.id, now.isoformat()), to, message)
        return message is not None


async def _troubles(tx: Tx, alert: Alert, now: datetime, portal: str, *, quiet: bool) -> Message | None:
    seen = {one.group: one.count for one in await troubles(tx) if alert.interest.covers(one)}
    notices, known = follow(seen, await alerts.courses(tx, alert.id), now, quiet=quiet)
    await alerts.know(tx, alert.id, known)
    return about_troubles(alert, notices, portal) if notices else None


async def _orders(tx: Tx, alert: Alert, portal: str) -> Message | None:
    found = await alert_orders.take(tx, alert)
    return about_orders(alert, found, portal) if found else None
