"""How long the hub keeps what it does not need for its work."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Something that is kept for a while."""

    INBOX = "inbox"
    EXCHANGES = "exchanges"
    TIMELINE = "timeline"
    STOCK = "stock"
    PEOPLE = "people"
    LOGINS = "logins"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True)
class Keeping:
    """What a kind is, in words; for how many days it is kept where nobody says otherwise, and for how many at least."""

    what: str
    days: int
    least: int


# The least of the inbox: Shopify repeats a delivery over 4 hours (Shopify docs, 2026-07), and one that is known is
# not news again. The least of exchanges and time line: a person looks at what happened yesterday. The least of logins:
# a session that nobody used for a day is over. The least of the audit trail: nobody covers their tracks overnight.
KEEPING: Mapping[Kind, Keeping] = {
    Kind.INBOX: Keeping("Webhooks as they came", 30, 2),
    Kind.EXCHANGES: Keeping("Calls to Shopify and their answers", 30, 1),
    Kind.TIMELINE: Keeping("What happened to orders that are closed, and differences that are settled", 365, 1),
    Kind.STOCK: Keeping("What was published of each level, and when", 30, 1),
    Kind.PEOPLE: Keeping("Customers' addresses at the backend, after the order was closed", 90, 1),
    Kind.LOGINS: Keeping("Attempts to log in, and sessions and links that are over", 30, 1),
    Kind.AUDIT: Keeping("Who changed what", 730, 90),
}
