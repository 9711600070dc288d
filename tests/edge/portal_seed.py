"""A morning's worth of orders, written through the modules that own the tables."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from crossdock.kit.sealing import Sealer, new_key
from crossdock.model.alert import Group, Interest, Topic
from crossdock.model.alert_course import Notice, Turn
from crossdock.model.alert_text import about_troubles
from crossdock.model.cause import Cause, Hold
from crossdock.model.channel import Slack
from crossdock.model.flow import Flow
from crossdock.model.names import (
    ConnectionId,
    FulfillmentId,
    FulfillmentOrderLineId,
    InventoryItemId,
    ItemCode,
    LocationId,
    OrderId,
    PackageId,
    RequestKey,
    ShopDomain,
    Units,
    WarehouseCode,
)
from crossdock.model.quiet_hours import quiet_hours
from crossdock.model.request import Package, WorkState
from crossdock.model.state import OrderState
from crossdock.ports.calls import Exchange
from crossdock.store import (
    alert_messages,
    alerts,
    channels,
    holds,
    news,
    orders,
    packages,
    requests,
    taken_on,
    timeline,
    watermarks,
)
from crossdock.store.alert_messages import Recipient
from crossdock.store.database import Database, Tx
from crossdock.store.exchanges import PostgresJournal
from crossdock.store.requests import Asked, AskedLine

ACME = ConnectionId("acme")
SHOP = ShopDomain("acme.myshopify.com")


def now() -> datetime:
    """When the page is seeded, not when this module was loaded: in a long run that is minutes earlier."""
    return datetime.now(UTC)


_STORIES: Sequence[tuple[OrderState, timedelta, int, str]] = (
    (OrderState.WAITING, timedelta(seconds=40), 2, "Waiting for payment: Shopify says it is pending."),
    (OrderState.AT_WAREHOUSE, timedelta(minutes=4), 3, "EAST accepted #1023 as WO-00023."),
    (OrderState.HELD, timedelta(minutes=19), 1, "Held: Hamburg has no warehouse."),
    (OrderState.AT_WAREHOUSE, timedelta(minutes=52), 1, "EAST accepted #1021 as WO-00021."),
    (OrderState.PARTLY_SHIPPED, timedelta(hours=3), 6, "Package P-00018-1 left with 2 of 6 units."),
    (OrderState.SHIPPED, timedelta(hours=5), 2, "Shopify knows package P-00017-1 with tracking 00340434161094042557."),
    (OrderState.SHORT, timedelta(hours=7), 4, "EAST gave up on 1 unit of Enamel mug, 350 ml."),
    (OrderState.HELD, timedelta(hours=22), 2, "Held: SKU MUG-RED is carried by two items."),
    (OrderState.SHIPPED, timedelta(days=1, hours=4), 1, "Shopify knows package P-00014-1."),
    (OrderState.CANCELLED, timedelta(days=2), 1, "Cancelled at Shopify before it was sent."),
    (OrderState.SKIPPED, timedelta(days=3), 1, "Left alone: refunded orders do not go to the warehouse."),
)


def order_id(number: int) -> OrderId:
    return OrderId(f"gid://shopify/Order/{number}")


def a_row(number: int, state: OrderState, placed: timedelta, units: int = 1) -> orders.OrderRow:
    return orders.OrderRow(
        connection=ACME,
        order_id=order_id(number),
        name=f"#{number}",
        placed_at=now() - placed,
        updated_at=now() - placed / 2,
        financial_status="PAID",
        fulfillment_status="UNFULFILLED",
        state=state,
        units=Units(units),
        total=f"{units * 19}.90 EUR",
        looked_at=now() - placed / 4,
    )


async def a_morning(database: Database) -> None:
    """Fill the tables: eleven orders of #1014 to #1024, one of them (#1020) with a whole story."""
    async with database.begin() as tx:
        for place, (state, placed, units, sentence) in enumerate(_STORIES):
            number = 1024 - place
            await orders.remember(tx, a_row(number, state, placed, units))
            if number != 1020:
                await _tell(tx, number, [(placed / 2, Flow.ORDERS, "seen", sentence)])
        await _the_story_of_1020(tx)
        await holds.hold(
            tx,
            ACME,
            Flow.ORDERS,
            {
                order_id(1022): Hold(
                    Cause.LOCATION_UNMAPPED,
                    "#1022 is to ship from Hamburg, which no warehouse serves.",
                    ("gid://shopify/Location/77",),
                ),
                order_id(1017): Hold(
                    Cause.ITEM_AMBIGUOUS, "SKU MUG-RED of “Enamel mug, red” is carried by items 4711 and 4712."
                ),
            },
        )
        hold = Hold(Cause.ITEM_MISSING, "No item has SKU LAMP-XL of “Paper lamp, XL”.")
        await holds.hold(tx, ACME, Flow.CATALOG, {f"gid://shopify/ProductVariant/{n}": hold for n in (5, 6)})
        await tx.execute(text("UPDATE holds SET since = hub_now() - interval '19 minutes'"))
        await news.append(tx, ACME, Flow.INVENTORY, ["gid://shopify/InventoryItem/1"], "sold")
        await watermarks.advance(tx, ACME, "orders", complete_to=now() - timedelta(seconds=9))
        await watermarks.advance(tx, ACME, "variants", complete_to=now() - timedelta(minutes=3))
        await _alerts(tx)
    await _exchanges(database)


