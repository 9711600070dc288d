"""Telling subscribers about a customer, and noting when one changed."""

from functools import partial

from shopify_standin.model.customers import Customer
from shopify_standin.webhooks.events import emit
from shopify_standin.webhooks.payloads.customers import customer_payload, email_consent_payload, sms_consent_payload
from shopify_standin.world import World

_CONSENT = {
    "CUSTOMERS_EMAIL_MARKETING_CONSENT_UPDATE": email_consent_payload,
    "CUSTOMERS_MARKETING_CONSENT_UPDATE": sms_consent_payload,
}


def tell_customer(world: World, customer: Customer, topic: str) -> None:
    """Emit one topic with the whole customer, or with their consent."""
    shape = _CONSENT.get(topic, customer_payload)
    emit(world, topic, partial(shape, world, customer))


def customer_changed(world: World, customer: Customer, *topics: str) -> None:
    """The customer is not what they were: note the time, and emit the topics and `customers/update`."""
    customer.updated_at = world.now()
    world.customers.reindex(customer)
    for topic in (*topics, "CUSTOMERS_UPDATE"):
        tell_customer(world, customer, topic)
