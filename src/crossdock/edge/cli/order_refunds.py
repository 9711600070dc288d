"""`crossdock orders approve-refund`, `decline-refund`, `booked`: a person's word on an order's refunds."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

import typer

from crossdock.edge.cli.answer import AsJson, answer, ask
from crossdock.edge.cli.hub import Hub
from crossdock.edge.cli.which_order import OrderName, WhoseOrder, the_story
from crossdock.edge.refund_changes import approve_refund, book_refund, decline_refund
from crossdock.model.names import ConnectionId, OrderId
from crossdock.model.people import Actor
from crossdock.store.database import Tx
from crossdock.store.reads.order import Header

order_refunds = typer.Typer()

Word: TypeAlias = Callable[[Tx, Actor, ConnectionId, OrderId, str], Awaitable[str]]


@order_refunds.command("approve-refund")
def approve_order_refund(
    ctx: typer.Context, name: OrderName, connection: WhoseOrder = None, as_json: AsJson = False
) -> None:
    """Let a refund go back that the backend asks for, and that is larger than needs no person."""
    _say(ctx, name, connection, approve_refund, "approved", "To be refunded on Shopify", as_json)


@order_refunds.command("decline-refund")
def decline_order_refund(
    ctx: typer.Context, name: OrderName, connection: WhoseOrder = None, as_json: AsJson = False
) -> None:
    """Do not make a refund that the backend asks for, and tell it so."""
    _say(ctx, name, connection, decline_refund, "declined", "Not to be refunded", as_json)


@order_refunds.command("booked")
def booked_order_refunds(
    ctx: typer.Context, name: OrderName, connection: WhoseOrder = None, as_json: AsJson = False
) -> None:
    """Say that an order's refunds are booked at a backend that takes no credit documents."""
    _say(ctx, name, connection, book_refund, "booked", "Booked by hand", as_json)


def _say(ctx: typer.Context, name: str, connection: str | None, word: Word, key: str, done: str, as_json: bool) -> None:
    """Say a person's word on the refunds of an order, and print what it stands for."""

    async def work(hub: Hub) -> tuple[Header, str]:
        async with hub.database.begin() as tx:
            order = (await the_story(tx, name, connection)).order
            return order, await word(tx, hub.actor, order.connection, order.order_id, order.name)

    order, said = ask(ctx, work)
    document = {"connection": order.connection, "order": order.name, key: said}
    line = f"{done}: {said} No worker runs? crossdock sync {order.connection}"
    answer(document, as_json, lambda console: console.print(line, markup=False))
