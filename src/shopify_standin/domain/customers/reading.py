"""Reading customers and their addresses."""

from typing import Any

from shopify_standin.call import Call
from shopify_standin.clock import iso
from shopify_standin.connections import connection, count
from shopify_standin.domain.customers.search import (
    CUSTOMER_COUNT_SEARCH,
    CUSTOMER_SEARCH,
    CUSTOMER_SORT,
    orders_of,
    spent_by,
)
from shopify_standin.domain.metafields.writing import by_custom_id
from shopify_standin.domain.orders.reach import orders_in_reach
from shopify_standin.domain.orders.search import ORDER_SEARCH, ORDER_SORT
from shopify_standin.errors import JsonObject
from shopify_standin.ids import number_of
from shopify_standin.model.customers import Consent, Customer
from shopify_standin.model.places import Address
from shopify_standin.model.sales import Order
from shopify_standin.money import decimal_text
from shopify_standin.registry import Args, Fields, node, query
from shopify_standin.world import World

node("Customer", lambda world, number: world.customers.get(number))

CUSTOMER = Fields("Customer")
CUSTOMER.attributes(
    "firstName", "lastName", "displayName", "email", "phone", "note", "tags", "locale", "state", "taxExempt",
    "taxExemptions", "defaultAddress", "multipassIdentifier",
    id="gid", legacyResourceId="id",
)  # fmt: skip
CUSTOMER.constant(
    verifiedEmail=True, dataSaleOptOut=False, validEmailAddress=True, productSubscriberStatus="NEVER_SUBSCRIBED",
    hasTimelineComment=False, market=None, companyContactProfiles=[], identityProviderSubjects=[],
)  # fmt: skip
MAILING_ADDRESS = Fields("MailingAddress")
MAILING_ADDRESS.attributes(
    "firstName", "lastName", "name", "company", "address1", "address2", "city", "zip", "province", "provinceCode",
    "country", "phone", "formattedArea",
    id="gid", countryCode="country_code", countryCodeV2="country_code",
)  # fmt: skip
MAILING_ADDRESS.constant(
    coordinatesValidated=False, latitude=None, longitude=None, timeZone=None, validationResultSummary=None
)


@query("customer")
def customer(world: World, args: Args) -> Customer | None:
    """One customer."""
    return world.customers.get(number_of(args["id"], "Customer"))


@query("customerByIdentifier")
def customer_by_identifier(world: World, args: Args) -> Customer | None:
    """One customer by id, e-mail, phone or custom id."""
    return identified(world, args["identifier"])


def identified(world: World, given: JsonObject) -> Customer | None:
    """The customer whom a `CustomerIdentifierInput` or `CustomerSetIdentifiers` means."""
    if given.get("id") is not None:
        return world.customers.get(number_of(given["id"], "Customer"))
    email = given.get("emailAddress") or given.get("email")
    if email is not None:
        return next(iter(world.customers.where("email", email.casefold())), None)
    phone = given.get("phoneNumber") or given.get("phone")
    if phone is not None:
        return next(iter(world.customers.where("phone", phone)), None)
    owner = by_custom_id(world, "CUSTOMER", given["customId"])
    return None if owner is None else world.customers.get(number_of(owner, "Customer"))


@query("customers")
def customers(world: World, args: Args, call: Call) -> JsonObject:
    """Customers by id unless asked otherwise."""
    found = CUSTOMER_SEARCH.select(world.customers, args.get("query"), call, ["customers"])
    return connection(found, args, CUSTOMER_SORT[args["sortKey"]])


@query("customersCount")
def customers_count(world: World, args: Args, call: Call) -> JsonObject:
    """How many customers there are."""
    found = CUSTOMER_COUNT_SEARCH.select(world.customers, args.get("query"), call, ["customersCount"])
    return count(found, args.get("limit"))


@MAILING_ADDRESS.field("formatted")
def formatted(address: Address, args: Args) -> list[str]:
    """Lines as on a label, with name and company where asked."""
    return address.label(with_name=args["withName"], with_company=args["withCompany"])


@CUSTOMER.field("createdAt")
def created_at(customer: Customer) -> str | None:
    """When the shop first knew them."""
    return iso(customer.created_at)


@CUSTOMER.field("updatedAt")
def updated_at(customer: Customer) -> str | None:
    """When they last changed."""
    return iso(customer.updated_at)


