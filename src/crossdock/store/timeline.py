"""The owner of `timeline`: everything that happened to one order, one sentence each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, OrderId
from crossdock.store.database import Tx
from crossdock.store.schema import timeline


@dataclass(frozen=True, slots=True)
class Event:
    """
    Something that happened to an order.

    `kind` is one word for it (`sent`, `accepted`, `shipped`, `told`, `held`, …); `sentence` is what a person reads.
    """

    connection: ConnectionId
    order_id: OrderId
    flow: Flow
    kind: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Told:
    """An event and when it was written down, by the database's clock."""

    at: datetime
    flow: Flow
    kind: str
    sentence: str


async def tell(tx: Tx, connection: ConnectionId, order_id: OrderId, flow: Flow, kind: str, sentence: str) -> None:
    """Add one event to an order's time line."""
    await tell_many(tx, [Event(connection, order_id, flow, kind, sentence)])


async def tell_many(tx: Tx, events: Sequence[Event]) -> None:
    """Add events, in this order."""
    if not events:
        return
    rows = [
        {
            "connection": event.connection,
            "order_id": event.order_id,
            "flow": event.flow.value,
            "kind": event.kind,
            "sentence": event.sentence,
        }
        for event in events
    ]
    await tx.execute(insert(timeline), rows)


async def read(tx: Tx, connection: ConnectionId, order_id: OrderId) -> Sequence[Told]:
    """Return an order's events, oldest first."""
    rows = await tx.execute(
        select(timeline.c.at, timeline.c.flow, timeline.c.kind, timeline.c.sentence)
        .where(timeline.c.connection == connection, timeline.c.order_id == order_id)
        .order_by(timeline.c.id)
    )
    return [Told(row.at, Flow(row.flow), row.kind, row.sentence) for row in rows]
