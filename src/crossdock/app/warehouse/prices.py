"""What an order of the warehouse costs, as a person reads it."""

from collections.abc import Mapping

from rich.console import Console

from crossdock.edge.cli.answer import table
from crossdock.model.money import NOTHING, Amount
from crossdock.model.names import FulfillmentOrderLineId, ItemCode
from crossdock.model.request_money import RequestMoney

COLUMNS = ("For", "Units", "Price", "Discount", "Tax", "Duties", "Comes to")


def show_money(console: Console, money: RequestMoney, items: Mapping[FulfillmentOrderLineId, ItemCode]) -> None:
    """Print a row for each line and each charge, and what they come to together."""

    def shown(amount: Amount) -> str | None:
        return amount.written(money.currencies) if amount else None

    def row(
        name: str | None, units: int | None, price: Amount, discount: Amount, tax: Amount, duties: Amount, net: Amount
    ) -> tuple[object, ...]:
        whole = money.payable(net, tax, duties)
        return (name, units, shown(price), shown(discount), shown(tax), shown(duties), shown(whole))

    rows = []
    for share in money.lines:
        of, item = share.worth, items.get(share.reference)
        rows.append(row(item, of.units, of.unit_price, of.discount, of.tax, of.duties, of.net))
    rows += [row(one.title, None, one.price, one.discount, one.tax, NOTHING, one.net) for one in money.charges]
    console.print(table(COLUMNS, rows, empty="It costs nothing."))
    inside = ", taxes in the prices" if money.taxes_included else ""
    console.print(f"In all: {money.total.written(money.currencies)}{inside}", markup=False)
