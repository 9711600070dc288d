"""While the backend answers nobody, what needs only Shopify goes on, and what needs it waits without blame."""

from collections.abc import Sequence

from sqlalchemy import text
from tests.flows.flow_bench import ACME, HAMBURG, MUG, FlowBench

from crossdock.backends.guarded import GuardedBackend
from crossdock.kit.errors import TryAgain
from crossdock.model.flow import Flow
from crossdock.model.names import RequestKey
from crossdock.model.outage import backend_party, patience
from crossdock.model.request import FulfillmentRequest, WorkOrder
from crossdock.ports.backend import Warehouse
from crossdock.store.outages import PostgresBreaker
from crossdock.testing.fakes import FakeBackend


class Switched(FakeBackend):
    """A fake backend that takes no orders, nor tells of its warehouses, while it is off."""

    on = True

    async def submit(self, request: FulfillmentRequest) -> WorkOrder:
        self._answer()
        return await super().submit(request)

    async def warehouses(self) -> Sequence[Warehouse]:
        self._answer()
        return await super().warehouses()

    def _answer(self) -> None:
        if not self.on:
            raise TryAgain("The ERP is being updated.")


async def test_an_order_that_needs_nothing_of_it_settles_and_one_that_does_goes_as_soon_as_it_is_back(
    bench: FlowBench,
) -> None:
    bench.backend = backend = Switched()
    await bench.open()
    party = backend_party(ACME)
    bench.asked = GuardedBackend(backend, party, PostgresBreaker(bench.database, party, fresh_seconds=0))
    await bench.link()
    there = bench.store.buy(HAMBURG, (MUG, 1))
    await bench.look(Flow.ORDERS, there)
    waits = bench.store.buy(HAMBURG, (MUG, 1))

    backend.on = False
    drained = await bench.look(Flow.ORDERS, there, waits)

    assert (drained.looked_at, drained.failed) == (2, 0)
    async with bench.database.begin() as tx:
        [row] = await tx.execute(text("SELECT key, attempts, last_error FROM pending WHERE flow = 'orders'"))
    assert (row.key, row.attempts) == (waits, 0)
    assert row.last_error.startswith("The backend of acme-fake does not answer since ")

    backend.on = True
    await bench.pass_time(patience(1))
    await bench.drain(Flow.ORDERS)

    key = RequestKey(bench.store.order(waits).fulfillment_orders[0].id)
    assert list(await backend.work_orders([key])) == [key]