@CUSTOMER.field("addresses")
def addresses(customer: Customer, args: Args) -> list[Address]:
    """All addresses."""
    return customer.addresses[: args.get("first")]


@CUSTOMER.field("addressesV2")
def addresses_v2(customer: Customer, args: Args) -> JsonObject:
    """All addresses."""
    return connection(customer.addresses, args)


def consent_fields(consent: Consent, world: World) -> JsonObject:
    """A consent as the e-mail address and the phone number show it."""
    return {
        "marketingState": consent.state,
        "marketingOptInLevel": consent.level,
        "marketingUpdatedAt": iso(consent.updated_at),
        "sourceLocation": world.locations.get(consent.location_id),
    }


def consent_state(consent: Consent, world: World) -> JsonObject:
    """A consent as the older fields show it."""
    return {
        "marketingState": consent.state,
        "marketingOptInLevel": consent.level,
        "consentUpdatedAt": iso(consent.updated_at),
        "sourceLocation": world.locations.get(consent.location_id),
    }


@CUSTOMER.field("defaultEmailAddress")
def default_email(customer: Customer, call: Call) -> JsonObject | None:
    """Where to write to."""
    if customer.email is None:
        return None
    consent = consent_fields(customer.email_consent, call.world)
    return {"emailAddress": customer.email, "validFormat": True, "openTrackingLevel": "UNKNOWN", **consent}


@CUSTOMER.field("defaultPhoneNumber")
def default_phone(customer: Customer, call: Call) -> JsonObject | None:
    """Where to call."""
    if customer.phone is None:
        return None
    consent = consent_fields(customer.sms_consent, call.world)
    return {"phoneNumber": customer.phone, "marketingCollectedFrom": "OTHER", **consent}


@CUSTOMER.field("emailMarketingConsent")
def email_consent(customer: Customer, call: Call) -> JsonObject | None:
    """Whether marketing may come by e-mail."""
    return None if customer.email is None else consent_state(customer.email_consent, call.world)


@CUSTOMER.field("smsMarketingConsent")
def sms_consent(customer: Customer, call: Call) -> JsonObject | None:
    """Whether marketing may come by text message."""
    if customer.phone is None:
        return None
    return {**consent_state(customer.sms_consent, call.world), "consentCollectedFrom": "OTHER"}


@CUSTOMER.field("canDelete")
def can_delete(customer: Customer, call: Call) -> bool:
    """Whether `customerDelete` would do."""
    return not orders_of(customer, call.world)


@CUSTOMER.field("numberOfOrders")
def number_of_orders(customer: Customer, call: Call) -> str:
    """How often they ordered."""
    return str(len(orders_of(customer, call.world)))


@CUSTOMER.field("amountSpent")
def amount_spent(customer: Customer, call: Call) -> JsonObject:
    """What they paid."""
    return {
        "amount": decimal_text(spent_by(customer, call.world)),
        "currencyCode": call.world.shop.currency,
    }


@CUSTOMER.field("lastOrder")
def last_order(customer: Customer, call: Call) -> Order | None:
    """The latest order."""
    return max(orders_of(customer, call.world), key=lambda order: order.id, default=None)


@CUSTOMER.field("orders")
def orders(customer: Customer, call: Call, args: Args) -> JsonObject:
    """Their orders."""
    rows = orders_in_reach(call, orders_of(customer, call.world))
    found = ORDER_SEARCH.select(rows, args.get("query"), call, ["customer", "orders"])
    key = ORDER_SORT[args["sortKey"]]
    return connection(found, args, None if key is None else lambda row: key(row, call.world))


@CUSTOMER.field("paymentMethods", "subscriptionContracts")
def nothing_of(_customer: Customer, args: Args) -> JsonObject:
    """Things that no mutation modelled here can add."""
    return connection([], args)


@CUSTOMER.field("mergeable")
def mergeable(_customer: Customer) -> JsonObject:
    """Whether they can be merged into another."""
    return {"isMergeable": True, "reason": None, "errorFields": [], "mergeInProgress": None}


@CUSTOMER.field("statistics")
def statistics(_customer: Customer) -> JsonObject:
    """Predictions, which need a history that the stand-in does not have."""
    empty: dict[str, Any] = {"predictedSpendTier": None, "rfmGroup": None}
    return empty
