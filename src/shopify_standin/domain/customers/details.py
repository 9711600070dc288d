"""
What an input says of a customer: checked, then written.

E-mail addresses and phone numbers belong to one customer each (Shopify docs, 2026-07; sentences as the admin shows
them, those on consent recorded 2025-01).
"""

import re
from typing import Any

from shopify_standin.domain.addresses import address_from
from shopify_standin.domain.products.making import sorted_tags
from shopify_standin.errors import JsonObject, user_error
from shopify_standin.model.customers import Customer
from shopify_standin.world import World

Given = dict[str, Any]

MAX_TAGS = 250
_EMAIL = re.compile(r"^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$")
_LONGEST = {"firstName": ("First name", 255), "lastName": ("Last name", 255), "note": ("Note", 5000)}


def phone_number(text: str) -> str | None:
    """A phone number as it is stored (`+16135550127`), or None for what is none."""
    digits = re.sub(r"\D", "", text)
    if text.strip().startswith("+"):
        return f"+{digits}" if 8 <= len(digits) <= 15 else None
    if len(digits) == 11 and digits.startswith("1"):
        return f"+{digits}"
    return f"+1{digits}" if len(digits) == 10 else None


def detail_errors(world: World, given: Given, known: Customer | None, path: list[str]) -> list[JsonObject]:
    """What is wrong with an input about `known`, or about a customer to be made."""
    errors: list[JsonObject] = []
    if given.get("email"):
        errors += _email_errors(world, given["email"], known, path)
    if given.get("phone"):
        errors += _phone_errors(world, given["phone"], known, path)
    for name, (said, longest) in _LONGEST.items():
        if len(given.get(name) or "") > longest:
            message = f"{said} is too long (maximum is {longest} characters)"
            errors.append(user_error([*path, name], message, "TOO_LONG"))
    if len(given.get("tags") or ()) > MAX_TAGS:
        errors.append(user_error([*path, "tags"], f"Tags cannot be more than {MAX_TAGS}", "INVALID"))
    if known is None and not errors and not any(given.get(x) for x in ("email", "phone", "firstName", "lastName")):
        message = "A name, phone number, or email address must be present"
        errors.append(user_error(path or None, message, "INVALID"))
    return errors


def _email_errors(world: World, email: str, known: Customer | None, path: list[str]) -> list[JsonObject]:
    if not _EMAIL.match(email.strip()):
        return [user_error([*path, "email"], "Email is invalid", "INVALID")]
    if any(row is not known for row in world.customers.where("email", email.strip().casefold())):
        return [user_error([*path, "email"], "Email has already been taken", "TAKEN")]
    return []


def _phone_errors(world: World, phone: str, known: Customer | None, path: list[str]) -> list[JsonObject]:
    number = phone_number(phone)
    if number is None:
        return [user_error([*path, "phone"], "Phone is invalid", "INVALID")]
    if any(row is not known for row in world.customers.where("phone", number)):
        return [user_error([*path, "phone"], "Phone has already been taken", "TAKEN")]
    return []


def describe(world: World, customer: Customer, given: Given) -> None:
    """Write what a checked input says; what it leaves out stays. Lists replace the whole list."""
    for name, attribute in (("firstName", "first_name"), ("lastName", "last_name"), ("note", "note")):
        if name in given:
            setattr(customer, attribute, given[name] or None)
    if "email" in given:
        customer.email = (given["email"] or "").strip().casefold() or None
    if "phone" in given:
        customer.phone = phone_number(given["phone"]) if given["phone"] else None
    if given.get("tags") is not None:
        customer.tags = sorted_tags(given["tags"])
    customer.locale = given.get("locale") or customer.locale
    if given.get("taxExempt") is not None:
        customer.tax_exempt = given["taxExempt"]
    if given.get("taxExemptions") is not None:
        customer.tax_exemptions = list(dict.fromkeys(given["taxExemptions"]))
    customer.multipass_identifier = given.get("multipassIdentifier", customer.multipass_identifier)
    if given.get("addresses") is not None:
        customer.addresses = [new_address(world, entry) for entry in given["addresses"]]
        customer.default_address_id = customer.addresses[0].id if customer.addresses else None
    customer.updated_at = world.now()


def new_address(world: World, given: Given) -> Any:
    """An address of a customer, under a new number."""
    return address_from(given).numbered(world.ids.next("MailingAddress"), "CustomerAddress")
