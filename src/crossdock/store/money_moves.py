"""Table `money_moves`: what of an order's money the hub moves, written down before it is tried."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from crossdock.model.money_move import KnownMove, Say
from crossdock.model.names import ConnectionId, OrderId, RefundId
from crossdock.store.arrays import among
from crossdock.store.database import Tx
from crossdock.store.schema import money_moves


async def trying(tx: Tx, connection: ConnectionId, order: OrderId, key: str, what: str) -> None:
    """Write down that this is about to be tried; Shopify might not recognise a repeat."""
    await _put(tx, connection, order, key, what=what, telling=True, tried_at=func.hub_now())


async def asked(tx: Tx, connection: ConnectionId, order: OrderId, key: str, what: str) -> None:
    """Write down what a person is asked; what they said to anything else no longer counts."""
    row = insert(money_moves).values(connection=connection, key=key, order_id=order, what=what)
    await tx.execute(
        row.on_conflict_do_update(
            index_elements=[*money_moves.primary_key],
            set_={"what": what, "answer": None},
            where=money_moves.c.what != what,
        )
    )


async def done(tx: Tx, connection: ConnectionId, key: str, refund: RefundId | None = None) -> None:
    """Write down that what was tried last has a known end; for a refund, which one it became."""
    known = {} if refund is None else {"refund_id": refund}
    await _change(tx, connection, key, telling=False, refused=None, **known)


async def refused(tx: Tx, connection: ConnectionId, key: str, said: str) -> None:
    """Write down that Shopify said no; a person's word for it is used up."""
    refusals = money_moves.c.refusals + 1
    await _change(tx, connection, key, telling=False, refused=said, refusals=refusals, answer=None)


async def answer(tx: Tx, connection: ConnectionId, key: str, say: Say) -> None:
    """Write down what a person said; what Shopify said before is forgotten, so that it is tried again."""
    await _change(tx, connection, key, answer=say.value, refused=None)


async def of_orders(
    tx: Tx, connection: ConnectionId, orders: Sequence[OrderId]
) -> Mapping[OrderId, Mapping[str, KnownMove]]:
    """Return what was moved, or tried to, of the money of these orders, by key."""
    rows = await tx.execute(
        select(money_moves, (func.hub_now() - money_moves.c.tried_at).label("ago")).where(
            money_moves.c.connection == connection, among(money_moves.c.order_id, orders)
        )
    )
    found: dict[OrderId, dict[str, KnownMove]] = defaultdict(dict)
    for row in rows:
        found[OrderId(row.order_id)][row.key] = KnownMove(
            key=row.key,
            what=row.what,
            telling=row.telling,
            ago=row.ago,
            refused=row.refused,
            refusals=row.refusals,
            refund=None if row.refund_id is None else RefundId(row.refund_id),
            answer=None if row.answer is None else Say(row.answer),
        )
    return found


async def _put(tx: Tx, connection: ConnectionId, order: OrderId, key: str, **values: object) -> None:
    row = insert(money_moves).values(connection=connection, key=key, order_id=order, **values)
    await tx.execute(row.on_conflict_do_update(index_elements=[*money_moves.primary_key], set_=values))


async def _change(tx: Tx, connection: ConnectionId, key: str, **values: object) -> None:
    mine = (money_moves.c.connection == connection, money_moves.c.key == key)
    await tx.execute(update(money_moves).where(*mine).values(**values))
