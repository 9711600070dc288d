"""What admins decide about channels and alerts, from whichever face; each written down with who decided it."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation

from crossdock.kit.errors import UsageError
from crossdock.kit.keys import effect_key
from crossdock.kit.outward import checked_url
from crossdock.kit.sealing import Sealer
from crossdock.kit.webhook_signature import checked_secret
from crossdock.model.alert import FROM, Alert, Interest, Topic
from crossdock.model.alert_text import first_word, trial
from crossdock.model.cause import Cause
from crossdock.model.channel import Channel, ChannelKind, Email, Security, Slack, Webhook
from crossdock.model.deed import Deed
from crossdock.model.names import ShopDomain
from crossdock.model.people import Actor
from crossdock.model.quiet_hours import quiet_hours
from crossdock.store import alert_messages, alerts, audit, channels, stores, users, watermarks
from crossdock.store.alert_messages import Recipient
from crossdock.store.database import Tx

LARGEST_AMOUNT = 10**12


@dataclass(frozen=True, slots=True)
class NewAlert:
    """
    An alert as a person gives it; empty fields narrow nothing.

    `least` None stands for the topic's own; `user` is an e-mail address, `quiet` like `22:00-07:00 Europe/Berlin`.
    """

    name: str
    topic: Topic
    channel: str
    least: int | None = None
    store: str = ""
    causes: frozenset[Cause] = frozenset()
    tag: str = ""
    amount: Decimal | None = None
    user: str = ""
    quiet: str = ""
    urgent: bool = False


def read_amount(typed: str) -> Decimal | None:
    """Return the amount that a person typed, None where they typed nothing. Raises UsageError."""
    try:
        amount = Decimal(typed.strip()) if typed.strip() else None
    except InvalidOperation:
        amount = Decimal("NaN")
    if amount is not None and not (amount.is_finite() and 0 <= amount < LARGEST_AMOUNT):
        raise UsageError(f"{typed!r} is no amount. It is a number, like 250 or 99.50.")
    return amount


async def set_channel(tx: Tx, by: Actor, sealer: Sealer, name: str, channel: Channel, *, private: bool) -> str:
    """Add a channel, or change the one of this name; return its name as it is kept. Raises UsageError, Refused."""
    called = await channels.put(tx, name, _checked(channel, private=private), sealer)
    await audit.record(tx, by, Deed.CHANNEL_SET, called, after={"to": channel.shown})
    return called


async def remove_channel(tx: Tx, by: Actor, name: str) -> None:
    """Forget a channel. Raises UsageError where alerts use it."""
    await channels.remove(tx, name)
    await audit.record(tx, by, Deed.CHANNEL_REMOVED, name)


async def switch_channel(tx: Tx, by: Actor, name: str, *, on: bool) -> None:
    """Have alerts go out by a channel, or not. Raises UnknownChannel."""
    await channels.switch(tx, name, on=on)
    await audit.record(tx, by, Deed.CHANNEL_ON if on else Deed.CHANNEL_OFF, name)


async def try_channel(tx: Tx, by: Actor, name: str, portal: str, *, user: str = "") -> int:
    """
    Write down a message by a channel that says that it is a test, and return its number.

    `user` is the e-mail address of who gets it, where a mail channel has no recipients of its own. Raises UsageError.
    """
    kind = await channels.kind_of(tx, name)
    if await channels.is_off(tx, name):
        raise UsageError(f"The channel {name} is off. Switch it on first.")
    who = (await users.named(tx, user)).id if user and kind is ChannelKind.EMAIL else None
    now: datetime = await watermarks.now(tx)
    await audit.record(tx, by, Deed.CHANNEL_TESTED, name)
    to = Recipient(f"test of {name}", name, who)
    return await alert_messages.write(tx, effect_key("channel test", name, now.isoformat()), to, first_word(portal))


async def add_alert(tx: Tx, by: Actor, wanted: NewAlert) -> Alert:
    """Add an alert. Raises UsageError, with what would work."""
    interest = await _interest(tx, wanted)
    kind = await channels.kind_of(tx, wanted.channel)
    user = await users.named(tx, wanted.user) if wanted.user else None
    if user is not None and kind is not ChannelKind.EMAIL:
        raise UsageError(f"A user is told by e-mail, and {wanted.channel} is a {kind} channel. Choose another.")
    added = await alerts.add(
        tx,
        wanted.name,
        interest,
        wanted.channel,
        user=None if user is None else user.id,
        quiet=quiet_hours(wanted.quiet) if wanted.quiet.strip() else None,
        urgent=wanted.urgent,
    )
    after = {"tells of": str(interest), "channel": wanted.channel, "user": None if user is None else user.email}
    await audit.record(tx, by, Deed.ALERT_ADDED, added.name, after=after)
    return added


async def remove_alert(tx: Tx, by: Actor, name: str) -> None:
    """Forget an alert. Raises UnknownAlert."""
    await alerts.remove(tx, name)
    await audit.record(tx, by, Deed.ALERT_REMOVED, name)


async def try_out(tx: Tx, by: Actor, name: str, portal: str) -> int:
    """Write down a message that says that it is a test, and return its number. Raises UnknownAlert."""
    alert = await alerts.named(tx, name)
    now: datetime = await watermarks.now(tx)
    await audit.record(tx, by, Deed.ALERT_TESTED, alert.name)
    to = Recipient(alert.name, alert.channel, alert.user)
    return await alert_messages.write(tx, effect_key("alert test", alert.id, now.isoformat()), to, trial(alert, portal))


async def _interest(tx: Tx, wanted: NewAlert) -> Interest:
    if wanted.causes and wanted.topic is not Topic.HOLDS:
        raise UsageError("Causes narrow holds only. Leave them out, or choose the topic holds.")
    if (wanted.tag.strip() or wanted.amount is not None) and wanted.topic is not Topic.ORDER:
        raise UsageError("A tag and an amount narrow new orders only. Leave them out, or choose the topic order.")
    if wanted.least is not None and wanted.topic is Topic.ORDER:
        raise UsageError("Each new order is told by itself, so there is nothing to count. Leave the number out.")
    least = FROM[wanted.topic] if wanted.least is None else wanted.least
    if not 1 <= least <= 1_000_000:
        raise UsageError("An alert begins at a number from 1 to 1,000,000.")
    store = (await stores.get(tx, ShopDomain(wanted.store.strip()))).domain if wanted.store.strip() else None
    return Interest(wanted.topic, least, store, wanted.causes, wanted.tag.strip() or None, wanted.amount)


def _checked(channel: Channel, *, private: bool) -> Channel:
    match channel:
        case Email():
            return _checked_mail(channel)
        case Webhook():
            return Webhook(checked_url(channel.url, private=private), checked_secret(channel.secret))
        case Slack():
            return Slack(checked_url(channel.url, private=private))


def _checked_mail(channel: Email) -> Email:
    host = channel.host.strip()
    if not host or not host.isprintable() or " " in host or not 0 < channel.port < 65536:
        raise UsageError("A mail server has a name and a port, like smtp.example.com and 587.")
    if (channel.user is None) != (channel.password is None):
        raise UsageError("A login at the mail server has a user and a password; one of them is missing.")
    if channel.password is not None and channel.security is Security.NONE:
        raise UsageError("A password would go in the clear. Choose the security starttls or tls, or leave it out.")
    recipients = tuple(users.normal(one) for one in channel.recipients)
    return replace(channel, host=host, sender=users.normal(channel.sender), recipients=recipients)
