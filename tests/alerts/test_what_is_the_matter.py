"""What an alert tells of, read from a database in which it really is so."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text
from tests.alerts.alert_bench import ACME, SHOP, Bench, by_webhook
from tests.alerts.receivers import Receiver

from crossdock.model.alert import Topic
from crossdock.model.cause import Cause, Hold
from crossdock.model.flow import Flow
from crossdock.model.outage import Party
from crossdock.store import holds, stores, watermarks


@pytest.fixture(autouse=True)
async def _a_way_out(bench: Bench, receiver: Receiver) -> None:
    await bench.channel(by_webhook(receiver))


async def test_holds_are_told_by_cause_from_the_number_that_the_alert_says(bench: Bench) -> None:
    await bench.alert(least=2)
    await bench.hold(3, Cause.ITEM_MISSING)
    await bench.hold(1, Cause.FIELD_MISSING)
    await bench.hold(2, Cause.LOCATION_UNMAPPED)

    lines = await bench.tick()

    assert [line.split(". ")[0] for line in lines] == [
        "acme.myshopify.com: 3 objects held",
        "acme.myshopify.com: 2 objects held",
    ]
    assert await bench.tick() == []


async def test_an_alert_for_one_cause_says_nothing_of_the_others(bench: Bench) -> None:
    await bench.alert(causes=frozenset({Cause.FIELD_MISSING}))
    await bench.hold(3, Cause.ITEM_MISSING)

    assert await bench.tick() == []


async def test_worse_and_over_are_told_as_that(bench: Bench) -> None:
    await bench.alert()
    await bench.hold(2)
    await bench.tick()
    await bench.hold(4)

    [worse] = await bench.tick()
    await bench.hold(0)
    await bench.tick()
    await bench.pass_time(timedelta(minutes=6))
    [over] = await bench.tick()

    assert worse.startswith("acme.myshopify.com: worse than told before: 4 objects held.")
    assert over.startswith("acme.myshopify.com: over, holds: No item has this SKU or barcode (since ")


async def test_a_flow_that_is_behind_is_told_in_minutes(bench: Bench) -> None:
    await bench.alert(Topic.LATE, least=15)
    async with bench.database.begin() as tx:
        now = await watermarks.now(tx)
        for stream in (watermarks.ORDERS, watermarks.VARIANTS, watermarks.BACKEND):
            behind = timedelta(minutes=17 if stream == watermarks.VARIANTS else 3)
            await watermarks.advance(tx, ACME, stream, complete_to=now - behind)

    [line] = await bench.tick()

    assert line.startswith("acme.myshopify.com: the flow catalog is 17 minutes behind.")


async def test_a_flow_that_was_never_checked_is_behind_since_its_connection_was_made(bench: Bench) -> None:
    await bench.alert(Topic.LATE)
    assert await bench.tick() == []

    await bench.pass_time(timedelta(minutes=15, seconds=30))

    assert len(await bench.tick()) == len(Flow)


async def test_a_share_needs_some_orders_and_counts_those_of_the_last_hour(bench: Bench) -> None:
    await bench.alert(Topic.SHARE)
    held = [await bench.order(number) for number in (1001, 1002)]
    held.append(await bench.order(999, ago=timedelta(hours=2)))
    async with bench.database.begin() as tx:
        await holds.hold(tx, ACME, Flow.ORDERS, {one: Hold(Cause.ITEM_MISSING, "No item.") for one in held})
    assert await bench.tick() == []
    for number in (1003, 1004, 1005):
        await bench.order(number)

    [line] = await bench.tick()

    assert line.startswith("acme.myshopify.com: 40 % of the last hour's orders are held.")


async def test_outages_and_pauses_are_told_without_what_the_other_side_said(bench: Bench) -> None:
    await bench.alert(Topic.OUTAGE)
    async with bench.database.begin() as tx:
        outage = {"party": Party("The backend of acme"), "said": "secret of a stack trace"}
        await tx.execute(
            text("INSERT INTO outages VALUES (:party, hub_now() - interval '4 minutes', 9, hub_now(), :said)"), outage
        )
        await stores.pause(tx, SHOP, "secret of Shopify's")
    assert await bench.tick() == []

    await bench.pass_time(timedelta(minutes=6))
    backend, pause = await bench.tick()

    assert backend.startswith("acme.myshopify.com: The backend of acme does not answer for 10 minutes.")
    assert pause.startswith("acme.myshopify.com: the store is paused for 6 minutes.")
    assert "secret" not in backend + pause


async def test_looks_that_fail_again_and_again_are_told_by_flow(bench: Bench) -> None:
    await bench.alert(Topic.FAILING)
    async with bench.database.begin() as tx:
        for key, attempts in (("a", 2), ("b", 3), ("c", 9)):
            await tx.execute(
                text(
                    "INSERT INTO pending (connection, flow, key, reason, due_at, first_due_at, attempts) "
                    "VALUES ('acme', 'orders', :key, 'x', hub_now(), hub_now(), :attempts)"
                ),
                {"key": key, "attempts": attempts},
            )

    [line] = await bench.tick()

    assert line.startswith("acme.myshopify.com: 2 objects of the flow orders failed again and again.")


async def test_each_new_order_is_told_once_and_not_those_from_before(bench: Bench) -> None:
    await bench.order(999)
    await bench.alert(Topic.ORDER)
    await bench.order(1001, total="39.80 EUR")

    first = await bench.tick()
    await bench.order(1001, total="39.80 EUR")
    again = await bench.tick()

    assert first == ["acme.myshopify.com: new order #1001, 2 units, 39.80 EUR."]
    assert again == []
    assert (await bench.messages())[0].message.link == "https://hub.example/orders/acme/1001"


async def test_new_orders_are_narrowed_by_tag_and_amount_and_a_late_tag_counts(bench: Bench) -> None:
    await bench.alert(Topic.ORDER, tag="VIP", amount=Decimal(100))
    await bench.order(1001, total="250.00 EUR")
    await bench.order(1002, total="99.99 EUR", tags=("vip",))
    await bench.order(1003, total="100.00 EUR", tags=("gift", "vip"))

    assert await bench.tick() == ["acme.myshopify.com: new order #1003, 2 units, 100.00 EUR."]
    await bench.order(1001, total="250.00 EUR", tags=("VIP",))
    assert await bench.tick() == ["acme.myshopify.com: new order #1001, 2 units, 250.00 EUR."]


async def test_many_new_orders_are_one_message_that_names_some(bench: Bench) -> None:
    await bench.alert(Topic.ORDER)
    for number in range(1001, 1026):
        await bench.order(number)

    lines = await bench.tick()

    assert (len(lines), lines[-1]) == (21, "And 5 more.")


async def test_in_quiet_hours_nothing_is_sent_and_at_their_end_what_there_is(bench: Bench) -> None:
    await bench.be_at(23)
    await bench.alert(quiet="22:00-07:00 UTC")
    await bench.alert(name="Urgent", quiet="22:00-07:00 UTC", urgent=True)
    await bench.alert(Topic.ORDER, name="Orders", quiet="22:00-07:00 UTC")
    await bench.order(1001)
    await bench.hold(2)

    at_night = await bench.tick()
    await bench.be_at(8)
    in_the_morning = await bench.tick()

    assert [line.split(". ")[0] for line in at_night] == ["acme.myshopify.com: 2 objects held"]
    assert [one.alert for one in await bench.messages()] == ["Orders", "Night watch", "Urgent"]
    assert len(in_the_morning) == 2


async def test_what_was_sent_is_forgotten_after_a_season(bench: Bench) -> None:
    await bench.alert()
    await bench.hold(1)
    await bench.tick()

    await bench.pass_time(timedelta(days=91))
    await bench.tick()

    assert await bench.messages() == []
