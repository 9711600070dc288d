"""Whether a delivery is about a person, and by which words it names them: pure functions of its payload."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crossdock.inbox import topics
from crossdock.model.names import OrderId
from crossdock.model.privacy import Person

_ORDER = "gid://shopify/Order/"

_NAMING = frozenset(
    {"firstname", "lastname", "displayname", "company", "address1", "address2", "phone", "email", "contactemail"}
)
"""Keys whose value tells who somebody is or where they live, in lower case and without underscores."""

_FEWEST_LETTERS = 3
"""A shorter word is in too many others to be taken out of a sentence by itself."""

_FEWEST_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Mention:
    """What one delivery says of a person: the orders that it is about, and the words that name them."""

    orders: tuple[OrderId, ...]
    words: frozenset[str]


def mention(topic: str, body: bytes, person: Person, keys: Iterable[str]) -> Mention | None:
    """
    Return what a delivery says of a person, None where it does not speak of them.

    It does where it is about one of their orders or of `keys` (their orders' fulfillment orders), or names the
    customer by id or e-mail, or by phone where the request gives nothing else. Payload shapes: Shopify docs, 2026-07.
    """
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        named = person.email is not None and person.email.lower().encode() in body.lower()
        return Mention((), frozenset()) if named else None
    subjects = {subject.key for subject in topics.read(topic, body).subjects}
    if not (subjects & {*person.orders, *keys} or _names(topic, payload, person)):
        return None
    return Mention(tuple(OrderId(key) for key in sorted(subjects) if key.startswith(_ORDER)), words(payload))


def words(value: Any) -> frozenset[str]:
    """Return the words by which a JSON value names people: names, streets, e-mails, phones."""
    return frozenset(word for word in _words(value) if len(word) >= _FEWEST_LETTERS)


def _words(value: Any) -> Iterator[str]:
    for inner in _dicts(value):
        naming = {_plain(key): text.strip() for key, text in inner.items() if isinstance(text, str)}
        yield from (text for key, text in naming.items() if key in _NAMING)
        first, last = naming.get("firstname", ""), naming.get("lastname", "")
        if first and last:
            yield f"{first} {last}"
        if "name" in naming and naming.keys() & {"address1", "firstname", "lastname"}:
            yield naming["name"]


def _names(topic: str, payload: Any, person: Person) -> bool:
    """Tell whether the customer is named, by id, e-mail or phone."""
    ids = set() if person.customer is None else {person.customer, person.customer.rpartition("/")[2]}
    if topic.startswith("customers/") and isinstance(payload, Mapping) and _is(payload, ids):
        return True
    email = (person.email or "").lower()
    # A household shares a telephone: it counts only where nothing else tells who is meant.
    phone = "" if ids or email else _digits(person.phone)
    for inner in _dicts(payload):
        customer = inner.get("customer")
        if isinstance(customer, Mapping) and _is(customer, ids):
            return True
        for key, value in inner.items():
            if _plain(key) == "customerid" and str(value) in ids:
                return True
            if isinstance(value, str) and email and value.lower() == email:
                return True
            if _plain(key) == "phone" and len(phone) >= _FEWEST_DIGITS and _digits(value) == phone:
                return True
    return False


def _is(customer: Mapping[str, Any], ids: set[str]) -> bool:
    return bool(ids & {str(customer.get("id")), str(customer.get("admin_graphql_api_id"))})


def _dicts(value: Any) -> Iterator[Mapping[str, Any]]:
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, Mapping):
            yield one
            left.extend(one.values())
        elif isinstance(one, list):
            left.extend(one)


def _plain(key: str) -> str:
    return key.replace("_", "").lower()


def _digits(value: object) -> str:
    return re.sub(r"\D", "", value) if isinstance(value, str) else ""
