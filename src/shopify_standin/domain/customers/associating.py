"""Whose order it is: the customer that an order input names, or means by its e-mail address."""

from typing import Any

from shopify_standin.domain.addresses import address_from
from shopify_standin.domain.customers.details import describe, phone_number
from shopify_standin.domain.customers.writing import keep, new_customer
from shopify_standin.errors import Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.customers import Customer
from shopify_standin.world import World

_FREE_FORM = ("firstName", "lastName", "note", "tags", "taxExempt", "multipassIdentifier")


def check_customer(world: World, given: dict[str, Any]) -> None:
    """Raise Refused for a customer named twice, or one who does not exist."""
    about = given.get("customer") or {}
    if given.get("customerId") is not None and about:
        message = "Only one of customerId and customer can be given"
        raise Refused(user_error(["order", "customer"], message, "REDUNDANT_CUSTOMER_FIELDS"))
    wanted = given.get("customerId") or (about.get("toAssociate") or {}).get("id")
    if wanted is not None and number_of(wanted, "Customer") not in world.customers.rows:
        raise Refused(user_error(["order", "customerId"], "Customer does not exist", "INVALID"))


def customer_for(world: World, given: dict[str, Any]) -> int | None:
    """
    The customer of a checked order, made where needed.

    An order with nothing but an e-mail address makes (or finds) the customer of that address; an address given
    beside a customer becomes that customer's (both recorded 2025-01 and 2026-04).
    """
    about = given.get("customer") or {}
    wanted = given.get("customerId") or (about.get("toAssociate") or {}).get("id")
    email = (given.get("email") or "").strip().casefold() or None
    if wanted is not None:
        known = world.customers[number_of(wanted, "Customer")]
        _readdress(world, known, email)
        return known.id
    upsert = about.get("toUpsert")
    if upsert is not None:
        return _upserted(world, upsert).id
    return None if email is None else _upserted(world, {"email": email}).id


def _readdress(world: World, known: Customer, email: str | None) -> None:
    if email is not None and known.email != email and not world.customers.where("email", email):
        known.email = email
        world.customers.reindex(known)


def _upserted(world: World, given: dict[str, Any]) -> Customer:
    known = _found(world, given)
    is_new = known is None
    customer = known or new_customer(world)
    stated = {name: given[name] for name in ("email", "phone", *_FREE_FORM) if given.get(name)}
    describe(world, customer, stated)
    if given.get("addresses") and not customer.addresses:
        customer.addresses = [
            address_from(entry).numbered(world.ids.next("MailingAddress"), "CustomerAddress")
            for entry in given["addresses"]
        ]
    if is_new:
        return keep(world, customer)
    world.customers.reindex(customer)
    return customer


def _found(world: World, given: dict[str, Any]) -> Customer | None:
    if given.get("id"):
        return world.customers.get(number_of(given["id"], "Customer"))
    if given.get("email"):
        return next(iter(world.customers.where("email", given["email"].strip().casefold())), None)
    if given.get("phone"):
        return next(iter(world.customers.where("phone", phone_number(given["phone"]))), None)
    return None
