"""What Shopify is told of is written down before it is told, and stays as it was tried."""

from crossdock.model.names import ConnectionId, FulfillmentId, OrderId, PackageId, RequestKey
from crossdock.store import packages
from crossdock.store.database import Database
from crossdock.store.packages import Told
from crossdock.testing.builders import a_package

ACME, OTHER = ConnectionId("acme"), ConnectionId("other")
ORDER, KEY = OrderId("gid://shopify/Order/1"), RequestKey("gid://shopify/FulfillmentOrder/1")
FULFILLMENT = FulfillmentId("gid://shopify/Fulfillment/7")


async def test_a_package_that_is_about_to_be_told_has_no_fulfillment_yet(database: Database) -> None:
    async with database.begin() as tx:
        await packages.tried(tx, ACME, ORDER, KEY, a_package("P-1", ("line", 2), tracking_number=None))

    async with database.begin() as tx:
        assert await packages.of_orders(tx, ACME, [ORDER]) == {ORDER: [Told(PackageId("P-1"), None, None)]}
        assert await packages.of_orders(tx, OTHER, [ORDER]) == {}


async def test_a_second_try_goes_by_the_number_that_it_goes_out_with_itself(database: Database) -> None:
    async with database.begin() as tx:
        await packages.tried(tx, ACME, ORDER, KEY, a_package("P-1", ("line", 2), tracking_number="T-1"))
        await packages.tried(tx, ACME, ORDER, KEY, a_package("P-1", ("line", 2), tracking_number="T-2"))

    async with database.begin() as tx:
        assert await packages.of_orders(tx, ACME, [ORDER]) == {ORDER: [Told(PackageId("P-1"), "T-2", None)]}


async def test_what_was_tried_and_is_found_keeps_the_number_that_it_went_out_with(database: Database) -> None:
    async with database.begin() as tx:
        await packages.tried(tx, ACME, ORDER, KEY, a_package("P-1", ("line", 2), tracking_number="T-1"))
        await packages.found(tx, ACME, ORDER, KEY, a_package("P-1", ("line", 2), tracking_number="T-2"))

    async with database.begin() as tx:
        assert await packages.of_orders(tx, ACME, [ORDER]) == {ORDER: [Told(PackageId("P-1"), "T-1", None)]}


async def test_a_told_package_names_its_fulfillment(database: Database) -> None:
    async with database.begin() as tx:
        await packages.tried(tx, ACME, ORDER, KEY, a_package("P-1", ("line", 2), tracking_number="T-1"))
        await packages.told(tx, ACME, PackageId("P-1"), FULFILLMENT, adopted=True)

    async with database.begin() as tx:
        assert await packages.of_orders(tx, ACME, [ORDER]) == {ORDER: [Told(PackageId("P-1"), "T-1", FULFILLMENT)]}