async def _alerts(tx: Tx) -> None:
    """A chat that is told of holds, and of which one message is still on its way."""
    await channels.put(tx, "chat", Slack("https://chat.example/hooks/T0"), Sealer(new_key()))
    interest = Interest(Topic.HOLDS, 5, causes=frozenset({Cause.ITEM_MISSING}))
    alert = await alerts.add(tx, "Night watch", interest, "chat", quiet=quiet_hours("22:00-07:00 Europe/Berlin"))
    notices = [Notice(Turn.BEGAN, Group(SHOP, Cause.ITEM_MISSING), 7, now())]
    for key in ("arrived", "on its way"):
        number = await alert_messages.write(
            tx, key, Recipient(alert.name, alert.channel), about_troubles(alert, notices, "https://hub.example")
        )
        await alert_messages.claim(tx, number)
        if key == "arrived":
            await alert_messages.sent(tx, number)
        else:
            await alert_messages.failed(tx, number, "chat.example does not take it (HTTP 500).", timedelta(hours=1))


async def _the_story_of_1020(tx: Tx) -> None:
    order, key = order_id(1020), RequestKey("gid://shopify/FulfillmentOrder/9001")
    line = FulfillmentOrderLineId("gid://shopify/FulfillmentOrderLineItem/1")
    request = Asked(
        key, order, "#1020", WarehouseCode("EAST"), LocationId("gid://shopify/Location/1"), reference=None, state=None
    )
    asked = AskedLine(line, InventoryItemId("gid://shopify/InventoryItem/1"), ItemCode("4711"), Units(6))
    await requests.tried(tx, ACME, [(request, [asked])])
    await taken_on.accepted(tx, ACME, key, "WO-00020", WorkState.PICKING)
    for number, told in ((1, True), (2, False)):
        package = Package(
            PackageId(f"P-00020-{number}"), now(), "DHL", f"0034043416109404255{number}", None, ((line, Units(2)),)
        )
        await packages.tried(tx, ACME, order, key, package)
        if told:
            await packages.told(tx, ACME, package.id, FulfillmentId("gid://shopify/Fulfillment/501"), adopted=False)
    await _tell(
        tx,
        1020,
        [
            (timedelta(minutes=175), Flow.ORDERS, "seen", "Paid at Shopify; all 6 units can ship from Berlin."),
            (timedelta(minutes=174), Flow.ORDERS, "sent", "Sent to EAST as #1020: 6 units."),
            (
                timedelta(minutes=174),
                Flow.ORDERS,
                "accepted",
                "EAST accepted #1020 as WO-00020, goods reserved.",
            ),
            (timedelta(minutes=61), Flow.FULFILLMENTS, "shipped", "Package P-00020-1 left with 2 of 6 units (DHL)."),
            (timedelta(minutes=60), Flow.FULFILLMENTS, "told", "Shopify knows package P-00020-1, fulfillment #1020.1."),
            (timedelta(minutes=6), Flow.FULFILLMENTS, "shipped", "Package P-00020-2 left with 2 of 6 units (DHL)."),
        ],
    )
    await tx.execute(
        text(
            """
            INSERT INTO pending (connection, flow, key, reason, due_at, first_due_at, attempts, last_error)
            VALUES (:connection, 'fulfillments', :key, 'a package left', hub_now() + interval '90 seconds',
                    hub_now() - interval '6 minutes', 3,
                    'acme.myshopify.com did not answer within 30 seconds. It is tried again by itself.')
            """
        ),
        {"connection": ACME, "key": order},
    )


async def _tell(tx: Tx, number: int, events: Sequence[tuple[timedelta, Flow, str, str]]) -> None:
    for ago, flow, kind, sentence in events:
        await timeline.tell(tx, ACME, order_id(number), flow, kind, sentence)
        await tx.execute(
            text("UPDATE timeline SET at = hub_now() - :ago WHERE id = (SELECT max(id) FROM timeline)"), {"ago": ago}
        )


async def _exchanges(database: Database) -> None:
    journal = PostgresJournal(database)
    for minutes, operation, outcome, status in ((61, "CreateFulfillment", "ok", 200), (6, "Orders", "failed", None)):
        await journal.record(
            Exchange(
                store=SHOP,
                operation=operation,
                subjects=(order_id(1020),),
                began_at=now() - timedelta(minutes=minutes),
                took=timedelta(milliseconds=412),
                status=status,
                outcome=outcome,
                request_id="0f6b2c1e-6c1f" if status else None,
                requested_cost=10,
                actual_cost=10,
                request={"variables": {"ids": [order_id(1020)]}},
                response={"data": {"order": {"email": "…"}}} if status else None,
            )
        )
