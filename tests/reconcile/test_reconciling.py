"""Once a day both sides are compared; what differs is looked at again, and what is left is told with its cause."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from cryptography.fernet import Fernet
from tests.flows.flow_bench import ACME, HAMBURG, ITEM, MUG, FlowBench

from crossdock.edge.reconcile.reconcile import Reconciled, look_back, reconcile, survey
from crossdock.edge.sweep.storefront import LAG, sweep_orders
from crossdock.flows.inventory.flow import InventoryFlow
from crossdock.kit.errors import Refused
from crossdock.kit.sealing import Sealer
from crossdock.model.cause import CATALOGUE, Cause
from crossdock.model.flow import Flow
from crossdock.model.names import OrderId, RequestKey
from crossdock.pending.sources import Sources
from crossdock.store import connections, reconciliations, stores, watermarks
from crossdock.store.reconciliations import Compared, Open
from crossdock.store.stores import Credentials
from crossdock.testing.builders import MAIN
from crossdock.testing.floor import Parcel


def sources(bench: FlowBench) -> Sources:
    return Sources(bench.database, bench.store, bench.backend, bench.connection)


async def sweep(bench: FlowBench) -> None:
    await sweep_orders(bench.database, bench.store, bench.connection)
    await bench.hear()


async def reconciled(bench: FlowBench) -> Reconciled:
    return await reconcile(sources(bench), InventoryFlow(sources(bench)).plan, lambda: sweep(bench))


async def looked_back(bench: FlowBench) -> Sequence[Open]:
    await look_back(sources(bench), InventoryFlow(sources(bench)).plan)
    return await unsettled(bench)


async def unsettled(bench: FlowBench) -> Sequence[Open]:
    async with bench.database.begin() as tx:
        return await reconciliations.unsettled(tx, ACME)


async def come_to_rest(bench: FlowBench) -> None:
    for _ in range(2):
        await sweep(bench)
        await bench.settle()


async def an_order_at_the_warehouse(bench: FlowBench) -> OrderId:
    order = bench.store.buy(HAMBURG, (MUG, 2))
    bench.store.touch(order, bench.store.now() - timedelta(minutes=1))
    await come_to_rest(bench)
    return order


async def let_the_backend_forget_to_tell(bench: FlowBench) -> None:
    """What happened there since the last sweep is passed over, as by a backend whose news have a gap."""
    async with bench.database.begin() as tx:
        bookmark = await watermarks.read(tx, ACME, watermarks.BACKEND)
    changes = await bench.backend.changes(bookmark.cursor)
    async with bench.database.begin() as tx:
        await watermarks.advance(tx, ACME, watermarks.BACKEND, complete_to=None, cursor=changes.cursor)


async def ship(bench: FlowBench, order: OrderId) -> None:
    fo = bench.store.order(order).fulfillment_orders[0]
    await bench.backend.ship(RequestKey(fo.id), [Parcel({fo.lines[0].id: 2}, "DHL", "JD1")])


async def test_when_both_sides_agree_the_proof_says_what_was_compared(bench: FlowBench) -> None:
    order = await an_order_at_the_warehouse(bench)
    await ship(bench, order)
    await come_to_rest(bench)

    done = await reconciled(bench)

    assert done.differences == []
    assert done.compared == Compared(orders=1, packages=1, items=1)
    async with bench.database.begin() as tx:
        kept = (await reconciliations.latest(tx))[ACME]
    assert (kept.compared, kept.differences, kept.began_at) == (done.compared, 0, done.began_at)


async def test_an_order_that_shopifys_search_showed_far_too_late_is_found_and_submitted(bench: FlowBench) -> None:
    await sweep(bench)
    order = bench.store.buy(HAMBURG, (MUG, 2))
    bench.store.touch(order, bench.store.now() - 2 * LAG)
    await sweep(bench)
    missed = await bench.pending(Flow.ORDERS)

    (one,) = (await reconciled(bench)).differences
    await bench.settle()

    assert missed == set()
    assert (one.flow, one.key) == (Flow.ORDERS, order)
    assert "the hub has never looked at it" in one.sentence
    assert "accepted" in await bench.story(order)
    assert await looked_back(bench) == []


async def test_a_package_that_the_backend_never_mentioned_is_found_and_told(bench: FlowBench) -> None:
    order = await an_order_at_the_warehouse(bench)
    await ship(bench, order)
    await let_the_backend_forget_to_tell(bench)
    await come_to_rest(bench)
    missed = bench.store.order(order).fulfillments

    done = await reconciled(bench)
    await bench.settle()

    assert missed == ()
    assert (Flow.FULFILLMENTS, order) in {one.object for one in done.differences}
    assert len(bench.store.order(order).fulfillments) == 1
    assert await looked_back(bench) == []


async def test_stock_that_moved_in_silence_is_found_and_published(bench: FlowBench) -> None:
    await come_to_rest(bench)
    await bench.backend.receive(ITEM, MAIN, 5)
    await let_the_backend_forget_to_tell(bench)
    await come_to_rest(bench)
    missed = bench.store.available(MUG, HAMBURG)

    done = await reconciled(bench)
    await bench.settle()

    assert missed == 10
    assert [one.object for one in done.differences] == [(Flow.INVENTORY, MUG.inventory_item)]
    assert bench.store.available(MUG, HAMBURG) == 15
    assert await looked_back(bench) == []


async def test_a_hand_edit_of_which_no_webhook_told_is_found_and_dealt_with_by_rule(bench: FlowBench) -> None:
    await come_to_rest(bench)
    bench.store.add_variant(MUG, {HAMBURG: 7})
    await come_to_rest(bench)
    missed = bench.store.available(MUG, HAMBURG)

    (one,) = (await reconciled(bench)).differences
    await bench.settle()

    assert missed == 7
    assert one.sentence == "location 1: Shopify has 7 for sale, 10 expected."
    assert bench.store.available(MUG, HAMBURG) == 10
    assert await looked_back(bench) == []


async def test_sales_that_no_look_has_taken_into_account_yet_are_expected(bench: FlowBench) -> None:
    await an_order_at_the_warehouse(bench)
    await bench.pass_time(timedelta(minutes=5))
    bench.store.buy(HAMBURG, (MUG, 1))
    await sweep_orders(bench.database, bench.store, bench.connection)
    await bench.drain(Flow.ORDERS)  # it sells, and tells the level; the stock is not looked at

    assert bench.store.available(MUG, HAMBURG) == 7
    assert (await reconciled(bench)).differences == []


async def test_what_is_only_on_its_way_is_no_difference(bench: FlowBench) -> None:
    await come_to_rest(bench)
    bench.store.buy(HAMBURG, (MUG, 1))
    await bench.backend.receive(ITEM, MAIN, 5)

    done = await reconciled(bench)

    assert done.differences == []
    assert await bench.pending(Flow.INVENTORY) == {MUG.inventory_item}  # by the sweep that came in between


async def test_what_came_to_rest_between_both_readings_is_no_difference(bench: FlowBench) -> None:
    await come_to_rest(bench)
    bench.store.buy(HAMBURG, (MUG, 1))

    async def a_worker_is_quick() -> None:
        await come_to_rest(bench)

    done = await reconcile(sources(bench), InventoryFlow(sources(bench)).plan, a_worker_is_quick)

    assert done.differences == []


async def test_what_outlives_the_look_is_told_with_what_a_person_can_do(bench: FlowBench) -> None:
    order = await an_order_at_the_warehouse(bench)
    await ship(bench, order)
    await come_to_rest(bench)
    told = bench.store.order(order)
    (fulfillment,) = told.fulfillments
    bench.store.put(replace(told, fulfillments=(replace(fulfillment, status="CANCELLED"),)))
    await come_to_rest(bench)

    await reconciled(bench)
    at_first = await unsettled(bench)
    await bench.settle()
    (left,) = [one for one in await looked_back(bench) if one.difference.flow is Flow.FULFILLMENTS]

    assert {one.cause for one in at_first} == {None}
    assert "was cancelled; its package" in left.difference.sentence
    assert left.cause == f"The hub looked again and found nothing to do. {left.difference.remedy}"


async def test_a_hold_is_the_cause_until_it_is_settled(bench: FlowBench) -> None:
    order = await an_order_at_the_warehouse(bench)
    await ship(bench, order)
    await let_the_backend_forget_to_tell(bench)
    await come_to_rest(bench)
    await reconciled(bench)

    bench.store.refuse_next("create_fulfillment", Refused("Shopify: the order is being edited."))
    await bench.drain(Flow.FULFILLMENTS)
    held = await looked_back(bench)
    await bench.look(Flow.FULFILLMENTS, order)
    await bench.settle()

    remedy = CATALOGUE[Cause.SHOPIFY_REFUSED].remedy
    assert [one.cause for one in held if one.difference.flow is Flow.FULFILLMENTS] == [
        f"Shopify: the order is being edited. {remedy}"
    ]
    assert await looked_back(bench) == []


async def test_a_survey_changes_nothing(bench: FlowBench) -> None:
    await come_to_rest(bench)
    await bench.backend.receive(ITEM, MAIN, 5)
    await let_the_backend_forget_to_tell(bench)

    async def nothing() -> None:
        pass

    done = await survey(sources(bench), InventoryFlow(sources(bench)).plan, nothing)

    assert [one.object for one in done.differences] == [(Flow.INVENTORY, MUG.inventory_item)]
    assert await unsettled(bench) == []
    assert await bench.pending(Flow.INVENTORY) == set()


async def test_it_is_due_once_a_day_and_for_the_first_time_a_day_after_connecting(bench: FlowBench) -> None:
    every = timedelta(hours=23, minutes=30)

    async def due() -> bool:
        async with bench.database.begin() as tx:
            return ACME in await reconciliations.due(tx, every)

    async with bench.database.begin() as tx:
        sealer = Sealer(Fernet.generate_key().decode())
        await stores.add(tx, bench.connection.store, Credentials("token", ("secret",)), sealer, api_version="2026-07")
        await connections.add(tx, bench.connection, "{}", sealer)
    found = [await due()]
    await bench.pass_time(every)
    found.append(await due())
    await reconciled(bench)
    found.append(await due())
    await bench.pass_time(2 * every)
    found.append(await due())

    assert found == [False, True, False, True]
