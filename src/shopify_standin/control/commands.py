"""What the commands do to a shop."""

from datetime import timedelta

from shopify_standin.control import orders
from shopify_standin.domain.orders.buying import Purchase
from shopify_standin.domain.orders.buying import buy as let_buy
from shopify_standin.errors import JsonObject
from shopify_standin.faults import CallFault, WebhookFault
from shopify_standin.ids import number_of
from shopify_standin.seeding import Seed, fill
from shopify_standin.standin import Standin


def reset(standin: Standin, _order: orders.ControlOrder) -> JsonObject:
    """Empty the shop."""
    standin.reset()
    return {"ok": True}


def faults(standin: Standin, order: orders.FaultsOrder) -> JsonObject:
    """Add and clear faults."""
    if order.clear:
        standin.faults.clear()
    if order.seed is not None:
        standin.faults.random.seed(order.seed)
    standin.faults.calls += [CallFault(**fault.model_dump()) for fault in order.calls]
    standin.faults.webhooks += [WebhookFault(**fault.model_dump()) for fault in order.webhooks]
    return {"ok": True, "calls": len(standin.faults.calls), "webhooks": len(standin.faults.webhooks)}


def clock(standin: Standin, order: orders.ClockOrder) -> JsonObject:
    """Move the clock on, stop it or let it run."""
    clock = standin.world.clock
    clock.advance(timedelta(seconds=order.advance_seconds))
    if order.frozen is not None:
        clock.freeze() if order.frozen else clock.thaw()
    standin.catch_up()
    return {"ok": True, "now": standin.world.now().isoformat()}


def settings(standin: Standin, order: orders.SettingsOrder) -> JsonObject:
    """Change how long background work takes."""
    settings = standin.world.settings
    if "fulfillment_order_delay" in order.model_fields_set:
        delay = order.fulfillment_order_delay
        settings.fulfillment_order_delay = None if delay is None else timedelta(seconds=delay)
    if order.job_delay is not None:
        settings.job_delay = timedelta(seconds=order.job_delay)
    if order.bulk_delay is not None:
        settings.bulk_delay = timedelta(seconds=order.bulk_delay)
    if order.search_delay is not None:
        settings.search_delay = timedelta(seconds=order.search_delay)
    if order.foreign_uploads is not None:
        settings.foreign_uploads = order.foreign_uploads
    return {"ok": True}


def buy(standin: Standin, order: orders.BuyOrder) -> JsonObject:
    """Let customers buy."""
    wanted = tuple(number_of(value, "ProductVariant") for value in order.variant_ids)
    purchase = Purchase(order.orders, order.seed, wanted, order.items, order.paid, order.extras, order.method)
    placed = let_buy(standin.world, purchase)
    return {"ok": True, "orders": [made.gid for made in placed]}


def snapshot(standin: Standin, order: orders.NameOrder) -> JsonObject:
    """Keep the shop as it is."""
    standin.snapshot(order.name)
    return {"ok": True, "name": order.name}


def restore(standin: Standin, order: orders.NameOrder) -> JsonObject:
    """Bring a kept shop back."""
    if order.name not in standin.snapshots:
        raise LookupError(f"there is no snapshot {order.name!r}; take one with POST /_standin/snapshot")
    standin.restore(order.name)
    return {"ok": True, "name": order.name}


def seed(standin: Standin, order: orders.SeedOrder) -> JsonObject:
    """Fill the shop with goods and with orders of the past."""
    filled = fill(standin.world, Seed(order.products, order.orders, order.stock, order.seed))
    return {"ok": True, "products": filled.products, "orders": filled.orders}
