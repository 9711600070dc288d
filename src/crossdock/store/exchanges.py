"""The owner of `exchanges`: calls to the outside as they went, redacted before they come here."""

from datetime import timedelta

from sqlalchemy import ARRAY, RowMapping, Text, cast, insert, select

from crossdock.model.names import ShopDomain
from crossdock.ports.calls import Exchange
from crossdock.store.database import Database, Tx
from crossdock.store.schema import exchanges


class PostgresJournal:
    """Keeps exchanges in the database, each in a transaction of its own; satisfies the `Journal` port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(self, exchange: Exchange) -> None:
        """Keep one exchange, whatever becomes of the work that it was part of."""
        row = insert(exchanges).values(
            store=exchange.store,
            operation=exchange.operation,
            subjects=list(exchange.subjects),
            began_at=exchange.began_at,
            took_ms=round(exchange.took / timedelta(milliseconds=1)),
            status=exchange.status,
            outcome=exchange.outcome,
            request_id=exchange.request_id,
            requested_cost=exchange.requested_cost,
            actual_cost=exchange.actual_cost,
            request=exchange.request,
            response=exchange.response,
            trace_id=exchange.trace_id,
        )
        async with self._database.begin() as tx:
            await tx.execute(row)


async def exchanges_about(tx: Tx, store: ShopDomain, subject: str, limit: int) -> tuple[Exchange, ...]:
    """Return the newest exchanges of a store that name `subject` (`gid://shopify/Order/1`), newest first."""
    rows = await tx.execute(
        select(exchanges)
        .where(exchanges.c.store == store, exchanges.c.subjects.contains(cast([subject], ARRAY(Text))))
        .order_by(exchanges.c.began_at.desc(), exchanges.c.id.desc())
        .limit(limit)
    )
    return tuple(_exchange(row) for row in rows.mappings())


def _exchange(row: RowMapping) -> Exchange:
    return Exchange(
        store=ShopDomain(row["store"]),
        operation=row["operation"],
        subjects=tuple(row["subjects"]),
        began_at=row["began_at"],
        took=timedelta(milliseconds=row["took_ms"]),
        status=row["status"],
        outcome=row["outcome"],
        request_id=row["request_id"],
        requested_cost=row["requested_cost"],
        actual_cost=row["actual_cost"],
        request=row["request"],
        response=row["response"],
        trace_id=row["trace_id"],
    )
