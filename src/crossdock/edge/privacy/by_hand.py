"""What people do about personal data, from whichever face; each written down with who did it, never with the data."""

import secrets
from collections.abc import Sequence
from typing import Protocol

from crossdock.edge.privacy.dossier import Dossier
from crossdock.kit.errors import UsageError
from crossdock.model.deed import Deed
from crossdock.model.names import OrderId, ShopDomain
from crossdock.model.people import Actor
from crossdock.model.privacy import Person, PrivacyRequest, Wish
from crossdock.store import audit, privacy, stores
from crossdock.store.database import Database, Tx

DONE = "Done by hand."


class DossierOf(Protocol):
    """Gathers all that is held of the customer of a privacy request, at the backends too."""

    async def __call__(self, number: int) -> Dossier:
        """Return it. Raises UsageError where there is no such request, or it asks for something else."""
        ...


async def export(database: Database, by: Actor, number: int, dossier_of: DossierOf) -> Dossier:
    """Return all that is held of a request's customer, once it is written down who has it. Raises as `dossier_of`."""
    held = await dossier_of(number)
    async with database.begin() as tx:
        after = {"store": held.store, "customer": held.customer, "orders": len(held.orders)}
        await audit.record(tx, by, Deed.PERSONAL_DATA_EXPORTED, _named(number), after=after)
    return held


def person_named(customer: int | None, email: str | None, orders: Sequence[int]) -> Person:
    """Return whom somebody means by Shopify's numbers and an e-mail. Raises UsageError where nothing tells who."""
    if customer is None and not email and not orders:
        raise UsageError("Say who is to be forgotten: by the customer's number, their e-mail, or an order's number.")
    return Person(
        customer=None if customer is None else f"gid://shopify/Customer/{customer}",
        email=email or None,
        orders=tuple(OrderId(f"gid://shopify/Order/{one}") for one in orders),
    )


async def ask_to_erase(tx: Tx, by: Actor, store: ShopDomain, person: Person) -> int:
    """
    Have a customer forgotten on a person's word, and return the request's number; a worker carries it out.

    Raises UnknownStore.
    """
    await stores.get(tx, store)
    number = await privacy.ask(tx, store, f"by hand {secrets.token_hex(8)}", Wish.ERASE, person)
    if number is None:
        raise AssertionError("a number drawn at random was drawn before")
    after = {"store": store, "customer": person.customer, "orders": list(person.orders)}
    await audit.record(tx, by, Deed.ERASURE_ASKED, _named(number), after=after)
    return number


async def finish(tx: Tx, by: Actor, number: int, note: str = DONE) -> PrivacyRequest:
    """
    Take a person's word that the rest of a request is done, and return it as it stands now.

    `note` is added to what was said of it; one that is settled stays as it is. Raises UsageError where there is no such
    request, or the hub itself is not done with it.
    """
    request = await privacy.get(tx, number)
    if request.done_at is not None:
        return request
    await privacy.finish(tx, request, note if request.said is None else f"{request.said} {note}")
    finished = await privacy.get(tx, number)
    before, after = {"standing": request.standing}, {"standing": finished.standing}
    await audit.record(tx, by, Deed.PRIVACY_REQUEST_FINISHED, _named(number), before=before, after=after)
    return finished


def _named(number: int) -> str:
    return f"privacy request {number}"
