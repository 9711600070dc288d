"""Kits in the built-in warehouse: no stock of their own, and every movement of one is its components'."""

from collections.abc import Mapping

import pytest

from crossdock.backends.builtin import WarehouseFloor
from crossdock.backends.builtin.kits import Kit
from crossdock.backends.builtin.stock import Stock
from crossdock.kit.errors import UsageError
from crossdock.model.names import ItemCode, Units, WarehouseCode
from crossdock.ports.backend import Backend, Warehouse
from crossdock.testing.builders import MAIN, a_request, a_request_line, an_item

MUG, LAMP, SET = ItemCode("MUG"), ItemCode("LAMP"), ItemCode("SET")
SECOND = WarehouseCode("SECOND")


@pytest.fixture
async def floor(warehouse_floor: WarehouseFloor) -> WarehouseFloor:
    """Ten mugs and four lamps; a set is two mugs and a lamp."""
    await warehouse_floor.add_warehouse(Warehouse(MAIN, "Main"))
    await warehouse_floor.add_warehouse(Warehouse(SECOND, "Second"))
    await warehouse_floor.add_items(*(an_item(code) for code in (MUG, LAMP, SET)))
    await warehouse_floor.receive_all({(MUG, MAIN): Units(10), (LAMP, MAIN): Units(4)})
    await warehouse_floor.put_kit(SET, {MUG: 2, LAMP: 1})
    return warehouse_floor


async def available(backend: Backend) -> Mapping[tuple[ItemCode, WarehouseCode], int]:
    return (await backend.stock([MUG, LAMP, SET])).available


async def held(floor: WarehouseFloor, item: ItemCode) -> Stock:
    (stock,) = await floor.stock(item)
    return stock


async def test_a_kit_is_there_as_often_as_it_could_be_assembled(builtin: Backend, floor: WarehouseFloor) -> None:
    await floor.receive(MUG, SECOND, Units(3))

    assert await available(builtin) == {
        (MUG, MAIN): 10,
        (LAMP, MAIN): 4,
        (SET, MAIN): 4,
        (MUG, SECOND): 3,
        (SET, SECOND): 0,
    }
    assert await floor.kits() == [Kit(SET, {MUG: 2, LAMP: 1}, {MAIN: 4, SECOND: 0})]


async def test_an_order_for_kits_reserves_their_components(builtin: Backend, floor: WarehouseFloor) -> None:
    await builtin.submit(a_request(a_request_line(SET, 2), a_request_line(MUG, 5)))

    assert await available(builtin) == {(MUG, MAIN): 1, (LAMP, MAIN): 2, (SET, MAIN): 0}


async def test_kits_that_are_owed_are_less_than_none(builtin: Backend, floor: WarehouseFloor) -> None:
    await builtin.submit(a_request(a_request_line(SET, 7)))

    assert await available(builtin) == {(MUG, MAIN): -4, (LAMP, MAIN): -3, (SET, MAIN): -3}


async def test_a_kit_walks_to_the_truck_and_its_components_leave_the_shelf(
    builtin: Backend, floor: WarehouseFloor
) -> None:
    order = (await builtin.submit(a_request(a_request_line(SET, 2, reference="line")))).reference
    await floor.release(order)
    await floor.pick(order)
    picked = await held(floor, MUG)
    await floor.pack(order, [{SET: 1}, {SET: 1}])
    await floor.ship(order)

    (work,) = (await builtin.work_orders([(await floor.order(order)).order.key])).values()
    assert picked == Stock(MUG, MAIN, on_hand=10, reserved=4, picked=4)
    assert [package.contents for package in work.packages] == [(("line", 1),), (("line", 1),)]
    assert await held(floor, MUG) == Stock(MUG, MAIN, on_hand=6)
    assert await held(floor, LAMP) == Stock(LAMP, MAIN, on_hand=2)
    assert await floor.stock(SET) == []


async def test_a_kit_is_not_picked_while_one_of_its_components_is_missing(
    builtin: Backend, floor: WarehouseFloor
) -> None:
    order = (await builtin.submit(a_request(a_request_line(SET, 5)))).reference
    await floor.release(order)

    with pytest.raises(UsageError, match="5 LAMP cannot be picked at MAIN, 4 are on the shelf"):
        await floor.pick(order)
    await floor.pick(order, {SET: 4})
    await floor.short_ship(order)
    await floor.cancel(order)

    assert await held(floor, LAMP) == Stock(LAMP, MAIN, on_hand=4)
    assert await held(floor, MUG) == Stock(MUG, MAIN, on_hand=10)


async def test_an_order_keeps_what_its_kits_were_made_of(builtin: Backend, floor: WarehouseFloor) -> None:
    order = (await builtin.submit(a_request(a_request_line(SET, 1)))).reference

    await floor.put_kit(SET, {MUG: 1})
    await floor.cancel(order)
    await builtin.submit(a_request(a_request_line(SET, 1)))

    assert await available(builtin) == {(MUG, MAIN): 9, (LAMP, MAIN): 4, (SET, MAIN): 9}


async def test_what_changes_of_a_component_changes_the_kit(builtin: Backend, floor: WarehouseFloor) -> None:
    cursor = (await builtin.changes(None)).cursor

    await floor.receive(LAMP, MAIN, Units(1))
    stocked = await builtin.changes(cursor)
    await floor.put_kit(SET, {MUG: 2, LAMP: 1})
    unchanged = await builtin.changes(stocked.cursor)
    await floor.put_kit(SET, {MUG: 3})
    changed = await builtin.changes(unchanged.cursor)

    assert stocked.items == (LAMP, SET)
    assert unchanged.items == ()
    assert changed.items == (SET,)


async def test_an_item_that_is_a_kit_no_longer_has_stock_of_its_own(builtin: Backend, floor: WarehouseFloor) -> None:
    await floor.put_kit(SET, {})

    await floor.receive(SET, MAIN, Units(2))

    assert await available(builtin) == {(MUG, MAIN): 10, (LAMP, MAIN): 4, (SET, MAIN): 2}


async def test_a_kit_has_no_stock_that_could_be_moved(floor: WarehouseFloor) -> None:
    with pytest.raises(UsageError, match=r"SET is a kit and has no stock\. Move its components: "):
        await floor.receive(SET, MAIN, Units(1))
    with pytest.raises(UsageError, match="SET is a kit"):
        await floor.count(SET, MAIN, Units(0))
    with pytest.raises(UsageError, match="SET is a kit"):
        await floor.transfer(SET, MAIN, SECOND, Units(1))


async def test_kits_that_cannot_be_are_refused(builtin: Backend, floor: WarehouseFloor) -> None:
    await floor.add_items(an_item("BOX"), an_item("PEN"))
    await floor.receive(ItemCode("BOX"), MAIN, Units(1))

    for kit, components, said in (
        ("PEN", {SET: 1}, "PEN cannot hold SET, which is a kit"),
        ("PEN", {"PEN": 1}, "PEN cannot hold PEN, which is a kit"),
        ("PEN", {MUG: 0}, "PEN cannot hold 0 of MUG"),
        ("MUG", {LAMP: 1}, "MUG cannot be a kit: it is a component of SET"),
        ("BOX", {LAMP: 1}, "BOX cannot be a kit: there is stock of it"),
        ("PEN", {"GHOST": 1}, "no item GHOST"),
    ):
        with pytest.raises(UsageError, match=said):
            await floor.put_kit(ItemCode(kit), {ItemCode(code): units for code, units in components.items()})
