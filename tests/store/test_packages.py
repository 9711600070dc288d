"""What Shopify is told of is written down before it is told, and stays as it was tried."""

from crossdock.model.names import ConnectionId, FulfillmentId, OrderId, PackageId, RequestKey
from crossdock.model.request import DeliveryEvent, DeliveryStatus, Tracking
from crossdock.model.telling import Told, ToldEvent
from crossdock.store import packages
from crossdock.store.database import Database
from crossdock.testing.builders import NOON, a_package

ACME, OTHER = ConnectionId("acme"), ConnectionId("other")
ORDER, KEY = OrderId("gid://shopify/Order/1"), RequestKey("gid://shopify/FulfillmentOrder/1")
FULFILLMENT = FulfillmentId("gid://shopify/Fulfillment/7")


async def test_a_package_that_is_about_to_be_told_has_no_fulfillment_yet(database: Database) -> None:
    async with database.begin() as tx:
        await packages.tried(tx, ACME, ORDER, KEY, a_package("P-1", ("line", 2), tracking_number=None))

    async with database.begin() as tx:
        assert await packages.of_orders(tx, ACME, [ORDER]) == {
            ORDER: [Told(PackageId("P-1"), Tracking("DHL"), None, settled=False)]
        }
        assert await packages.of_orders(tx, OTHER, [ORDER]) == {}


async def test_a_second_try_goes_by_the_number_that_it_goes_out_with_itself(database: Database) -> None:
    async with database.begin() as tx:
        await packages.tried(tx, ACME, ORDER, KEY, a_package("P-1", ("line", 2), tracking_number="T-1"))
        await packages.tried(tx, ACME, ORDER, KEY, a_package("P-1", ("line", 2), tracking_number="T-2"))

    async with database.begin() as tx:
        assert await packages.of_orders(tx, ACME, [ORDER]) == {
            ORDER: [Told(PackageId("P-1"), Tracking("DHL", "T-2"), None, settled=False)]
        }


async def test_what_was_tried_and_is_found_keeps_the_number_that_it_went_out_with(database: Database) -> None:
    async with database.begin() as tx:
        await packages.tried(tx, ACME, ORDER, KEY, a_package("P-1", ("line", 2), tracking_number="T-1"))
        await packages.found(tx, ACME, ORDER, KEY, a_package("P-1", ("line", 2), tracking_number="T-2"))

    async with database.begin() as tx:
        assert await packages.of_orders(tx, ACME, [ORDER]) == {
            ORDER: [Told(PackageId("P-1"), Tracking("DHL", "T-1"), None, settled=False)]
        }


async def test_a_told_package_names_its_fulfillment(database: Database) -> None:
    async with database.begin() as tx:
        await packages.tried(tx, ACME, ORDER, KEY, a_package("P-1", ("line", 2), tracking_number="T-1"))
        await packages.told(tx, ACME, PackageId("P-1"), FULFILLMENT, adopted=True)

    async with database.begin() as tx:
        assert await packages.of_orders(tx, ACME, [ORDER]) == {
            ORDER: [Told(PackageId("P-1"), Tracking("DHL", "T-1"), FULFILLMENT)]
        }


async def test_a_correction_is_unsettled_until_shopify_is_known_to_have_it(database: Database) -> None:
    async with database.begin() as tx:
        await packages.tried(tx, ACME, ORDER, KEY, a_package("P-1", ("line", 2), tracking_number="T-1"))
        await packages.told(tx, ACME, PackageId("P-1"), FULFILLMENT, adopted=False)

    async with database.begin() as tx:
        await packages.correcting(tx, ACME, a_package("P-1", ("line", 2), tracking_number="T-2"))
        trying = await packages.of_orders(tx, ACME, [ORDER])
    async with database.begin() as tx:
        await packages.corrected(tx, ACME, PackageId("P-1"))
        done = await packages.of_orders(tx, ACME, [ORDER])

    tracking = Tracking("DHL", "T-2")
    assert trying == {ORDER: [Told(PackageId("P-1"), tracking, FULFILLMENT, settled=False)]}
    assert done == {ORDER: [Told(PackageId("P-1"), tracking, FULFILLMENT)]}


async def test_an_event_is_written_down_before_it_is_told_and_once(database: Database) -> None:
    package, arrived = a_package("P-1", ("line", 2)), DeliveryEvent(DeliveryStatus.DELIVERED, NOON)
    async with database.begin() as tx:
        await packages.tried(tx, ACME, ORDER, KEY, package)
        await packages.reporting(tx, ACME, package.id, arrived)
        await packages.reporting(tx, ACME, package.id, arrived)
        trying = await packages.of_orders(tx, ACME, [ORDER])
        await packages.reported(tx, ACME, package.id, arrived)
        done = await packages.of_orders(tx, ACME, [ORDER])

    assert trying[ORDER][0].events == (ToldEvent(arrived, told=False),)
    assert done[ORDER][0].events == (ToldEvent(arrived, told=True),)


async def test_a_package_that_was_taken_back_is_done_with_once_shopify_knows(database: Database) -> None:
    async with database.begin() as tx:
        await packages.tried(tx, ACME, ORDER, KEY, a_package("P-1", ("line", 2)))
        await packages.told(tx, ACME, PackageId("P-1"), FULFILLMENT, adopted=False)
        await packages.taken_back(tx, ACME, [PackageId("P-1")])
        before = await packages.of_orders(tx, ACME, [ORDER])
        await packages.cancelled(tx, ACME, PackageId("P-1"))
        after = await packages.of_orders(tx, ACME, [ORDER])

    assert [one.cancelled for one in (before[ORDER][0], after[ORDER][0])] == [False, True]
