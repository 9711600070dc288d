# ruff: noqa: D102 (a test's name is its sentence)
"""Following what changed, page by page."""

import asyncio
from collections.abc import Sequence

from crossdock.model.names import RequestKey, Sku
from crossdock.model.request import FulfillmentRequest
from crossdock.ports.backend import Backend
from crossdock.testing.backend_conformance.chapter import LAMP, MUG, Chapter, changes_since
from crossdock.testing.builders import MAIN, a_request, a_request_line, an_item
from crossdock.testing.floor import Floor, Parcel

BATCH = 250
"""How many keys one call must take: the hub asks in pages of Shopify's largest size."""


class Following(Chapter):
    """A cursor misses nothing that came after it."""

    async def test_changes_from_the_beginning_name_all_there_is(self, backend: Backend) -> None:
        order = await backend.submit(a_request())

        orders, items, _ = await changes_since(backend, None)

        assert orders == {order.key}
        assert items == {MUG, LAMP}

    async def test_changes_since_the_end_are_none_until_something_happens(self, backend: Backend, floor: Floor) -> None:
        request = a_request(a_request_line("MUG", 1))
        await backend.submit(request)
        _, _, end = await changes_since(backend, None)

        nothing = await backend.changes(end)
        await floor.receive(LAMP, MAIN, 1)
        received = await backend.changes(nothing.cursor)
        await floor.ship(request.key, [Parcel({request.lines[0].reference: 1})])
        shipped, _, _ = await changes_since(backend, received.cursor)

        assert (nothing.orders, nothing.items, nothing.more) == ((), (), False)
        assert LAMP in received.items
        assert request.key in shipped

    async def test_an_old_cursor_still_names_what_came_after_it(self, backend: Backend) -> None:
        _, _, end = await changes_since(backend, None)
        order = await backend.submit(a_request())

        once = await changes_since(backend, end)
        twice = await changes_since(backend, end)

        assert once == twice
        assert order.key in once[0]

    async def test_250_orders_are_followed_and_read_in_one_call(self, backend: Backend, floor: Floor) -> None:
        items = [an_item(f"ITEM-{number}") for number in range(BATCH)]
        for item in items:
            await floor.add_item(item)
        requests = [a_request(a_request_line(item.code, 1)) for item in items]
        for request in requests:
            await backend.submit(request)

        orders, touched, _ = await changes_since(backend, None)

        keys = {request.key for request in requests}
        assert set(await backend.work_orders([*keys])) == keys
        assert set((await backend.stock([item.code for item in items])).available.values()) == {-1}
        assert len(await backend.find_items([Sku(item.code) for item in items], [])) == BATCH
        assert orders == keys
        assert touched >= {item.code for item in items}

    async def test_following_changes_misses_nothing_that_writers_add_meanwhile(self, backend: Backend) -> None:
        requests = [a_request(a_request_line("MUG", 1)) for _ in range(40)]
        found: set[RequestKey] = set()
        done = asyncio.Event()

        async def follow() -> None:
            cursor: str | None = None
            while True:
                last = done.is_set()  # read before asking: what was done by then must be in this very round
                orders, _, cursor = await changes_since(backend, cursor)
                found.update(orders)
                if last:
                    return
                await asyncio.sleep(0)

        async def write(some: Sequence[FulfillmentRequest]) -> None:
            for request in some:
                await backend.submit(request)

        follower = asyncio.create_task(follow())
        await asyncio.gather(*(write(requests[start::4]) for start in range(4)))
        done.set()
        await follower

        assert found == {request.key for request in requests}
