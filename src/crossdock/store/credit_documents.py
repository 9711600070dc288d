"""Table `credit_documents`: the refunds that the hub is done with, so that each is told once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from crossdock.model.credit import Credit
from crossdock.model.money_move import Dealt
from crossdock.model.names import ConnectionId, OrderId, RefundId
from crossdock.store.arrays import among
from crossdock.store.database import Tx
from crossdock.store.schema import credit_documents, requests


async def dealt(tx: Tx, connection: ConnectionId, credit: Credit, how: Dealt, reference: str | None = None) -> None:
    """Write down how a refund was dealt with; `reference` is the backend's own name of its document."""
    row = insert(credit_documents).values(
        connection=connection,
        refund_id=credit.key,
        order_id=credit.order,
        name=credit.name,
        total=credit.total.written(credit.currencies),
        state=how.value,
        reference=reference,
    )
    await tx.execute(
        row.on_conflict_do_update(
            index_elements=[*credit_documents.primary_key],
            set_={"state": row.excluded.state, "reference": row.excluded.reference, "settled_at": func.hub_now()},
        )
    )


async def booked(tx: Tx, connection: ConnectionId, order: OrderId) -> int:
    """Take a person's word that what waits of this order is booked; return how many refunds that is."""
    done = await tx.execute(
        update(credit_documents)
        .where(
            credit_documents.c.connection == connection,
            credit_documents.c.order_id == order,
            credit_documents.c.state == Dealt.WAITS.value,
        )
        .values(state=Dealt.BOOKED.value, settled_at=func.hub_now())
        .returning(credit_documents.c.refund_id)
    )
    return len(done.all())


async def of_orders(
    tx: Tx, connection: ConnectionId, orders: Sequence[OrderId]
) -> Mapping[OrderId, Mapping[RefundId, Dealt]]:
    """Return how the refunds of these orders were dealt with."""
    rows = await tx.execute(
        select(credit_documents.c.order_id, credit_documents.c.refund_id, credit_documents.c.state).where(
            credit_documents.c.connection == connection, among(credit_documents.c.order_id, orders)
        )
    )
    found: dict[OrderId, dict[RefundId, Dealt]] = defaultdict(dict)
    for row in rows:
        found[OrderId(row.order_id)][RefundId(row.refund_id)] = Dealt(row.state)
    return found


async def first_asked(tx: Tx, connection: ConnectionId, orders: Sequence[OrderId]) -> Mapping[OrderId, datetime]:
    """Return when the backend was first asked to ship anything of these orders; never asked is left out."""
    rows = await tx.execute(
        select(requests.c.order_id, func.min(requests.c.tried_at).label("asked_at"))
        .where(requests.c.connection == connection, among(requests.c.order_id, orders))
        .group_by(requests.c.order_id)
    )
    return {OrderId(row.order_id): row.asked_at for row in rows}
