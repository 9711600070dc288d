"""Tables `packages` and `package_events`: what left the backend, written before Shopify is told of it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, Update, bindparam, func, select, text, update
from sqlalchemy.dialects.postgresql import Insert, insert

from crossdock.model.names import (
    ConnectionId,
    FulfillmentId,
    FulfillmentOrderLineId,
    InventoryItemId,
    LocationId,
    OrderId,
    PackageId,
    RequestKey,
    Units,
)
from crossdock.model.request import DeliveryEvent, DeliveryStatus, Package, Tracking
from crossdock.model.telling import Told, ToldEvent
from crossdock.store.arrays import among
from crossdock.store.database import Tx
from crossdock.store.schema import package_events, packages


async def tried(tx: Tx, connection: ConnectionId, order: OrderId, key: RequestKey, package: Package) -> None:
    """Write down that Shopify is about to be told of a package, and with what tracking, for the first time or again."""
    row = _row(connection, order, key, package)
    again = {name: row.excluded[name] for name in _tracking(package)}
    await tx.execute(
        row.on_conflict_do_update(
            index_elements=[packages.c.connection, packages.c.package],
            set_={**again, "tried_at": func.hub_now(), "begun": True},
            where=packages.c.fulfillment.is_(None),
        )
    )


async def moving(
    tx: Tx, connection: ConnectionId, order: OrderId, key: RequestKey, package: Package, to: LocationId
) -> None:
    """
    Write down that the goods of a package are to move on Shopify, for the first time or again, before it is told.

    What was taken on for them counts no longer where it was asked for.
    """
    fresh = _row(connection, order, key, package).values(begun=False, moving_at=func.hub_now())
    await tx.execute(
        fresh.on_conflict_do_update(
            index_elements=[packages.c.connection, packages.c.package], set_={"moving_at": func.hub_now()}
        )
    )
    here = _change(connection, package.id).where(packages.c.moved_to.is_(None))
    if (await tx.execute(here.values(moved_to=to).returning(packages.c.package))).all():
        await _count(tx, connection, package.id, here=-1)
    await tx.execute(_change(connection, package.id).values(moved_to=to))


async def moved(tx: Tx, connection: ConnectionId, package: PackageId) -> None:
    """Write down that it is known what came of moving the goods of a package."""
    await tx.execute(_change(connection, package).values(moving_at=None))


async def stayed(tx: Tx, connection: ConnectionId, package: PackageId) -> None:
    """Write down that the goods of a package are told from where they were asked for, after all."""
    moved = _change(connection, package).where(packages.c.moved_to.is_not(None), packages.c.told_at.is_(None))
    if (await tx.execute(moved.values(moving_at=None).returning(packages.c.package))).all():
        await _count(tx, connection, package, here=1)
    await tx.execute(_change(connection, package).values(moved_to=None))


# Where a package leaves from elsewhere, its units are taken on there and not where the request counts them. They are
# off the one before Shopify moves them, and on the other after they have left: a level may show too few meanwhile.
_COUNTED_ELSEWHERE = text("""
    WITH units AS (
        SELECT l.inventory_item, r.location, p.moved_to, sum((content ->> 1)::int) AS units
          FROM packages p
         CROSS JOIN LATERAL jsonb_array_elements(p.contents) AS content
          JOIN requests r ON r.connection = p.connection AND r.key = p.key AND r.location <> p.moved_to
          JOIN request_lines l ON l.connection = p.connection AND l.key = p.key AND l.line = content ->> 0
         WHERE p.connection = :connection AND p.package = :package AND l.inventory_item IS NOT NULL
         GROUP BY 1, 2, 3
    )
    INSERT INTO level_news (connection, inventory_item, location, kind, units)
    SELECT :connection, inventory_item, location, 'accepted', :here * units FROM units WHERE :here <> 0
    UNION ALL
    SELECT :connection, inventory_item, moved_to, 'accepted', :there * units FROM units WHERE :there <> 0
""").bindparams(bindparam("here", type_=Integer), bindparam("there", type_=Integer))


async def _count(tx: Tx, connection: ConnectionId, package: PackageId, *, here: int = 0, there: int = 0) -> None:
    """Let the levels hear of a package's units so many times: where they were asked for, and where they left from."""
    asked = {"connection": connection, "package": package, "here": here, "there": there}
    await tx.execute(_COUNTED_ELSEWHERE, asked)


async def found(tx: Tx, connection: ConnectionId, order: OrderId, key: RequestKey, package: Package) -> None:
    """Write down a package that Shopify was found to have; what is known of how it was tried stays."""
    await tx.execute(_row(connection, order, key, package).on_conflict_do_nothing())


