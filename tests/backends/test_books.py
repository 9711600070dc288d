"""The books in a real database: whole acts, one writer at a time, and nothing that a reader could miss."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator

import psycopg
import pytest
from sqlalchemy import event, text

from crossdock.backends.builtin import WarehouseFloor, backend, books, lists
from crossdock.backends.builtin.backend import BuiltinBackend
from crossdock.backends.builtin.books import Books
from crossdock.backends.builtin.steps import Label
from crossdock.kit.errors import TryAgain, UsageError
from crossdock.model.names import ItemCode, RequestKey, Sku, Units, WarehouseCode
from crossdock.ports.backend import Warehouse
from crossdock.store.database import Database, open_database
from crossdock.testing.builders import MAIN, a_request, a_request_line, an_item

MUG, LAMP = ItemCode("MUG"), ItemCode("LAMP")
SECOND = WarehouseCode("SECOND")


@pytest.fixture
async def floor(warehouse_floor: WarehouseFloor) -> WarehouseFloor:
    """A warehouse with ten mugs."""
    await warehouse_floor.add_warehouse(Warehouse(MAIN, "Main"))
    await warehouse_floor.add_items(an_item("MUG"))
    await warehouse_floor.receive(MUG, MAIN, Units(10))
    return warehouse_floor


@pytest.fixture
async def database(empty_url: str, floor: WarehouseFloor) -> AsyncIterator[Database]:
    """Where that warehouse's books are."""
    opened = open_database(empty_url)
    yield opened
    await opened.close()


@pytest.fixture
def others(database: Database) -> Books:
    """The same books, as another process has them open."""
    return Books(database)


@pytest.fixture
def hub(database: Database) -> BuiltinBackend:
    """The hub's end of the same warehouse."""
    return BuiltinBackend(Books(database), "SO-")


