"""What the chapters of the suite share: the fixtures, a warehouse with something in it, and a follower."""

from typing import ClassVar

import pytest

from crossdock.model.capability import Capability
from crossdock.model.names import ItemCode, RequestKey
from crossdock.model.request_field import FieldSpec
from crossdock.ports.backend import Backend, Changes, Warehouse
from crossdock.testing.builders import MAIN, an_item
from crossdock.testing.floor import Floor

MUG, LAMP = ItemCode("MUG"), ItemCode("LAMP")


class Chapter:
    """Promises of `crossdock.ports.backend`, one test each, in a warehouse with ten mugs and five lamps."""

    capabilities: ClassVar[frozenset[Capability]] = frozenset(Capability)
    """What the backend's manifest says; tests of other capabilities are skipped."""

    fields: ClassVar[tuple[FieldSpec, ...]] = ()
    """What the backend's manifest says; without any, tests of fields are skipped."""

    @pytest.fixture
    def backend(self) -> Backend:
        """Give an open backend in which nothing has happened. To be overridden, sync or async."""
        raise NotImplementedError

    @pytest.fixture
    def floor(self, backend: Backend) -> Floor:
        """Give the hands inside that backend. To be overridden, sync or async."""
        raise NotImplementedError

    @pytest.fixture(autouse=True)
    async def _ten_mugs_and_five_lamps(self, floor: Floor) -> None:
        await floor.add_warehouse(Warehouse(MAIN, "Main"))
        await floor.add_item(an_item("MUG", barcodes=["4006381333931"]))
        await floor.add_item(an_item("LAMP"))
        await floor.receive(MUG, MAIN, 10)
        await floor.receive(LAMP, MAIN, 5)

    def _needs(self, capability: Capability) -> None:
        if capability not in self.capabilities:
            pytest.skip(f"the backend does not claim {capability}")


async def changes_since(backend: Backend, cursor: str | None) -> tuple[set[RequestKey], set[ItemCode], str]:
    """Read pages until there are no more; return the orders, the items, and the last cursor."""
    orders: set[RequestKey] = set()
    items: set[ItemCode] = set()
    while True:
        page: Changes = await backend.changes(cursor)
        orders.update(page.orders)
        items.update(page.items)
        cursor = page.cursor
        if not page.more:
            return orders, items, cursor
