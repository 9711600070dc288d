"""Telling subscribers of a refund."""

from functools import partial

from shopify_standin.model.refunds import Refund
from shopify_standin.model.sales import Order
from shopify_standin.webhooks.events import emit
from shopify_standin.webhooks.payloads.refunds import refund_payload
from shopify_standin.world import World


def tell_refund(world: World, order: Order, refund: Refund) -> None:
    """Emit `refunds/create`."""
    emit(world, "REFUNDS_CREATE", partial(refund_payload, world, order, refund))
