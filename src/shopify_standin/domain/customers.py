"""Customers, as far as orders need them."""

from typing import Any

from shopify_standin.call import Call
from shopify_standin.clock import iso
from shopify_standin.connections import connection
from shopify_standin.domain.addresses import address_from
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.places import Address
from shopify_standin.model.sales import Customer, Order
from shopify_standin.registry import Args, Fields, node, query
from shopify_standin.search import filters
from shopify_standin.search.search import Search
from shopify_standin.world import World

node("Customer", lambda world, number: world.customers.get(number))

CUSTOMER = Fields("Customer")
CUSTOMER.attributes(
    "firstName", "lastName", "displayName", "email", "phone", "note", "tags", id="gid", legacyResourceId="id"
)
CUSTOMER.constant(state="DISABLED", taxExempt=False, locale="en", verifiedEmail=True, dataSaleOptOut=False)
MAILING_ADDRESS = Fields("MailingAddress")
MAILING_ADDRESS.attributes(
    "firstName", "lastName", "name", "company", "address1", "address2", "city", "zip", "province", "provinceCode",
    "country", "phone", "formattedArea",
    id="gid", countryCode="country_code", countryCodeV2="country_code",
)  # fmt: skip
MAILING_ADDRESS.constant(
    coordinatesValidated=False, latitude=None, longitude=None, timeZone=None, validationResultSummary=None
)

_SEARCH = Search(
    {
        "id": filters.number(lambda x, _: x.id),
        "email": filters.text(lambda x, _: x.email),
        "phone": filters.text(lambda x, _: x.phone),
        "first_name": filters.text(lambda x, _: x.first_name),
        "last_name": filters.text(lambda x, _: x.last_name),
        "tag": filters.text(lambda x, _: x.tags),
        "updated_at": filters.moment(lambda x, _: x.updated_at),
        "customer_date": filters.moment(lambda x, _: x.created_at),
        "state": filters.text(lambda _, __: "DISABLED"),
    },
    filters.words(lambda x, _: [x.display_name, x.email, x.phone]),
)


@query("customer")
def customer(world: World, args: Args) -> Customer | None:
    """One customer."""
    return world.customers.get(number_of(args["id"], "Customer"))


@query("customers")
def customers(world: World, args: Args, call: Call) -> JsonObject:
    """Customers by id."""
    return connection(_SEARCH.select(world.customers, args.get("query"), call, ["customers"]), args)


@MAILING_ADDRESS.field("formatted")
def formatted(address: Address) -> list[str]:
    """Lines as on a label, without name and company unless they are all there is."""
    return address.formatted


@CUSTOMER.field("createdAt")
def created_at(customer: Customer) -> str | None:
    """When the shop first knew them."""
    return iso(customer.created_at)


@CUSTOMER.field("updatedAt")
def updated_at(customer: Customer) -> str | None:
    """When they last changed."""
    return iso(customer.updated_at)


@CUSTOMER.field("defaultAddress")
def default_address(customer: Customer) -> Address | None:
    """The first address."""
    return customer.addresses[0] if customer.addresses else None


@CUSTOMER.field("addresses")
def addresses(customer: Customer, args: Args) -> list[Address]:
    """All addresses."""
    return customer.addresses[: args.get("first")]


@CUSTOMER.field("defaultEmailAddress")
def default_email(customer: Customer) -> JsonObject | None:
    """Where to write to."""
    if customer.email is None:
        return None
    return {"emailAddress": customer.email, "marketingState": "NOT_SUBSCRIBED", "validFormat": True}


@CUSTOMER.field("defaultPhoneNumber")
def default_phone(customer: Customer) -> JsonObject | None:
    """Where to call."""
    if customer.phone is None:
        return None
    return {"phoneNumber": customer.phone, "marketingState": "NOT_SUBSCRIBED"}


def orders_of(customer: Customer, world: World) -> list[Order]:
    """Everything they ordered."""
    return world.orders.where("customer_id", customer.id)


@CUSTOMER.field("numberOfOrders")
def number_of_orders(customer: Customer, call: Call) -> str:
    """How often they ordered."""
    return str(len(orders_of(customer, call.world)))


@CUSTOMER.field("orders")
def orders(customer: Customer, call: Call, args: Args) -> JsonObject:
    """Their orders by id."""
    return connection(orders_of(customer, call.world), args)


def customer_for(world: World, given: dict[str, Any]) -> int | None:
    """The customer that an order input names, made where `toUpsert` asks for it; raises Refused for an unknown id."""
    about = given.get("customer") or {}
    wanted = given.get("customerId") or (about.get("toAssociate") or {}).get("id")
    if wanted is not None:
        known = world.customers.get(number_of(wanted, "Customer"))
        if known is None:
            raise Refused(user_error(["order", "customerId"], "Customer does not exist", "INVALID"))
        return known.id
    upsert = about.get("toUpsert")
    return None if upsert is None else _upsert(world, upsert).id


def _upsert(world: World, given: dict[str, Any]) -> Customer:
    email = (given.get("email") or "").strip().casefold() or None
    known = next(iter(world.customers.where("email", email)), None) if email else None
    now = world.now()
    if known is None:
        known = Customer(world.ids.next("Customer"), now, now, email=email)
    known.first_name = given.get("firstName") or known.first_name
    known.last_name = given.get("lastName") or known.last_name
    known.phone = given.get("phone") or known.phone
    known.note = given.get("note") or known.note
    if given.get("addresses") and not known.addresses:
        numbered = [address_from(entry).numbered(world.ids.next("MailingAddress")) for entry in given["addresses"]]
        known.addresses = numbered
    known.updated_at = now
    return world.customers.add(known)
