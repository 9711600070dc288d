"""The owner of `privacy_requests`: who asked to be told or to be forgotten, and what came of it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from crossdock.kit.errors import UsageError
from crossdock.model.cause import Cause
from crossdock.model.names import OrderId, ShopDomain
from crossdock.model.privacy import ANSWERED_WITHIN, Person, PrivacyRequest, Standing, Wish
from crossdock.store.database import Tx
from crossdock.store.schema import holds, privacy_requests

_UNSETTLED = (Standing.OPEN, Standing.BY_HAND)


class UnknownRequest(UsageError):
    """A privacy request that nobody made."""

    def __init__(self, number: int) -> None:
        super().__init__(f"There is no privacy request {number}. List them: crossdock privacy requests.")


async def ask(
    tx: Tx, store: ShopDomain, delivery: str, wish: Wish, person: Person, received_at: datetime | None = None
) -> int | None:
    """Keep a request and return its number; None where this delivery is known already."""
    received = func.hub_now() if received_at is None else received_at
    row = insert(privacy_requests).values(
        store=store,
        delivery=delivery,
        wish=wish.value,
        customer=person.customer,
        orders=list(person.orders),
        email=person.email,
        phone=person.phone,
        received_at=received,
        due_at=received + ANSWERED_WITHIN,
        standing=Standing.OPEN.value,
    )
    kept = await tx.execute(row.on_conflict_do_nothing().returning(privacy_requests.c.id))
    number: int | None = kept.scalar()
    return number


async def listed(tx: Tx) -> Sequence[PrivacyRequest]:
    """Return all requests: what is not settled first, the soonest due before the later."""
    columns = privacy_requests.c
    rows = await tx.execute(
        select(privacy_requests).order_by(columns.standing.not_in(_UNSETTLED), columns.due_at, columns.id)
    )
    return [_request(row) for row in rows]


async def to_erase(tx: Tx) -> Sequence[PrivacyRequest]:
    """Return the open requests to forget somebody, the oldest first."""
    rows = await tx.execute(
        select(privacy_requests)
        .where(privacy_requests.c.standing == Standing.OPEN, privacy_requests.c.wish != Wish.EXPORT)
        .order_by(privacy_requests.c.id)
    )
    return [_request(row) for row in rows]


async def get(tx: Tx, number: int) -> PrivacyRequest:
    """Return one request. Raises UnknownRequest."""
    row = (await tx.execute(select(privacy_requests).where(privacy_requests.c.id == number))).one_or_none()
    if row is None:
        raise UnknownRequest(number)
    return _request(row)


async def unsettled(tx: Tx) -> Sequence[PrivacyRequest]:
    """Return what is neither done nor declined, the soonest due first."""
    return [one for one in await listed(tx) if one.standing in _UNSETTLED]


async def add_orders(tx: Tx, number: int, orders: Sequence[OrderId]) -> None:
    """Remember orders of the person that the request did not name."""
    await tx.execute(update(privacy_requests).where(privacy_requests.c.id == number).values(orders=list(orders)))


async def say(tx: Tx, number: int, said: str) -> None:
    """Write down why a request is not done yet."""
    await tx.execute(update(privacy_requests).where(privacy_requests.c.id == number).values(said=said))


async def settle(tx: Tx, number: int, standing: Standing, said: str) -> None:
    """Write down what came of a request, and forget what it said of the person beyond gids."""
    done_at = None if standing is Standing.BY_HAND else func.hub_now()
    await tx.execute(
        update(privacy_requests)
        .where(privacy_requests.c.id == number)
        .values(standing=standing.value, said=said, done_at=done_at, email=None, phone=None)
    )


async def finish(tx: Tx, request: PrivacyRequest, said: str) -> None:
    """
    Write down that a person did the rest, and lift what was held for it.

    Raises UsageError where the hub itself is not done with it.
    """
    if request.standing is Standing.OPEN and request.wish is not Wish.EXPORT:
        raise UsageError(f"The hub is not done with request {request.id} itself. Wait for a worker: crossdock serve.")
    await settle(tx, request.id, Standing.DONE, said)
    await tx.execute(
        delete(holds).where(holds.c.cause == Cause.PERSONAL_DATA_REMAINS, holds.c.key == hold_key(request))
    )


def hold_key(request: PrivacyRequest) -> str:
    """Return what the hold of a request is known by: no order, so that no look at one lifts it."""
    return f"privacy request {request.id}"


def _request(row: Row[tuple[object, ...]]) -> PrivacyRequest:
    return PrivacyRequest(
        id=row.id,
        store=ShopDomain(row.store),
        wish=Wish(row.wish),
        person=Person(row.customer, row.email, row.phone, tuple(OrderId(one) for one in row.orders)),
        received_at=row.received_at,
        due_at=row.due_at,
        standing=Standing(row.standing),
        said=row.said,
        done_at=row.done_at,
    )
