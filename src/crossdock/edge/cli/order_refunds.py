"""`crossdock orders approve-refund`, `decline-refund`, `booked`: a person's word on an order's refunds."""

import typer

from crossdock.edge.cli.answer import AsJson
from crossdock.edge.cli.order_word import say_word
from crossdock.edge.cli.which_order import OrderName, WhoseOrder
from crossdock.edge.refund_changes import approve_refund, book_refund, decline_refund

order_refunds = typer.Typer()


@order_refunds.command("approve-refund")
def approve_order_refund(
    ctx: typer.Context, name: OrderName, connection: WhoseOrder = None, as_json: AsJson = False
) -> None:
    """Let a refund go back that the backend asks for, and that is larger than needs no person."""
    say_word(ctx, name, connection, approve_refund, "approved", "To be refunded on Shopify", as_json)


@order_refunds.command("decline-refund")
def decline_order_refund(
    ctx: typer.Context, name: OrderName, connection: WhoseOrder = None, as_json: AsJson = False
) -> None:
    """Do not make a refund that the backend asks for, and tell it so."""
    say_word(ctx, name, connection, decline_refund, "declined", "Not to be refunded", as_json)


@order_refunds.command("booked")
def booked_order_refunds(
    ctx: typer.Context, name: OrderName, connection: WhoseOrder = None, as_json: AsJson = False
) -> None:
    """Say that an order's refunds are booked at a backend that takes no credit documents."""
    say_word(ctx, name, connection, book_refund, "booked", "Booked by hand", as_json)
