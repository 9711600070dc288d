"""Table `answers`: what a person says to a held order, until the next look takes it in."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from crossdock.model.answer import Answer, Word
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, OrderId
from crossdock.store.arrays import among
from crossdock.store.database import Tx
from crossdock.store.schema import answers


async def say(tx: Tx, connection: ConnectionId, flow: Flow, order: OrderId, answer: Answer) -> None:
    """Write down what a person said; what was said before and not taken in yet is forgotten."""
    row = insert(answers).values(
        connection=connection, flow=flow.value, order_id=order, word=answer.word.value, detail=answer.detail
    )
    await tx.execute(
        row.on_conflict_do_update(
            index_elements=[*answers.primary_key],
            set_={"word": row.excluded.word, "detail": row.excluded.detail, "answered_at": func.hub_now()},
        )
    )


async def of_orders(
    tx: Tx, connection: ConnectionId, flow: Flow, orders: Sequence[OrderId]
) -> Mapping[OrderId, Answer]:
    """Return what was said to what a flow holds these orders for."""
    rows = await tx.execute(
        select(answers.c.order_id, answers.c.word, answers.c.detail).where(
            answers.c.connection == connection, answers.c.flow == flow.value, among(answers.c.order_id, orders)
        )
    )
    return {OrderId(row.order_id): Answer(Word(row.word), row.detail) for row in rows}


async def taken_in(tx: Tx, connection: ConnectionId, flow: Flow, order: OrderId, answer: Answer) -> None:
    """Forget an answer that a look has taken in; a later one stays."""
    await tx.execute(
        delete(answers).where(
            answers.c.connection == connection,
            answers.c.flow == flow.value,
            answers.c.order_id == order,
            answers.c.word == answer.word.value,
            answers.c.detail == answer.detail,
        )
    )
