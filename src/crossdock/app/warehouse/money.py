"""What went back to customers, as the built-in warehouse books it, and what its people ask to go back."""

from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer
from rich.console import Console

from crossdock.app.warehouse.floor import on_the_floor
from crossdock.backends.builtin.credit_book import BookedCredit
from crossdock.backends.builtin.refund_desk import AskedRefund
from crossdock.edge.cli.answer import AsJson, answer, moment, table
from crossdock.kit.errors import UsageError

money = typer.Typer()


@money.command("credits")
def list_credits(
    ctx: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 100,
    as_json: AsJson = False,
) -> None:
    """List the credit documents that are booked, newest first: one for each refund in Shopify."""
    found = on_the_floor(ctx, lambda floor: floor.credits(limit))
    columns = ("Document", "Refund", "Booked", "Lines", "Shipping", "Beside", "Total")
    shown = table(columns, [_row(one) for one in found], empty="Nothing went back yet.")
    answer(found, as_json, lambda console: console.print(shown))


@money.command("ask-refund")
def ask_refund(
    ctx: typer.Context,
    order: Annotated[str, typer.Argument(metavar="ORDER", help="The warehouse's own reference, like SO-000123.")],
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="In the currency in which the customer paid.")],
    reason: Annotated[str, typer.Option(help="Why; it is written on the refund in Shopify.")] = "",
    as_json: AsJson = False,
) -> None:
    """Ask the shop to give money back for an order. How much needs no person there is the shop's rule."""
    wanted = _amount(amount)
    asked = on_the_floor(ctx, lambda floor: floor.ask_refund(order, wanted, reason))

    def show(console: Console) -> None:
        console.print(f"{asked.request.key}: {asked.request.amount} of {asked.order_name} is asked for.", markup=False)

    answer(asked, as_json, show)


@money.command("refunds")
def list_refunds(
    ctx: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 100,
    as_json: AsJson = False,
) -> None:
    """List the refunds that were asked for, newest first, and what became of them."""
    found = on_the_floor(ctx, lambda floor: floor.refunds(limit))
    rows = [(one.request.key, one.order_name, one.request.amount, one.request.reason, _became(one)) for one in found]
    shown = table(("Request", "Order", "Amount", "Reason", "Became"), rows, empty="Nothing was asked for.")
    answer(found, as_json, lambda console: console.print(shown))


def _row(one: BookedCredit) -> tuple[object, ...]:
    document = one.document
    lines = ", ".join(f"{line.item or line.title}={line.units}" for line in document.lines if line.units)
    shipping = document.shipping.written(document.currencies) if document.shipping else ""
    beside = document.adjustment.written(document.currencies) if document.adjustment else ""
    total = document.total.written(document.currencies)
    return one.reference, document.name, moment(one.booked_at), lines, shipping, beside, total


def _became(one: AskedRefund) -> str:
    if one.answer is None:
        return "not answered yet"
    return f"{'made' if one.answer.made else 'declined'}: {one.answer.said}"


def _amount(given: str) -> Decimal:
    try:
        amount = Decimal(given)
    except InvalidOperation as error:
        raise UsageError(f"{given!r} is no amount. Give one like 12.50.") from error
    if not amount.is_finite():
        raise UsageError(f"{given!r} is no amount. Give one like 12.50.")
    return amount
