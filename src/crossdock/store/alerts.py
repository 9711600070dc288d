"""The owner of `alerts` and `alert_courses`: what people want to be told of, and what they know already."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlalchemy import Row, delete, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from crossdock.kit.errors import UsageError
from crossdock.model.alert import Alert, AlertId, Group, Interest, Topic
from crossdock.model.alert_course import Course
from crossdock.model.cause import Cause
from crossdock.model.names import ShopDomain
from crossdock.model.people import UserId
from crossdock.model.quiet_hours import QuietHours, quiet_hours
from crossdock.store.channels import checked_name
from crossdock.store.database import Tx
from crossdock.store.schema import alert_courses, alerts


class UnknownAlert(UsageError):
    """An alert that was never added, or is no more."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no alert {name}. List them: crossdock alerts list.")


async def add(
    tx: Tx,
    name: str,
    interest: Interest,
    channel: str,
    *,
    user: UserId | None = None,
    quiet: QuietHours | None = None,
    urgent: bool = False,
) -> Alert:
    """Add an alert over a channel that there is. Raises UsageError where the name is taken or cannot be one."""
    called = checked_name(name, "an alert")
    row = upsert(alerts).values(
        name=called,
        topic=interest.topic,
        least=interest.least,
        store=interest.store,
        causes=sorted(interest.causes),
        tag=interest.tag,
        amount=interest.amount,
        channel=channel,
        user=user,
        quiet=None if quiet is None else str(quiet),
        urgent=urgent,
    )
    added = (await tx.execute(row.on_conflict_do_nothing().returning(alerts.c.id))).scalar()
    if added is None:
        raise UsageError(f"There is an alert {called} already. Remove it first, or choose another name.")
    return Alert(AlertId(added), called, interest, channel, user, quiet, urgent)


async def listed(tx: Tx) -> Sequence[Alert]:
    """Return every alert, by name."""
    return [_alert(row) for row in await tx.execute(select(alerts).order_by(alerts.c.name))]


async def named(tx: Tx, name: str) -> Alert:
    """Return an alert. Raises UnknownAlert."""
    row = (await tx.execute(select(alerts).where(alerts.c.name == name))).one_or_none()
    if row is None:
        raise UnknownAlert(name)
    return _alert(row)


async def taken(tx: Tx, alert: AlertId) -> Alert | None:
    """Return an alert, locked until the transaction ends; None where it is gone or another process has it."""
    query = select(alerts).where(alerts.c.id == alert).with_for_update(skip_locked=True)
    row = (await tx.execute(query)).one_or_none()
    return None if row is None else _alert(row)


async def remove(tx: Tx, name: str) -> None:
    """Forget an alert and what it knows. Raises UnknownAlert."""
    gone = await tx.execute(delete(alerts).where(alerts.c.name == name))
    if not gone.rowcount:
        raise UnknownAlert(name)


async def courses(tx: Tx, alert: AlertId) -> Mapping[Group, Course]:
    """Return what an alert knows of each group's trouble."""
    rows = await tx.execute(select(alert_courses).where(alert_courses.c.alert == alert))
    return {
        Group(ShopDomain(row.store), row.about): Course(row.since, row.worst, row.told, row.gone_at) for row in rows
    }


async def know(tx: Tx, alert: AlertId, known: Mapping[Group, Course]) -> None:
    """Keep what an alert knows, in place of what it knew; belongs into the transaction that took the alert."""
    await tx.execute(delete(alert_courses).where(alert_courses.c.alert == alert))
    rows = [
        {
            "alert": alert,
            "store": group.store,
            "about": group.about,
            "since": course.since,
            "worst": course.worst,
            "told": course.told,
            "gone_at": course.gone_at,
        }
        for group, course in known.items()
    ]
    if rows:
        await tx.execute(insert(alert_courses), rows)


def _alert(row: Row[tuple[object, ...]]) -> Alert:
    amount: Decimal | None = row.amount
    interest = Interest(
        topic=Topic(row.topic),
        least=row.least,
        store=None if row.store is None else ShopDomain(row.store),
        causes=frozenset(Cause(cause) for cause in row.causes),
        tag=row.tag,
        amount=amount,
    )
    quiet = None if row.quiet is None else quiet_hours(row.quiet)
    user = None if row.user is None else UserId(row.user)
    return Alert(AlertId(row.id), row.name, interest, row.channel, user, quiet, row.urgent)
