"""All that is held of one customer, in one document that can be handed over."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crossdock.edge.privacy.erase import BackendOf
from crossdock.edge.privacy.find import Found, find
from crossdock.kit.errors import Refused
from crossdock.model.names import ShopDomain
from crossdock.model.privacy import PrivacyRequest
from crossdock.store import inbox, watermarks
from crossdock.store.database import Database
from crossdock.store.reads.person import held_rows


@dataclass(frozen=True, slots=True)
class Dossier:
    """
    What is held of a customer, as of `at`.

    `connections` has, by connection, the hub's rows and under `backend` what the backend said, or why it could not
    say; `deliveries` are Shopify's messages that name the customer, as they came.
    """

    request: int
    store: ShopDomain
    at: datetime
    due_at: datetime
    customer: str | None
    orders: Sequence[str]
    connections: Mapping[str, Mapping[str, Any]]
    deliveries: Sequence[Mapping[str, Any]]


async def dossier(database: Database, request: PrivacyRequest, backend_of: BackendOf) -> Dossier:
    """Gather all that is held of the customer of a request. Raises TryAgain where a backend does not answer now."""
    found = await find(database, request.store, request.person)
    async with database.begin() as tx:
        at = await watermarks.now(tx)
        kept = await inbox.read(tx, request.store, found.deliveries)
    return Dossier(
        request=request.id,
        store=request.store,
        at=at,
        due_at=request.due_at,
        customer=request.person.customer,
        orders=found.person.orders,
        connections=await _connections(database, request.store, found, backend_of),
        deliveries=[
            {"topic": one.topic, "received_at": one.received_at.isoformat(), "body": _readable(one.body)}
            for one in kept
        ],
    )


async def _connections(
    database: Database, store: ShopDomain, found: Found, backend_of: BackendOf
) -> Mapping[str, Mapping[str, Any]]:
    held: dict[str, Mapping[str, Any]] = {}
    for connection, asked in found.asked:
        keys = [one.key for one in asked]
        async with database.begin() as tx:
            rows = await held_rows(tx, store, connection.id, found.person.orders, keys)
        said: Any
        try:
            said = dict(await (await backend_of(connection)).personal_data(keys)) if keys else {}
        except Refused:
            said = "This backend does not say what it holds of people. Export it there by hand."
        held[connection.id] = {**rows, "backend": said}
    return held


def _readable(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode(errors="replace")
