"""What Shopify's user errors mean. Many carry no code, so their text is all there is: this is the one place for it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crossdock.kit.errors import HubError, Refused
from crossdock.shopify.refusals import StateMoved


@dataclass(frozen=True, slots=True)
class Meaning:
    """How a message is taken, and what a person can do about it."""

    error: type[HubError]
    remedy: str


_READ_AGAIN = Meaning(StateMoved, "The hub reads the order again and decides anew.")
_GONE = Meaning(StateMoved, "It was split, moved, merged or cancelled; the hub reads the order again.")
_RETURN_MOVED = Meaning(StateMoved, "The hub reads the return again and decides anew.")

# Recorded answers (2026-04); order matters, the first match counts.
_MEANINGS: tuple[tuple[re.Pattern[str], Meaning], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), meaning)
    for pattern, meaning in (
        (r"has an unfulfillable status", _READ_AGAIN),
        (r"invalid fulfillment order line item quantity", _READ_AGAIN),
        (r"fulfillment order line item does not exist", _GONE),
        (r"fulfillment order does not exist", _GONE),
        (r"already been cancell?ed|cancellation is already in progress", _READ_AGAIN),
        (r"calculated order does not exist", _READ_AGAIN),
        (r"fulfillment does not exist|fulfillment not found", _READ_AGAIN),
        (r"return is not approvable|return status is invalid", _RETURN_MOVED),
        (r"return line item has an invalid quantity|more items than are returned", _RETURN_MOVED),
        (r"expected fulfillment order (request )?status to be", _READ_AGAIN),
        (
            r"assigned fulfillment service must be",
            Meaning(Refused, "Answer the request from the fulfillment service's own app."),
        ),
        (r"cannot change location", _READ_AGAIN),
        (r"no items are stocked at this location", Meaning(Refused, "Stock them at that location in Shopify.")),
        (r"location not found", Meaning(Refused, "It is closed on Shopify: open it, or take it off the map.")),
        (r"3pl fulfillment service", Meaning(Refused, "Withdraw the request to the service in Shopify first.")),
        (r"has had progress reported", Meaning(Refused, "Mark it as open in Shopify first.")),
        (r"must belong to the same order", Meaning(Refused, "The package holds lines of several orders; correct it.")),
        (r"must be assigned to a single location", Meaning(Refused, "The lines now ship from several locations.")),
        (r"quantity must be greater than 0", Meaning(Refused, "The package holds a line without units; correct it.")),
        (r"protocol http:// is not supported", Meaning(Refused, "Give the hub a public https:// address.")),
        (r"cannot be a shopify or an internal domain", Meaning(Refused, "Give the hub a public https:// address.")),
    )
)
_UNKNOWN = Meaning(Refused, "Correct it in Shopify's admin, then look at the object again.")

FULFILLMENT_CANCELLED = re.compile(r"already (been )?cancell?ed", re.IGNORECASE)
"""Assumed: recorded answers (2026-04) cancel a second time without an error."""
HOLD_GONE = re.compile(r"is not on hold|hold could not be found", re.IGNORECASE)
"""The first recorded 2026-04, the second assumed."""
SUBSCRIPTION_TAKEN = re.compile(r"already been taken", re.IGNORECASE)
SUBSCRIPTION_GONE = re.compile(r"subscription does not exist", re.IGNORECASE)


def complaint(what: str, messages: Sequence[str]) -> HubError:
    """
    Return the error for user errors of one mutation; `what` says what was tried, as a sentence's subject.

    An unknown message is a refusal: a person has to look.
    """
    said = "; ".join(message.rstrip(".") for message in messages)
    meaning = next(
        (meaning for message in messages for pattern, meaning in _MEANINGS if pattern.search(message)), _UNKNOWN
    )
    return meaning.error(f"{what} was refused by Shopify: {said}. {meaning.remedy}")
