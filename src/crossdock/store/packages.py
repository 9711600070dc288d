"""Table `packages`: what left the backend, written before Shopify is told of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import Insert, insert

from crossdock.model.names import (
    ConnectionId,
    FulfillmentId,
    FulfillmentOrderLineId,
    OrderId,
    PackageId,
    RequestKey,
    Units,
)
from crossdock.model.request import Package
from crossdock.store.arrays import among
from crossdock.store.database import Tx
from crossdock.store.schema import packages


@dataclass(frozen=True, slots=True)
class Told:
    """
    What the hub did about one package, with the tracking number that it was last tried with, and how long `ago`.

    `fulfillment` is None while it is not known whether Shopify heard: it was tried, and the answer was lost or never
    came. Then Shopify is asked what it has before it is told again.
    """

    package: PackageId
    tracking_number: str | None
    fulfillment: FulfillmentId | None
    ago: timedelta = field(default=timedelta(0), compare=False)


async def tried(tx: Tx, connection: ConnectionId, order: OrderId, key: RequestKey, package: Package) -> None:
    """Write down that Shopify is about to be told of a package, and with which number, for the first time or again."""
    row = _row(connection, order, key, package)
    await tx.execute(
        row.on_conflict_do_update(
            index_elements=[packages.c.connection, packages.c.package],
            set_={"tracking_number": row.excluded.tracking_number, "tried_at": func.hub_now()},
            where=packages.c.fulfillment.is_(None),
        )
    )


async def found(tx: Tx, connection: ConnectionId, order: OrderId, key: RequestKey, package: Package) -> None:
    """Write down a package that Shopify was found to have; what is known of how it was tried stays."""
    await tx.execute(_row(connection, order, key, package).on_conflict_do_nothing())


def _row(connection: ConnectionId, order: OrderId, key: RequestKey, package: Package) -> Insert:
    return insert(packages).values(
        connection=connection,
        package=package.id,
        key=key,
        order_id=order,
        tracking_number=package.tracking_number,
        contents=[[line, units] for line, units in package.contents],
    )


async def told(
    tx: Tx, connection: ConnectionId, package: PackageId, fulfillment: FulfillmentId, *, adopted: bool
) -> None:
    """Write down which fulfillment stands for a package; `adopted` where it was found rather than created."""
    await tx.execute(
        update(packages)
        .where(packages.c.connection == connection, packages.c.package == package)
        .values(fulfillment=fulfillment, adopted=adopted, told_at=func.hub_now())
    )


@dataclass(frozen=True, slots=True)
class Left:
    """What one package took with it, and which fulfillment stands for it; None while that is not known."""

    fulfillment: FulfillmentId | None
    contents: tuple[tuple[FulfillmentOrderLineId, Units], ...]


async def left(tx: Tx, connection: ConnectionId, orders: Sequence[OrderId]) -> Mapping[OrderId, Sequence[Left]]:
    """Return the packages of these orders of which Shopify was told, or was about to be."""
    rows = await tx.execute(
        select(packages.c.order_id, packages.c.fulfillment, packages.c.contents).where(
            packages.c.connection == connection, among(packages.c.order_id, orders)
        )
    )
    found: dict[OrderId, list[Left]] = defaultdict(list)
    for row in rows:
        contents = tuple((FulfillmentOrderLineId(line), Units(units)) for line, units in row.contents)
        found[OrderId(row.order_id)].append(
            Left(None if row.fulfillment is None else FulfillmentId(row.fulfillment), contents)
        )
    return found


async def of_orders(tx: Tx, connection: ConnectionId, orders: Sequence[OrderId]) -> Mapping[OrderId, Sequence[Told]]:
    """Return what was done about the packages of these orders."""
    rows = await tx.execute(
        select(
            packages.c.package,
            packages.c.order_id,
            packages.c.tracking_number,
            packages.c.fulfillment,
            (func.hub_now() - packages.c.tried_at).label("ago"),
        ).where(packages.c.connection == connection, among(packages.c.order_id, orders))
    )
    found: dict[OrderId, list[Told]] = defaultdict(list)
    for row in rows:
        fulfillment = None if row.fulfillment is None else FulfillmentId(row.fulfillment)
        found[OrderId(row.order_id)].append(Told(PackageId(row.package), row.tracking_number, fulfillment, row.ago))
    return found
