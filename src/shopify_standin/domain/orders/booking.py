"""Booking a payment, or what was tried of one: every transaction of an order is made here."""

from datetime import datetime
from functools import partial
from typing import Any

from shopify_standin.model.sales import Order, Transaction
from shopify_standin.money import Bag
from shopify_standin.webhooks.events import emit
from shopify_standin.webhooks.payloads.transactions import transaction_payload
from shopify_standin.world import World

MANUAL = "manual"


def is_manual(gateway: str) -> bool:
    """Whether a gateway's payments are noted by hand, as cash on delivery."""
    return gateway == MANUAL or "COD" in gateway.upper()


def book(
    world: World,
    order: Order,
    kind: str,
    amount: Bag,
    gateway: str,
    *,
    status: str = "SUCCESS",
    parent: Transaction | None = None,
    processed_at: datetime | None = None,
    authorization_code: str | None = None,
    test: bool = False,
    receipt: Any = None,
) -> Transaction:
    """Add a transaction to an order, and tell of it."""
    now = world.now()
    made = Transaction(
        world.ids.next("OrderTransaction"), order.id, kind, status, gateway, amount, now, processed_at or now,
        test=test, parent_id=parent.id if parent else None, manual_gateway=is_manual(gateway),
        authorization_code=authorization_code, receipt=receipt,
    )  # fmt: skip
    order.transactions.append(made)
    world.transactions.add(made)
    emit(world, "ORDER_TRANSACTIONS_CREATE", partial(transaction_payload, order, made))
    return made
