"""What is wrong with an `OrderCreateOrderInput` before anything is made of it (texts assumed where not recorded)."""

import re
from typing import Any

from shopify_standin.clock import moment_from
from shopify_standin.domain.customers.associating import check_customer
from shopify_standin.domain.customers.details import phone_number
from shopify_standin.errors import JsonObject, NotModelled, Refused, user_error
from shopify_standin.world import World

Given = dict[str, Any]

_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+$")


def check_order(world: World, given: Given) -> None:
    """Raise Refused for what Shopify would refuse, and ApiError for values that are not modelled."""
    if not given.get("lineItems"):
        message = "Line items must have at least one line item"
        raise Refused(user_error(["order", "lineItems"], message, "INVALID"))
    if given.get("fulfillmentStatus") in {"PARTIAL", "RESTOCKED"}:
        raise NotModelled("OrderCreateOrderInput", f"fulfillmentStatus: {given['fulfillmentStatus']}")
    contact = contact_errors(given, ["order"])
    if contact:
        raise Refused(*contact)
    processed_at = moment_from(given.get("processedAt"))
    if processed_at is not None and processed_at > world.now():
        message = "Processed at must not be in the future"
        raise Refused(user_error(["order", "processedAt"], message, "PROCESSED_AT_INVALID"))
    check_customer(world, given)


def contact_errors(given: Given, path: list[str]) -> list[JsonObject]:
    """What is wrong with the e-mail address and the phone number of an order."""
    errors: list[JsonObject] = []
    if given.get("email") and not _EMAIL.match(given["email"]):
        errors.append(user_error([*path, "email"], "Email is invalid", "INVALID"))
    if given.get("phone") and phone_number(given["phone"]) is None:
        errors.append(user_error([*path, "phone"], "Phone is invalid", "INVALID"))
    return errors
