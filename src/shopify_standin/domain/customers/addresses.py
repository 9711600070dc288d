"""A customer's addresses, one at a time (refusals assumed, 2026-07)."""

from dataclasses import replace

from shopify_standin.domain.addresses import address_from
from shopify_standin.domain.customers.details import new_address
from shopify_standin.domain.customers.telling import customer_changed
from shopify_standin.errors import InvalidId, JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.customers import Customer
from shopify_standin.model.places import Address
from shopify_standin.registry import Args, mutation
from shopify_standin.world import World


@mutation("customerAddressCreate")
def customer_address_create(world: World, args: Args) -> JsonObject:
    """Add an address; the first is the default."""
    customer = _customer(world, args["customerId"])
    made = new_address(world, args["address"])
    customer.addresses.append(made)
    if args.get("setAsDefault") or len(customer.addresses) == 1:
        customer.default_address_id = made.id
    customer_changed(world, customer)
    return {"address": made, "userErrors": []}


@mutation("customerAddressUpdate")
def customer_address_update(world: World, args: Args) -> JsonObject:
    """Change an address; what is left out stays."""
    customer = _customer(world, args["customerId"])
    known = _address(customer, args["addressId"])
    changes = address_from(args["address"])
    given = {name: getattr(changes, name) for name in _named(args["address"])}
    changed = replace(known, **given)
    customer.addresses[customer.addresses.index(known)] = changed
    if args.get("setAsDefault"):
        customer.default_address_id = changed.id
    customer_changed(world, customer)
    return {"address": changed, "userErrors": []}


_ATTRIBUTES = {
    "firstName": "first_name", "lastName": "last_name", "provinceCode": "province_code", "province": "province_code",
    "countryCode": "country_code", "country": "country_code",
}  # fmt: skip


def _named(given: JsonObject) -> list[str]:
    return [_ATTRIBUTES.get(name, name) for name in given if name != "id"]


@mutation("customerAddressDelete")
def customer_address_delete(world: World, args: Args) -> JsonObject:
    """Remove an address."""
    customer = _customer(world, args["customerId"])
    known = _address(customer, args["addressId"])
    customer.addresses.remove(known)
    customer_changed(world, customer)
    return {"deletedAddressId": known.gid, "userErrors": []}


@mutation("customerUpdateDefaultAddress")
def customer_update_default_address(world: World, args: Args) -> JsonObject:
    """Choose the default address."""
    customer = _customer(world, args["customerId"])
    customer.default_address_id = _address(customer, args["addressId"]).id
    customer_changed(world, customer)
    return {"customer": customer, "userErrors": []}


def _customer(world: World, value: str) -> Customer:
    customer = world.customers.get(number_of(value, "Customer"))
    if customer is None:
        raise Refused(user_error(["customerId"], "Customer does not exist"))
    return customer


def _address(customer: Customer, value: str) -> Address:
    number = number_of(value, "MailingAddress")
    found = next((address for address in customer.addresses if address.id == number), None)
    if found is None:
        raise InvalidId
    return found
