"""The way onto the floor, for one command."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import typer

from crossdock.backends.builtin.floor import WarehouseFloor, open_floor
from crossdock.edge.cli.answer import ask
from crossdock.edge.cli.hub import Hub

T = TypeVar("T")


def on_the_floor(ctx: typer.Context, act: Callable[[WarehouseFloor], Awaitable[T]]) -> T:
    """Open the warehouse, do `act` there, and return what it did."""

    async def work(hub: Hub) -> T:
        async with open_floor(hub.database.url) as floor:
            return await act(floor)

    return ask(ctx, work)
