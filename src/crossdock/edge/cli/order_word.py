"""A person's word on an order, said on the command line."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

import typer

from crossdock.edge.cli.answer import answer, ask
from crossdock.edge.cli.hub import Hub
from crossdock.edge.cli.which_order import the_story
from crossdock.model.names import ConnectionId, OrderId
from crossdock.model.people import Actor
from crossdock.store.database import Tx
from crossdock.store.reads.order import Header

Saying: TypeAlias = Callable[[Tx, Actor, ConnectionId, OrderId, str], Awaitable[str]]
"""Says a word about an order, and returns what it stands for."""


def say_word(
    ctx: typer.Context, name: str, connection: str | None, saying: Saying, key: str, done: str, as_json: bool
) -> None:
    """Say a word about an order, and print what it stands for; `key` names that in JSON, `done` says what was done."""

    async def work(hub: Hub) -> tuple[Header, str]:
        async with hub.database.begin() as tx:
            order = (await the_story(tx, name, connection)).order
            return order, await saying(tx, hub.actor, order.connection, order.order_id, order.name)

    order, said = ask(ctx, work)
    document = {"connection": order.connection, "order": order.name, key: said}
    line = f"{done}: {said} No worker runs? crossdock sync {order.connection}"
    answer(document, as_json, lambda console: console.print(line, markup=False))
