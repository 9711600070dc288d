"""Making, changing and deleting customers (refusals recorded 2025-01 and 2026-04)."""

from functools import partial

from shopify_standin.domain.customers.consent import consents_at_creation, refuse_consent
from shopify_standin.domain.customers.details import Given, describe, detail_errors
from shopify_standin.domain.customers.search import orders_of
from shopify_standin.domain.customers.telling import customer_changed, tell_customer
from shopify_standin.domain.metafields.writing import forget_owner, set_inline
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.customers import Customer
from shopify_standin.model.gift_cards import GiftCard
from shopify_standin.registry import Args, mutation
from shopify_standin.webhooks.events import emit
from shopify_standin.webhooks.payloads.customers import customer_gone
from shopify_standin.world import World


def new_customer(world: World) -> Customer:
    """Somebody of whom nothing is known yet; not kept until `keep`."""
    now = world.now()
    return Customer(world.ids.next("Customer"), now, now)


def keep(world: World, customer: Customer) -> Customer:
    """Enter a new customer and tell of them."""
    world.customers.add(customer)
    tell_customer(world, customer, "CUSTOMERS_CREATE")
    return customer


@mutation("customerCreate")
def customer_create(world: World, args: Args) -> JsonObject:
    """Make a customer."""
    given = args["input"]
    if given.get("id") is not None:
        raise Refused(user_error(["id"], "Cannot specify ID on creation", "INVALID"))
    email, sms = consents_at_creation(world, given)
    errors = detail_errors(world, given, None, [])
    if errors:
        raise Refused(*errors)
    made = new_customer(world)
    describe(world, made, given)
    made.email_consent, made.sms_consent = email, sms
    _set_metafields(world, made, given)
    return {"customer": keep(world, made), "userErrors": []}


@mutation("customerUpdate")
def customer_update(world: World, args: Args) -> JsonObject:
    """Change a customer; what is left out stays."""
    given = args["input"]
    if given.get("id") is None:
        raise Refused(user_error(["id"], "Customer does not exist"))
    known = world.customers.get(number_of(given["id"], "Customer"))
    if known is None:
        raise Refused(user_error(["id"], "Customer does not exist"))
    refuse_consent(given)
    errors = detail_errors(world, given, known, [])
    if errors:
        raise Refused(*errors)
    _set_metafields(world, known, given)
    describe(world, known, given)
    customer_changed(world, known)
    return {"customer": known, "userErrors": []}


def _set_metafields(world: World, customer: Customer, given: Given) -> None:
    errors = set_inline(world, customer, given.get("metafields"), ["metafields"])
    if errors:
        raise Refused(*errors)


@mutation("customerDelete")
def customer_delete(world: World, args: Args) -> JsonObject:
    """Forget a customer who never ordered."""
    number = number_of(args["input"]["id"], "Customer")
    known = world.customers.get(number)
    if known is None:
        return _not_deleted(world, "Customer can't be found")
    if any(card.recipient_id == number and _unsent(world, card) for card in world.gift_cards):
        message = "Customer can't be deleted because they are the recipient of an unsent scheduled gift card"
        return _not_deleted(world, message)
    if orders_of(known, world):
        return _not_deleted(world, "Customer can't be deleted because they have associated orders")
    forget_owner(world, known.gid)
    world.customers.remove(number)
    emit(world, "CUSTOMERS_DELETE", partial(customer_gone, known))
    return {"deletedCustomerId": known.gid, "shop": world.shop, "userErrors": []}


def _unsent(world: World, card: GiftCard) -> bool:
    return card.send_at is not None and card.send_at > world.now()


def _not_deleted(world: World, message: str) -> JsonObject:
    return {"deletedCustomerId": None, "shop": world.shop, "userErrors": [user_error(["id"], message)]}
