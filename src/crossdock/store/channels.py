"""The owner of `channels`: where alerts go, with what opens each under seal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from crossdock.kit.errors import UsageError
from crossdock.kit.sealing import Sealer
from crossdock.model.channel import KINDS, Channel, ChannelKind
from crossdock.store.database import Tx
from crossdock.store.schema import channels

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class NamedChannel:
    """A channel as people see it, without what opens it; while it is off, nothing goes out by it."""

    name: str
    kind: ChannelKind
    shown: str
    added_at: datetime
    off_since: datetime | None = None


class UnknownChannel(UsageError):
    """A channel that was never added, or is no more."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no channel {name}. List them: crossdock channels list.")


def checked_name(name: str, what: str) -> str:
    """Return a name as it is kept. Raises UsageError where it cannot be one; `what` says of what."""
    plain = " ".join(name.split())
    if not plain.isprintable() or not 0 < len(plain) <= LONGEST_NAME:
        raise UsageError(f"The name of {what} has 1 to {LONGEST_NAME} characters that can be seen.")
    return plain


async def put(tx: Tx, name: str, channel: Channel, sealer: Sealer) -> str:
    """Add a channel, or change the one of this name; return its name. Raises UsageError."""
    called = checked_name(name, "a channel")
    kind = next(kind for kind, model in KINDS.items() if isinstance(channel, model))
    row = insert(channels).values(
        name=called, kind=kind, shown=channel.shown, settings=sealer.seal(_json(channel).decode())
    )
    changed = {column: row.excluded[column] for column in ("kind", "shown", "settings")}
    await tx.execute(row.on_conflict_do_update(index_elements=[channels.c.name], set_=changed))
    return called


async def listed(tx: Tx) -> Sequence[NamedChannel]:
    """Return every channel, by name."""
    columns = (channels.c.name, channels.c.kind, channels.c.shown, channels.c.added_at, channels.c.off_since)
    rows = await tx.execute(select(*columns).order_by(channels.c.name))
    return [NamedChannel(row.name, ChannelKind(row.kind), row.shown, row.added_at, row.off_since) for row in rows]


async def switch(tx: Tx, name: str, *, on: bool) -> None:
    """Switch a channel on or off. Raises UnknownChannel."""
    changed = update(channels).where(channels.c.name == name).values(off_since=None if on else func.hub_now())
    if not (await tx.execute(changed)).rowcount:
        raise UnknownChannel(name)


async def is_off(tx: Tx, name: str) -> bool:
    """Tell whether nothing is to go out by a channel."""
    query = select(channels.c.off_since.is_not(None)).where(channels.c.name == name)
    return bool((await tx.execute(query)).scalar())


async def kind_of(tx: Tx, name: str) -> ChannelKind:
    """Return what kind of channel this is. Raises UnknownChannel."""
    kind = (await tx.execute(select(channels.c.kind).where(channels.c.name == name))).scalar()
    if kind is None:
        raise UnknownChannel(name)
    return ChannelKind(kind)


async def opened(tx: Tx, name: str, sealer: Sealer) -> Channel:
    """
    Return a channel with what opens it.

    Raises UnknownChannel, and UsageError where it is off or another key sealed it.
    """
    columns = (channels.c.kind, channels.c.settings, channels.c.off_since)
    row = (await tx.execute(select(*columns).where(channels.c.name == name))).one_or_none()
    if row is None:
        raise UnknownChannel(name)
    if row.off_since is not None:
        raise UsageError(f"The channel {name} is off. Switch it on: crossdock channels on '{name}'.")
    found: Channel = TypeAdapter(KINDS[ChannelKind(row.kind)]).validate_json(sealer.open(bytes(row.settings)))
    return found


async def remove(tx: Tx, name: str) -> None:
    """Forget a channel. Raises UnknownChannel, and UsageError where an alert uses it."""
    try:
        async with tx.begin_nested():
            gone = await tx.execute(delete(channels).where(channels.c.name == name))
    except IntegrityError as error:
        raise UsageError(
            f"Alerts use the channel {name}. Remove them first: crossdock alerts list, crossdock alerts remove NAME."
        ) from error
    if not gone.rowcount:
        raise UnknownChannel(name)


def _json(channel: Channel) -> bytes:
    return TypeAdapter(type(channel)).dump_json(channel)