def _row(connection: ConnectionId, order: OrderId, key: RequestKey, package: Package) -> Insert:
    return insert(packages).values(
        connection=connection,
        package=package.id,
        key=key,
        order_id=order,
        contents=[[line, units] for line, units in package.contents],
        shipped_at=package.shipped_at,
        **_tracking(package),
    )


def _tracking(package: Package) -> Mapping[str, str | None]:
    return {
        "carrier": package.carrier,
        "tracking_number": package.tracking_number,
        "tracking_url": package.tracking_url,
    }


async def told(
    tx: Tx, connection: ConnectionId, package: PackageId, fulfillment: FulfillmentId, *, adopted: bool
) -> None:
    """Write down which fulfillment stands for a package; `adopted` where it was found rather than created."""
    new = _change(connection, package).where(packages.c.told_at.is_(None), packages.c.moved_to.is_not(None))
    if (await tx.execute(new.values(moving_at=None).returning(packages.c.package))).all():
        await _count(tx, connection, package, there=1)
    changed = _change(connection, package)
    await tx.execute(changed.values(fulfillment=fulfillment, adopted=adopted, told_at=func.hub_now()))


async def correcting(tx: Tx, connection: ConnectionId, package: Package) -> None:
    """Write down that Shopify is about to be told the package's tracking as it is now."""
    changed = _change(connection, package.id)
    await tx.execute(changed.values(**_tracking(package), correcting=True, tried_at=func.hub_now()))


async def corrected(tx: Tx, connection: ConnectionId, package: PackageId) -> None:
    """Write down that Shopify has the tracking that was last tried."""
    await tx.execute(_change(connection, package).values(correcting=False))


async def taken_back(tx: Tx, connection: ConnectionId, names: Sequence[PackageId]) -> None:
    """Write down which packages the backend has cancelled; those that Shopify was never told of have no row."""
    await tx.execute(
        update(packages)
        .where(
            packages.c.connection == connection, among(packages.c.package, names), packages.c.taken_back_at.is_(None)
        )
        .values(taken_back_at=func.hub_now())
    )


async def asked_still(tx: Tx, connection: ConnectionId, orders: Sequence[OrderId]) -> Collection[RequestKey]:
    """Return the requests of these orders of which a package was taken back: its units are theirs still."""
    rows = await tx.execute(
        select(packages.c.key).where(
            packages.c.connection == connection,
            among(packages.c.order_id, orders),
            packages.c.taken_back_at.is_not(None),
        )
    )
    return {RequestKey(row.key) for row in rows}


async def cancelling(tx: Tx, connection: ConnectionId, package: PackageId) -> None:
    """Write down that Shopify is about to be told that a package does not count any more."""
    await tx.execute(_change(connection, package).values(tried_at=func.hub_now()))


async def cancelled(tx: Tx, connection: ConnectionId, package: PackageId) -> None:
    """Write down that Shopify counts a package no longer; its units may leave again in another."""
    back = _change(connection, package).where(packages.c.taken_back_at.is_not(None), packages.c.moved_to.is_not(None))
    again = back.where(packages.c.cancelled_at.is_(None))
    for row in await tx.execute(again.values(moving_at=None).returning(packages.c.told_at)):
        await _count(tx, connection, package, here=1, there=0 if row.told_at is None else -1)
    await tx.execute(_change(connection, package).values(cancelled_at=func.hub_now()))


_COMING_BACK = text("""
    SELECT l.inventory_item, coalesce(p.moved_to, r.location) AS location, sum((content ->> 1)::int) AS units,
           bool_or(EXISTS (SELECT FROM pending WHERE connection = p.connection AND key = p.order_id)) AS settling
      FROM packages p
     CROSS JOIN LATERAL jsonb_array_elements(p.contents) AS content
      JOIN requests r ON r.connection = p.connection AND r.key = p.key
      JOIN request_lines l ON l.connection = p.connection AND l.key = p.key AND l.line = content ->> 0
      LEFT JOIN orders o ON o.connection = p.connection AND o.order_id = p.order_id
     WHERE p.connection = :connection AND p.taken_back_at IS NOT NULL AND p.told_at IS NOT NULL
       AND (p.cancelled_at IS NULL OR o.looked_at IS NULL OR p.cancelled_at > o.looked_at)
       AND l.inventory_item = ANY(:items)
     GROUP BY 1, 2
""")


@dataclass(frozen=True, slots=True)
class ComingBack:
    """Units that came back; `settling` says that their order is looked at soon, else it waits for a person."""

    units: Units
    settling: bool


