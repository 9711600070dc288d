"""What the tests of alerts share: an installation whose trouble and whose hour they make."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import text
from tests.alerts.receivers import MailServer, Receiver

from crossdock.app.alerts.deliver import WayOut, deliver_all
from crossdock.app.alerts.watch import watch
from crossdock.edge.alert_changes import NewAlert, add_alert, set_channel
from crossdock.kit.webhook_signature import new_secret
from crossdock.model.alert import Topic
from crossdock.model.cause import Cause, Hold
from crossdock.model.channel import Channel, Email, Webhook
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, OrderId, ShopDomain, Units
from crossdock.model.people import Actor, Face
from crossdock.model.state import OrderState
from crossdock.store import alert_messages, holds, orders, watermarks
from crossdock.store.alert_messages import Sending
from crossdock.store.database import Database

SHOP = ShopDomain("acme.myshopify.com")
ACME = ConnectionId("acme")
PORTAL = "https://hub.example"
BY = Actor("root", Face.COMMAND_LINE)
OPS = "ops@acme.test"


@dataclass
class Bench:
    """One installation; `late` is by how much its clock was moved on."""

    way: WayOut
    late: timedelta = timedelta()

    @property
    def database(self) -> Database:
        return self.way.database

    async def channel(self, channel: Channel, name: str = "ops") -> None:
        async with self.database.begin() as tx:
            await set_channel(tx, BY, self.way.sealer, name, channel, private=False)

    async def alert(self, topic: Topic = Topic.HOLDS, name: str = "Night watch", **more: Any) -> None:
        async with self.database.begin() as tx:
            await add_alert(tx, BY, NewAlert(name, topic, more.pop("channel", "ops"), **more))

    async def tick(self) -> list[str]:
        """What the job does each minute; return the lines that it wrote down."""
        before = {one.id for one in await self.messages()}
        await watch(self.database, PORTAL)
        written = [one for one in await self.messages() if one.id not in before]
        await deliver_all(self.way)
        return [line for one in written for line in one.message.lines]

    async def messages(self) -> Sequence[Sending]:
        async with self.database.begin() as tx:
            return await alert_messages.latest(tx, 100)

    async def pass_time(self, time: timedelta) -> None:
        """Let the database's clock, which all go by, be later."""
        self.late += time
        async with self.database.begin() as tx:
            await tx.execute(
                text(
                    "CREATE OR REPLACE FUNCTION hub_now() RETURNS timestamptz LANGUAGE sql STABLE AS "
                    f"'SELECT statement_timestamp() + interval ''{self.late.total_seconds()} seconds'''"
                )
            )

    async def be_at(self, hour: int) -> None:
        """Let it be this hour, UTC, the next time that it is."""
        async with self.database.begin() as tx:
            now = await watermarks.now(tx)
        then = now.replace(hour=hour, minute=30, second=0, microsecond=0)
        await self.pass_time((then - now) % timedelta(days=1))

    async def hold(self, many: int, cause: Cause = Cause.ITEM_MISSING) -> None:
        """Let so many objects be held for a cause, and no others for it."""
        found = {f"{cause}/{number}": Hold(cause, "No item has SKU MUG.") for number in range(many)}
        async with self.database.begin() as tx:
            old = [one.key for one in await holds.held(tx, ACME, cause=cause)]
            await holds.lift(tx, ACME, Flow.ORDERS, old)
            await holds.hold(tx, ACME, Flow.ORDERS, found)

    async def order(
        self, number: int, *, total: str = "20.00 EUR", tags: tuple[str, ...] = (), ago: timedelta = timedelta()
    ) -> OrderId:
        """Let the hub look at an order that was placed now, or a while ago."""
        id_ = OrderId(f"gid://shopify/Order/{number}")
        async with self.database.begin() as tx:
            now = await watermarks.now(tx)
            row = orders.OrderRow(
                connection=ACME,
                order_id=id_,
                name=f"#{number}",
                placed_at=now - ago,
                updated_at=now,
                financial_status="PAID",
                fulfillment_status="UNFULFILLED",
                state=OrderState.WAITING,
                units=Units(2),
                total=total,
                looked_at=now,
                tags=tags,
            )
            await orders.remember(tx, row)
        return id_


def by_mail(server: MailServer, **more: Any) -> Email:
    return Email("localhost", server.port, "hub@acme.test", more.pop("to", (OPS,)), **more)


def by_webhook(receiver: Receiver, secret: str | None = None) -> Webhook:
    return Webhook(receiver.url, secret or new_secret())