@pytest.fixture
def statements(database: Database) -> Iterator[list[str]]:
    """Every statement that is sent, as it is sent."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    engine = database._engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


async def test_an_order_is_accepted_in_four_statements(hub: BuiltinBackend, statements: list[str]) -> None:
    await hub.submit(a_request(a_request_line("MUG", 1), a_request_line("MUG", 2)))

    assert len(statements) == 4


async def test_any_number_of_keys_is_read_in_one_statement(hub: BuiltinBackend, statements: list[str]) -> None:
    keys = [(await hub.submit(a_request())).key for _ in range(3)]
    statements.clear()

    await hub.work_orders(keys)
    await hub.stock([MUG, LAMP])

    assert len(statements) == 2


async def test_orders_are_numbered_without_gaps(hub: BuiltinBackend) -> None:
    request = a_request()
    references = [(await hub.submit(each)).reference for each in (request, request, a_request())]

    assert references == ["SO-000001", "SO-000001", "SO-000002"]


@pytest.mark.parametrize("dies_at", [1, 2, 3, 4, 5])
async def test_a_submit_that_dies_leaves_nothing_and_can_be_repeated(
    hub: BuiltinBackend, floor: WarehouseFloor, database: Database, dies_at: int
) -> None:
    request = a_request(a_request_line("MUG", 3))
    engine = database._engine.sync_engine
    left = dies_at

    def kill_the_session(connection: object, *_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            with psycopg.connect(database.url, autocommit=True) as other:
                other.execute(
                    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )

    # The fifth is the commit itself.
    event.listen(engine, "before_cursor_execute", kill_the_session)
    event.listen(engine, "commit", kill_the_session)
    try:
        with pytest.raises(TryAgain):
            await hub.submit(request)
    finally:
        event.remove(engine, "before_cursor_execute", kill_the_session)
        event.remove(engine, "commit", kill_the_session)

    assert await hub.work_orders([request.key]) == {}
    assert (await hub.stock([MUG])).available[MUG, MAIN] == 10
    await hub.submit(request)
    assert (await hub.stock([MUG])).available[MUG, MAIN] == 7
    assert len(await floor.orders()) == 1


async def test_a_cancelled_submit_is_done_whole_or_not_at_all(hub: BuiltinBackend) -> None:
    request = a_request(a_request_line("MUG", 3))

    for ticks in range(12):
        submit = asyncio.create_task(hub.submit(request))
        for _ in range(ticks):
            await asyncio.sleep(0)
        submit.cancel()
        await asyncio.gather(submit, return_exceptions=True)
        accepted = bool(await hub.work_orders([request.key]))
        assert (await hub.stock([MUG])).available[MUG, MAIN] == (7 if accepted else 10)

    await hub.submit(request)
    assert (await hub.stock([MUG])).available[MUG, MAIN] == 7


async def test_a_later_writer_waits_so_that_no_reader_skips_an_earlier_one(
    hub: BuiltinBackend, floor: WarehouseFloor, others: Books
) -> None:
    before = (await hub.changes(None)).cursor

    async with others.writing() as tx:
        await lists.put_items(tx, [an_item("EARLY")])
        later = asyncio.create_task(floor.add_items(an_item("LATE")))
        await _until_somebody_waits(others)
        meanwhile = await hub.changes(before)
    await later
    afterwards = await hub.changes(meanwhile.cursor)

    assert meanwhile.items == ()
    assert afterwards.items == ("EARLY", "LATE")


async def test_readers_do_not_wait_for_a_writer(hub: BuiltinBackend, others: Books) -> None:
    async with others.writing() as tx, asyncio.timeout(5):
        await lists.put_items(tx, [an_item("LAMP")])

        assert (await hub.stock([MUG])).available == {(MUG, MAIN): 10}
        assert await hub.find_items([Sku("LAMP")], []) == []


async def test_books_that_stay_open_too_long_let_the_next_writer_try_again(
    hub: BuiltinBackend, others: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient = str(books._TAKE_THE_BOOKS).replace("20s", "20ms")
    async with others.writing():
        monkeypatch.setattr(books, "_TAKE_THE_BOOKS", text(impatient))

        with pytest.raises(TryAgain, match="kept open by another process"):
            await hub.submit(a_request())


async def test_changes_come_in_pages_that_join_without_gap(
    hub: BuiltinBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backend, "PAGE", 3)
    keys = [(await hub.submit(a_request())).key for _ in range(7)]

    found: list[RequestKey] = []
    cursor, more = None, True
    while more:
        page = await hub.changes(cursor)
        found += page.orders
        cursor, more = page.cursor, page.more

    assert found == keys


async def test_a_foreign_cursor_is_refused(hub: BuiltinBackend) -> None:
    with pytest.raises(UsageError, match="'page-2' is no cursor"):
        await hub.changes("page-2")


async def test_saving_an_item_unchanged_tells_nobody(hub: BuiltinBackend, floor: WarehouseFloor) -> None:
    cursor = (await hub.changes(None)).cursor

    await floor.add_items(an_item("MUG"))

    assert (await hub.changes(cursor)).items == ()


async def test_after_any_day_the_ledger_the_stock_and_the_orders_agree(
    hub: BuiltinBackend, floor: WarehouseFloor, others: Books
) -> None:
    chance = random.Random(7)
    await floor.add_warehouse(Warehouse(SECOND, "Second"))
    await floor.add_items(an_item("LAMP"))
    references = [
        (await hub.submit(a_request(a_request_line("MUG", 2), a_request_line("LAMP", 1)))).reference for _ in range(6)
    ]

    done = 0
    for _ in range(150):
        order = chance.choice(references)
        item, units = chance.choice([MUG, LAMP]), chance.randint(1, 4)
        try:
            match chance.randrange(8):
                case 0:
                    await floor.receive(item, MAIN, Units(units))
                case 1:
                    await floor.adjust(item, MAIN, -units)
                case 2:
                    await floor.transfer(item, MAIN, SECOND, Units(units))
                case 3:
                    await floor.release(order)
                case 4:
                    await floor.pick(order, {item: 1})
                case 5:
                    await floor.pack(order)
                case 6:
                    await floor.ship(order)
                case _:
                    await floor.short_ship(order, {item: 1})
        except UsageError:
            continue
        done += 1

    assert done > 60
    assert await _disagreements(others) == []


async def test_the_ledger_tells_the_story_of_an_item(hub: BuiltinBackend, floor: WarehouseFloor) -> None:
    request = a_request(a_request_line("MUG", 2), name="#1001")
    reference = (await hub.submit(request)).reference
    await floor.release(reference)
    await floor.pick(reference, {"MUG": 1})
    await floor.pack(reference)
    await floor.ship(reference, [Label((await floor.order(reference)).order.parcels[0].id, "DHL", "T-1")])
    await floor.short_ship(reference)

    entries = [entry.movement for entry in await floor.ledger(MUG)]

    assert [(entry.reason, entry.on_hand, entry.reserved, entry.reference) for entry in reversed(entries)] == [
        ("receive", 10, 0, None),
        ("reserve", 0, 2, "SO-000001"),
        ("pick", 0, 0, "SO-000001"),
        ("pack", 0, 0, "SO-000001-1"),
        ("ship", -1, -1, "SO-000001-1"),
        ("short_ship", 0, -1, "SO-000001"),
    ]
    assert (await floor.order(reference)).request == request
    (summary,) = await floor.orders()
    assert (summary.name, summary.state, summary.units, summary.shipped, summary.short) == ("#1001", "shipped", 2, 1, 1)


async def test_a_count_sets_what_is_on_hand(floor: WarehouseFloor) -> None:
    counted = await floor.count(MUG, MAIN, Units(8), "cycle count")

    (newest, *_) = await floor.ledger(MUG)
    assert counted.on_hand == 8
    assert (newest.movement.on_hand, newest.movement.note) == (-2, "cycle count")
    assert await floor.stock(MUG) == [counted]


async def test_what_nobody_has_heard_of_is_refused_by_name(floor: WarehouseFloor) -> None:
    with pytest.raises(UsageError, match="no item GHOST, no warehouse NOWHERE"):
        await floor.receive(ItemCode("GHOST"), WarehouseCode("NOWHERE"), Units(1))
    with pytest.raises(UsageError, match="no order SO-000009"):
        await floor.release("SO-000009")


async def test_cancelling_frees_the_goods_and_removes_unsent_packages(
    hub: BuiltinBackend, floor: WarehouseFloor, others: Books
) -> None:
    reference = (await hub.submit(a_request(a_request_line("MUG", 2)))).reference
    await floor.release(reference)
    await floor.pick(reference)
    await floor.pack(reference)

    await floor.cancel(reference)

    assert (await floor.order(reference)).order.parcels == ()
    assert (await hub.stock([MUG])).available[MUG, MAIN] == 10
    assert await _disagreements(others) == []


async def _until_somebody_waits(books: Books) -> None:
    waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    async with asyncio.timeout(10):
        while True:
            async with books.reading() as tx:
                if (await tx.execute(waiting)).scalar_one():
                    return
            await asyncio.sleep(0.01)


async def _disagreements(books: Books) -> list[object]:
    """Stock rows whose ledger sums up to something else, or whose orders do."""
    query = text("""
        SELECT stock.*, ledger.*, open.*
        FROM builtin_warehouse.stock
        JOIN LATERAL (
            SELECT sum(on_hand) AS a, sum(reserved) AS b, sum(picked) AS c, sum(packed) AS d
            FROM builtin_warehouse.ledger WHERE item = stock.item AND warehouse = stock.warehouse
        ) AS ledger ON true
        JOIN LATERAL (
            SELECT coalesce(sum(ordered - shipped - short), 0) AS reserved, coalesce(sum(l.picked), 0) AS picked,
                coalesce(sum(l.packed), 0) AS packed
            FROM builtin_warehouse.order_lines AS l JOIN builtin_warehouse.orders AS o USING (key)
            WHERE l.item = stock.item AND o.warehouse = stock.warehouse AND o.state <> 'cancelled'
        ) AS open ON true
        WHERE (stock.on_hand, stock.reserved, stock.picked, stock.packed) <> (ledger.a, ledger.b, ledger.c, ledger.d)
            OR (stock.reserved, stock.picked, stock.packed) <> (open.reserved, open.picked, open.packed)
    """)
    async with books.reading() as tx:
        return list((await tx.execute(query)).all())
