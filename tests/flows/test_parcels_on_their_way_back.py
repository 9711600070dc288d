"""Parcels on their way back: Shopify's are told to the warehouse, the warehouse's own to Shopify, each once."""

from datetime import timedelta

import pytest
from tests.flows.flow_bench import ACME, HAMBURG, ITEM, MUG, FlowBench
from tests.flows.test_returns import look, shipped

from crossdock.model.flow import Flow
from crossdock.model.names import OrderId, PackageId, ReturnId, ReturnKey
from crossdock.model.returning import Disposition, ReturnTracking
from crossdock.store import timeline
from crossdock.store.database import Database

OWN = PackageId("own")
FIRST = ReturnTracking(number="BACK-1", url="https://carrier.example/BACK-1")
SECOND = ReturnTracking(number="BACK-2", url="https://carrier.example/BACK-2")


@pytest.fixture
async def bench(database: Database) -> FlowBench:
    bench = FlowBench(database)
    await bench.open(10)
    await bench.link()
    return bench


async def announced(bench: FlowBench) -> tuple[OrderId, ReturnId]:
    order = await shipped(bench)
    id_ = bench.store.send_back(order, 2)
    await look(bench, order)
    return order, id_


def expected(bench: FlowBench, id_: ReturnId) -> tuple[ReturnTracking, ...]:
    """How the warehouse was told that a return travels."""
    return bench.backend.announced_parcels(ReturnKey(id_))


def known_to_shopify(bench: FlowBench, id_: ReturnId) -> list[ReturnTracking]:
    return [one.tracking for one in bench.store.returned(id_).deliveries]


async def test_a_parcel_that_is_known_before_the_return_is_announced_is_told_with_it(bench: FlowBench) -> None:
    order = await shipped(bench)
    id_ = bench.store.send_back(order, 2)
    bench.store.label(id_, FIRST)

    await look(bench, order)

    assert expected(bench, id_) == (FIRST,)
    async with bench.database.begin() as tx:
        (told,) = [one.sentence for one in await timeline.read(tx, ACME, order) if one.kind == "announced"]
    assert told.endswith("2 units, in parcel BACK-1.")


async def test_a_label_that_is_sent_later_reaches_the_warehouse_once(bench: FlowBench) -> None:
    order, id_ = await announced(bench)
    bench.store.label(id_, FIRST)

    for _ in range(3):
        await look(bench, order)

    assert expected(bench, id_) == (FIRST,)
    story = await bench.story(order)
    assert [story.count(kind) for kind in ("announced", "return_on_its_way")] == [1, 1]


async def test_tracking_that_is_corrected_in_shopify_is_corrected_at_the_warehouse(bench: FlowBench) -> None:
    order, id_ = await announced(bench)
    parcel = bench.store.label(id_, FIRST)
    await look(bench, order)

    await bench.store.track_reverse_delivery(parcel, SECOND)
    await look(bench, order)

    assert expected(bench, id_) == (SECOND,)


@pytest.mark.parametrize("lost", [None, "lose_next_answer", "lose_next_question"])
async def test_a_parcel_that_the_warehouse_sent_a_label_for_is_told_to_shopify_once(
    bench: FlowBench, lost: str | None
) -> None:
    order, id_ = await announced(bench)
    await bench.backend.track_return(id_, OWN, FIRST)
    if lost is not None:
        getattr(bench.store, lost)("create_reverse_delivery")

    await look(bench, order)
    await bench.pass_time(bench.ahead + timedelta(minutes=1))
    await look(bench, order)

    assert known_to_shopify(bench, id_) == [FIRST]
    assert expected(bench, id_) == ()


async def test_a_number_that_the_warehouse_corrects_is_corrected_in_shopify(bench: FlowBench) -> None:
    order, id_ = await announced(bench)
    await bench.backend.track_return(id_, OWN, FIRST)
    await look(bench, order)

    await bench.backend.track_return(id_, OWN, SECOND)
    await look(bench, order)

    assert known_to_shopify(bench, id_) == [SECOND]
    assert expected(bench, id_) == ()


async def test_a_parcel_without_a_number_gets_that_of_the_warehouse(bench: FlowBench) -> None:
    order, id_ = await announced(bench)
    label = ReturnTracking(label="https://label.example/1.pdf")
    bench.store.label(id_, label)
    await bench.backend.track_return(id_, OWN, FIRST)

    await look(bench, order)

    assert known_to_shopify(bench, id_) == [ReturnTracking(number=FIRST.number, url=FIRST.url, label=label.label)]


async def test_no_parcel_is_made_beside_one_that_somebody_told_of(bench: FlowBench) -> None:
    order, id_ = await announced(bench)
    bench.store.label(id_, FIRST)
    await bench.backend.track_return(id_, OWN, SECOND)

    await look(bench, order)

    assert known_to_shopify(bench, id_) == [FIRST]


async def test_what_a_person_takes_away_in_shopify_is_not_told_again(bench: FlowBench) -> None:
    order, id_ = await announced(bench)
    await bench.backend.track_return(id_, OWN, FIRST)
    await look(bench, order)

    bench.store.unlabel(id_)
    await look(bench, order)

    assert known_to_shopify(bench, id_) == []


async def test_of_what_is_back_no_parcel_is_told(bench: FlowBench) -> None:
    order, id_ = await announced(bench)
    await bench.backend.receive_return(id_, {ITEM: 2}, Disposition.SCRAP)
    await look(bench, order)
    await bench.backend.track_return(id_, OWN, FIRST)

    await look(bench, order)

    assert known_to_shopify(bench, id_) == []


@pytest.mark.parametrize("part", ["return", "reverse fulfillment order"])
async def test_news_of_a_part_of_a_return_finds_its_order(bench: FlowBench, part: str) -> None:
    order, id_ = await announced(bench)
    await look(bench, order)
    bench.store.label(id_, FIRST)

    way = bench.store.returned(id_).reverse_lines[0].order
    await bench.look(Flow.RETURNS, id_ if part == "return" else way)
    await bench.drain(Flow.RETURNS)

    assert expected(bench, id_) == (FIRST,)
    assert bench.store.available(MUG, HAMBURG) == 8
