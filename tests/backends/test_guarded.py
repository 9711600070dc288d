"""A backend that answers nobody is left alone; one that hangs is not waited for without end."""

import asyncio
from collections.abc import Sequence

import pytest

from crossdock.backends.guarded import GuardedBackend
from crossdock.kit.errors import NoAnswer, NotNow, Refused, TryAgain
from crossdock.model.names import ConnectionId, ItemCode, WarehouseCode
from crossdock.model.outage import backend_party
from crossdock.model.stock import StockReading
from crossdock.ports.backend import Backend, Warehouse
from crossdock.store.database import Database
from crossdock.store.outages import PostgresBreaker
from crossdock.testing.fakes import FakeBackend

ACME = backend_party(ConnectionId("acme-wms"))


class Troubled(FakeBackend):
    """A fake backend whose stock raises, and all the rest too while it is `down`."""

    def __init__(self, error: Exception | None = None, *, down: bool = False) -> None:
        super().__init__()
        self.error = error
        self.down = down
        self.asked = 0

    async def stock(self, items: Sequence[ItemCode]) -> StockReading:  # noqa: ARG002 - the port names it
        self.asked += 1
        if self.error is not None:
            raise self.error
        await asyncio.Event().wait()
        raise AssertionError

    async def warehouses(self) -> Sequence[Warehouse]:
        if self.down and self.error is not None:
            raise self.error
        return [Warehouse(WarehouseCode("MAIN"), "Main")]


def guarded(backend: Backend, database: Database, *, longest_seconds: float = 30) -> GuardedBackend:
    return GuardedBackend(backend, ACME, PostgresBreaker(database, ACME), longest_seconds=longest_seconds)


async def test_a_backend_that_is_down_is_asked_once_and_then_left_alone(database: Database) -> None:
    backend = Troubled(TryAgain("The ERP is being updated."), down=True)
    behind = guarded(backend, database)

    with pytest.raises(NotNow, match=r"The backend of acme-wms does not answer since .*The ERP is being updated\."):
        await behind.stock([])
    with pytest.raises(NotNow):
        await behind.stock([])
    with pytest.raises(NotNow):
        await behind.warehouses()

    assert backend.asked == 1


async def test_a_backend_that_fails_over_one_question_is_asked_all_others(database: Database) -> None:
    behind = guarded(Troubled(TryAgain("The item is locked.")), database)

    with pytest.raises(NoAnswer, match="The item is locked"):
        await behind.stock([])

    assert [warehouse.code for warehouse in await behind.warehouses()] == ["MAIN"]


async def test_a_backend_that_hangs_is_not_waited_for_without_end(database: Database) -> None:
    behind = guarded(Troubled(), database, longest_seconds=0.1)

    with pytest.raises(NoAnswer, match=r"took longer than 0\.1 seconds"):
        await behind.stock([])


async def test_what_a_backend_refuses_is_said_as_it_said_it(database: Database) -> None:
    behind = guarded(Troubled(Refused("The item is unknown.")), database)

    with pytest.raises(Refused, match=r"^The item is unknown\.$"):
        await behind.stock([])
