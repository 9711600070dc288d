"""
`crossdock warehouse …`: what people do in the built-in warehouse.

It stands in `app` and not at the edge, for it speaks of one kind of backend in that backend's own words.
"""

import typer

from crossdock.app.warehouse.goods import goods
from crossdock.app.warehouse.kits import kits
from crossdock.app.warehouse.money import money
from crossdock.app.warehouse.returns import returns
from crossdock.app.warehouse.work import work

app = typer.Typer()
warehouse = typer.Typer(help="Work in the built-in warehouse.", no_args_is_help=True)
warehouse.add_typer(goods)
warehouse.add_typer(kits, name="kits")
warehouse.add_typer(work)
warehouse.add_typer(returns, name="returns")
warehouse.add_typer(money)
app.add_typer(warehouse, name="warehouse")
