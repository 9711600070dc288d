"""An order's time line is read in the order in which it was told."""

from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, OrderId
from crossdock.store import timeline
from crossdock.store.database import Database

ACME = ConnectionId("acme")
ORDER, OTHER = OrderId("gid://shopify/Order/1"), OrderId("gid://shopify/Order/2")


async def test_a_time_line_holds_what_was_told_of_this_order_only_oldest_first(database: Database) -> None:
    async with database.begin() as tx:
        await timeline.tell(tx, ACME, ORDER, Flow.ORDERS, "sent", "Sent to EAST.")
        await timeline.tell_many(
            tx,
            [
                timeline.Event(ACME, ORDER, Flow.FULFILLMENTS, "shipped", "Package P1 left."),
                timeline.Event(ACME, OTHER, Flow.ORDERS, "sent", "Sent to NORTH."),
                timeline.Event(ACME, ORDER, Flow.FULFILLMENTS, "told", "Shopify knows package P1."),
            ],
        )
        await timeline.tell_many(tx, [])

    async with database.begin() as tx:
        told = await timeline.read(tx, ACME, ORDER)

    assert [(event.flow, event.kind, event.sentence) for event in told] == [
        (Flow.ORDERS, "sent", "Sent to EAST."),
        (Flow.FULFILLMENTS, "shipped", "Package P1 left."),
        (Flow.FULFILLMENTS, "told", "Shopify knows package P1."),
    ]
    assert all(event.at.tzinfo for event in told)
