"""Finds what the hub holds of a person: their orders and requests by connection, and the deliveries that name them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from crossdock.edge.privacy.about import mention
from crossdock.model.connection import Connection
from crossdock.model.names import OrderId, ShopDomain
from crossdock.model.privacy import Person
from crossdock.store import connections, inbox, requests
from crossdock.store.database import Database
from crossdock.store.inbox import Kept
from crossdock.store.requests import Asked

PAGE = 200
"""Deliveries read at once; an order's is some ten kilobytes."""


@dataclass(frozen=True, slots=True)
class Found:
    """What is held: the person with all their orders, the requests for these, deliveries, and words that name them."""

    person: Person
    asked: Sequence[tuple[Connection, Sequence[Asked]]]
    deliveries: Sequence[str]
    words: frozenset[str]


async def find(database: Database, store: ShopDomain, person: Person) -> Found:
    """
    Return what the hub holds of a person.

    Orders that the request does not name are found by the deliveries that name the customer, as far as those are kept;
    so it takes two rounds: what a delivery says of a fulfillment order is about the person once the order is.
    """
    while True:
        async with database.begin() as tx:
            tied = await connections.of_store(tx, store)
            by_order = [(one, await requests.of_orders(tx, one.id, person.orders)) for one in tied]
        asked = [(one, [each for some in found.values() for each in some]) for one, found in by_order]
        keys = [each.key for _, some in asked for each in some]
        deliveries, orders, words = await _read(database, store, person, keys)
        whole = tuple(dict.fromkeys((*person.orders, *orders)))
        if whole == person.orders:
            return Found(person, asked, deliveries, words)
        person = replace(person, orders=whole)


async def _read(
    database: Database, store: ShopDomain, person: Person, keys: Sequence[str]
) -> tuple[list[str], list[OrderId], frozenset[str]]:
    ids: list[str] = []
    orders: list[OrderId] = []
    words: set[str] = set()
    last: Kept | None = None
    while True:
        async with database.begin() as tx:
            page = await inbox.kept_since(tx, store, last, PAGE)
        for one in page:
            said = mention(one.topic, one.body, person, keys)
            if said is not None:
                ids.append(one.webhook_id)
                orders += said.orders
                words |= said.words
        if len(page) < PAGE:
            return ids, orders, frozenset(words)
        last = page[-1]
