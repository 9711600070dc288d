# ruff: noqa: D102 (a test's name is its sentence)
"""Reading stock: one moment per reading, and never one that was overtaken."""

import asyncio

from crossdock.model.capability import Capability
from crossdock.model.names import ItemCode, WarehouseCode
from crossdock.ports.backend import Backend, Warehouse
from crossdock.testing.backend_conformance.chapter import LAMP, MUG, Chapter
from crossdock.testing.builders import MAIN, a_request, a_request_line
from crossdock.testing.floor import Floor

SECOND = WarehouseCode("SECOND")


class Stock(Chapter):
    """What is available, by item and warehouse."""

    async def test_only_the_items_asked_for_are_read(self, backend: Backend) -> None:
        assert dict((await backend.stock([LAMP])).available) == {(LAMP, MAIN): 5}
        assert dict((await backend.stock([ItemCode("GHOST")])).available) == {}

    async def test_the_sequence_grows_with_each_movement(self, backend: Backend, floor: Floor) -> None:
        first = await backend.stock([MUG])
        await floor.receive(LAMP, MAIN, 1)
        second = await backend.stock([MUG])
        await backend.submit(a_request(a_request_line("MUG", 1)))
        third = await backend.stock([MUG])

        assert first.sequence < second.sequence < third.sequence
        assert first.taken_at <= second.taken_at <= third.taken_at

    async def test_accepting_and_reserving_are_one_act_to_every_reading(self, backend: Backend) -> None:
        requests = [a_request(a_request_line("MUG", 1)) for _ in range(20)]
        keys = [request.key for request in requests]
        seen: list[tuple[int, int, int]] = []
        sequences: list[int] = []

        async def watch() -> None:
            while len(await backend.work_orders(keys)) < len(keys):
                before = len(await backend.work_orders(keys))
                reading = await backend.stock([MUG])
                after = len(await backend.work_orders(keys))
                seen.append((before, 10 - reading.available[MUG, MAIN], after))
                sequences.append(reading.sequence)
                await asyncio.sleep(0)

        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(watch())
            for request in requests:
                tasks.create_task(backend.submit(request))

        assert [line for line in seen if not line[0] <= line[1] <= line[2]] == []
        assert sequences == sorted(sequences)
        assert (await backend.stock([MUG])).available[MUG, MAIN] == -10

    async def test_each_warehouse_has_its_own_stock(self, backend: Backend, floor: Floor) -> None:
        self._needs(Capability.SEVERAL_WAREHOUSES)
        await floor.add_warehouse(Warehouse(SECOND, "Second"))
        await floor.receive(MUG, SECOND, 4)

        await backend.submit(a_request(a_request_line("MUG", 3), warehouse=SECOND))
        await backend.submit(a_request(a_request_line("LAMP", 1), warehouse=SECOND))

        assert {warehouse.code for warehouse in await backend.warehouses()} == {MAIN, SECOND}
        assert dict((await backend.stock([MUG, LAMP])).available) == {
            (MUG, MAIN): 10,
            (MUG, SECOND): 1,
            (LAMP, MAIN): 5,
            (LAMP, SECOND): -1,
        }