async def coming_back(
    tx: Tx, connection: ConnectionId, items: Sequence[InventoryItemId]
) -> Mapping[tuple[InventoryItemId, LocationId], ComingBack]:
    """
    Return, per level, what is in packages that came back after Shopify was told that they had left.

    Its order wants them again once Shopify has cancelled the fulfillment, which nobody counts before the order was
    looked at since.
    """
    rows = await tx.execute(_COMING_BACK, {"connection": connection, "items": list(items)})
    return {
        (InventoryItemId(row.inventory_item), LocationId(row.location)): ComingBack(Units(row.units), row.settling)
        for row in rows
    }


def _change(connection: ConnectionId, package: PackageId) -> Update:
    return update(packages).where(packages.c.connection == connection, packages.c.package == package)


async def reporting(tx: Tx, connection: ConnectionId, package: PackageId, event: DeliveryEvent) -> None:
    """Write down that Shopify is about to be told of an event, for the first time or again."""
    row = insert(package_events).values(
        connection=connection, package=package, status=event.status.value, happened_at=event.happened_at
    )
    await tx.execute(
        row.on_conflict_do_update(
            index_elements=[*package_events.primary_key],
            set_={"tried_at": func.hub_now()},
            where=package_events.c.told_at.is_(None),
        )
    )


async def reported(tx: Tx, connection: ConnectionId, package: PackageId, event: DeliveryEvent) -> None:
    """Write down that Shopify has an event."""
    await tx.execute(
        update(package_events)
        .where(
            package_events.c.connection == connection,
            package_events.c.package == package,
            package_events.c.status == event.status.value,
            package_events.c.happened_at == event.happened_at,
        )
        .values(told_at=func.hub_now())
    )


@dataclass(frozen=True, slots=True)
class Left:
    """What one package took with it, and which fulfillment stands for it; None while that is not known."""

    package: PackageId
    key: RequestKey
    fulfillment: FulfillmentId | None
    contents: tuple[tuple[FulfillmentOrderLineId, Units], ...]
    taken_back: bool


async def left(tx: Tx, connection: ConnectionId, orders: Sequence[OrderId]) -> Mapping[OrderId, Sequence[Left]]:
    """Return the packages of these orders of which Shopify was told, or was about to be, and that it still counts."""
    rows = await tx.execute(
        select(packages).where(
            packages.c.connection == connection,
            among(packages.c.order_id, orders),
            packages.c.cancelled_at.is_(None),
        )
    )
    found: dict[OrderId, list[Left]] = defaultdict(list)
    for row in rows:
        contents = tuple((FulfillmentOrderLineId(line), Units(units)) for line, units in row.contents)
        found[OrderId(row.order_id)].append(
            Left(
                PackageId(row.package),
                RequestKey(row.key),
                None if row.fulfillment is None else FulfillmentId(row.fulfillment),
                contents,
                row.taken_back_at is not None,
            )
        )
    return found


async def of_orders(tx: Tx, connection: ConnectionId, orders: Sequence[OrderId]) -> Mapping[OrderId, Sequence[Told]]:
    """Return what was done about the packages of these orders."""
    rows = (
        await tx.execute(
            select(
                packages,
                (func.hub_now() - packages.c.tried_at).label("ago"),
                (func.hub_now() - packages.c.moving_at).label("moving"),
            ).where(packages.c.connection == connection, among(packages.c.order_id, orders))
        )
    ).all()
    events = await _events(tx, connection, [PackageId(row.package) for row in rows])
    found: dict[OrderId, list[Told]] = defaultdict(list)
    for row in rows:
        found[OrderId(row.order_id)].append(
            Told(
                PackageId(row.package),
                Tracking(row.carrier, row.tracking_number, row.tracking_url),
                None if row.fulfillment is None else FulfillmentId(row.fulfillment),
                row.ago,
                settled=row.told_at is not None and not row.correcting,
                cancelled=row.cancelled_at is not None,
                events=tuple(events.get(PackageId(row.package), ())),
                moving=row.moving,
                begun=row.begun,
            )
        )
    return found


async def _events(
    tx: Tx, connection: ConnectionId, names: Sequence[PackageId]
) -> Mapping[PackageId, Sequence[ToldEvent]]:
    found: dict[PackageId, list[ToldEvent]] = defaultdict(list)
    if not names:
        return found
    rows: Any = await tx.execute(
        select(package_events, (func.hub_now() - package_events.c.tried_at).label("ago"))
        .where(package_events.c.connection == connection, among(package_events.c.package, names))
        .order_by(package_events.c.happened_at)
    )
    for row in rows:
        event = DeliveryEvent(DeliveryStatus(row.status), row.happened_at)
        found[PackageId(row.package)].append(ToldEvent(event, row.told_at is not None, row.ago))
    return found
