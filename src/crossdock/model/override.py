"""What a person says in fields of an order's requests, in the place of Shopify or of a mapping. Pure."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Final

from crossdock.kit.errors import UsageError
from crossdock.model.order import Address, Order
from crossdock.model.request_field import FieldSpec, Unfit

SHIP_TO: Final = "ship_to."
"""Begins the name of each part of the address that goods are sent to: `ship_to.zip`."""

FIELDS: Final = "fields."
"""Begins the name of each field of the backend's own: `fields.priority`."""

OF_THE_ORDER: Final[Mapping[str, tuple[str, int]]] = {
    "ship_to.first_name": ("First name", 255),
    "ship_to.last_name": ("Last name", 255),
    "ship_to.company": ("Company", 255),
    "ship_to.address1": ("Address", 255),
    "ship_to.address2": ("Address, continued", 255),
    "ship_to.zip": ("Postal code", 255),
    "ship_to.city": ("City", 255),
    "ship_to.province_code": ("Province", 255),
    "ship_to.country": ("Country", 2),
    "ship_to.phone": ("Phone on the parcel", 255),
    "email": ("E-mail", 255),
    "phone": ("Phone", 255),
    "shipping_method": ("Shipping method", 255),
    "note": ("Note", 5_000),
}
"""What may be said of every order: by name, what people call it and how many characters it takes."""

_COUNTRY: Final = re.compile("[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Override:
    """
    What a person says in one field; the empty value says that there is to be nothing.

    `otherwise` is what would be said without it (by Shopify, or by the mapping), as of the last look at `seen_at`.
    `contradicted_at` is when a look found that this became something else.
    """

    field: str
    value: str
    author: str
    why: str
    at: datetime
    otherwise: str | None = None
    seen_at: datetime | None = None
    contradicted_at: datetime | None = None


def called(field: str, specs: Sequence[FieldSpec] = ()) -> str:
    """Return what people call a field; its name, where it is none that is known."""
    titles = {f"{FIELDS}{spec.name}": spec.title for spec in specs}
    return OF_THE_ORDER[field][0] if field in OF_THE_ORDER else titles.get(field, field)


def checked(field: str, value: str, specs: Sequence[FieldSpec]) -> str:
    """
    Return a value as the field keeps it; the empty text says that there is to be nothing.

    Raises UsageError where there is no such field, or it does not take the value.
    """
    text = value.replace("\r\n", "\n").strip()
    if "\0" in text:
        raise UsageError(f"{called(field, specs)} takes text, and is given a character that is none (NUL).")
    if field.startswith(FIELDS):
        return _own(field, text, specs)
    if field not in OF_THE_ORDER:
        raise UsageError(f"There is no field {field}. There are: {', '.join([*OF_THE_ORDER, *_names(specs)])}.")
    title, longest = OF_THE_ORDER[field]
    if field == "ship_to.country" and text and not _COUNTRY.fullmatch(text):
        raise UsageError("Country takes the code of two capital letters, like DE.")
    if len(text) > longest:
        raise UsageError(f"{title} takes {longest} characters at most, and is given {len(text)}.")
    return text


def overridden(order: Order, said: Mapping[str, str]) -> Order:
    """Return the order with what people say in the place of what Shopify says; fields of the backend's own aside."""
    if not said:
        return order
    own = replace(
        order,
        email=_of(said, "email", order.email),
        phone=_of(said, "phone", order.phone),
        note=_of(said, "note", order.note),
        shipping_method=_of(said, "shipping_method", order.shipping_method),
    )
    parts = {name.removeprefix(SHIP_TO): text or None for name, text in said.items() if name.startswith(SHIP_TO)}
    if not parts:
        return own
    address = replace(order.shipping_address or _NOWHERE, **parts)
    # Where Shopify thinks that its own address is says nothing of another one.
    there = order.goes_to if parts.keys() <= {"first_name", "last_name", "company", "phone"} else None
    return replace(own, shipping_address=address, goes_to=there)


def said_of(order: Order, names: Collection[str]) -> Mapping[str, str | None]:
    """Return what an order says in these fields, but those of the backend's own."""
    parts = order.shipping_address or _NOWHERE
    whole = {
        **{f"{SHIP_TO}{one.name}": getattr(parts, one.name) for one in fields(Address)},
        "email": order.email,
        "phone": order.phone,
        "note": order.note,
        "shipping_method": order.shipping_method,
    }
    return {name: whole[name] for name in names if name in whole}


def _of(said: Mapping[str, str], name: str, otherwise: str | None) -> str | None:
    return said[name] or None if name in said else otherwise


_NOWHERE: Final = Address(None, None, None, None, None, None, None, None, None, None)


def _own(field: str, text: str, specs: Sequence[FieldSpec]) -> str:
    spec = next((one for one in specs if f"{FIELDS}{one.name}" == field), None)
    if spec is None:
        raise UsageError(f"The backend has no {field}. There are: {', '.join([*OF_THE_ORDER, *_names(specs)])}.")
    try:
        taken = spec.take(text)
    except Unfit as why:
        raise UsageError(f"{spec.title} {why}.") from why
    return "" if taken is None else taken.text


def _names(specs: Sequence[FieldSpec]) -> Sequence[str]:
    return [f"{FIELDS}{spec.name}" for spec in specs]
