"""Forgets a customer: at the backends, in what was said, in exchanges, in deliveries. Each step may be done again."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Final, TypeAlias

from crossdock.edge.privacy.about import words
from crossdock.edge.privacy.find import Found, find
from crossdock.kit.batches import batched
from crossdock.kit.errors import Refused, TryAgain
from crossdock.kit.wording import counted
from crossdock.model.cause import Cause, Hold
from crossdock.model.connection import Connection
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, RequestKey
from crossdock.model.override import SHIP_TO
from crossdock.model.privacy import PrivacyRequest, Standing
from crossdock.ports.backend import PersonalData
from crossdock.store import erasure, holds, inbox, overrides, privacy, watermarks
from crossdock.store.database import Database
from crossdock.store.requests import Asked

BackendOf: TypeAlias = Callable[[Connection], Awaitable[PersonalData]]
"""Opens a connection's backend. One that cannot forget people raises Refused when it is asked to."""

BATCH: Final = 200

NAMED: Final = 50
"""How many orders a sentence names."""


@dataclass(slots=True)
class Left:
    """What a backend has not forgotten: for good (`refused`), until goods have left (`open`), or for now (`silent`)."""

    refused: dict[ConnectionId, tuple[Refused, list[str]]] = field(default_factory=dict)
    open: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)

    @property
    def by_hand(self) -> dict[ConnectionId, str]:
        """What a person has to do where a backend cannot, by connection."""
        return {
            connection: f"{error} Orders there: {', '.join(names[:NAMED])}"
            + (f", and {len(names) - NAMED} more." if len(names) > NAMED else ".")
            for connection, (error, names) in self.refused.items()
        }


async def erase(database: Database, request: PrivacyRequest, backend_of: BackendOf) -> None:
    """
    Forget the customer of a request as far as that is possible now, and write down what came of it.

    Goods that may still leave keep their address until they have, or until the request is due; a backend that does
    not answer is asked again at the next try; one that cannot forget is left to a person, by a hold.
    """
    found = await find(database, request.store, request.person)
    async with database.begin() as tx:
        await privacy.add_orders(tx, request.id, found.person.orders)
        now = await watermarks.now(tx)
    left = Left()
    named = set(found.words)
    for connection, asked in found.asked:
        for terms in (one.terms for one in asked if one.terms is not None):
            named |= words(asdict(terms.request))
        async with database.begin() as tx:
            said = await overrides.of_orders(tx, connection.id, found.person.orders)
        for some in said.values():
            named |= words({name.removeprefix(SHIP_TO): one.value for name, one in some.items()})
        named |= await forget_at_backend(database, connection, asked, backend_of, left)
    await _forget_here(database, request, found, named)
    many = counted(len(found.person.orders), "order")
    done = f"Erased: whatever named the customer in deliveries, exchanges and sentences, and the people behind {many}."
    await _settle(database, request, left, done, now)


async def forget_at_backend(
    database: Database, connection: Connection, asked: Sequence[Asked], backend_of: BackendOf, left: Left
) -> set[str]:
    """Have a backend and the hub forget the people behind these requests; add what was kept to `left`, return words."""
    named: set[str] = set()
    names = {one.key: one.reference or one.name for one in asked}
    for keys in batched(list(names), BATCH):
        kept: Sequence[RequestKey] = ()
        try:
            backend = await backend_of(connection)
            for held in (await backend.personal_data(keys)).values():
                named |= words(held)
            kept = await backend.redact(keys)
        except Refused as error:
            left.refused.setdefault(connection.id, (error, []))[1].extend(names[key] for key in keys)
        except TryAgain as error:
            left.silent.append(str(error))
            return named
        left.open += [names[key] for key in kept]
        async with database.begin() as tx:
            await erasure.forget_people(tx, connection.id, [key for key in keys if key not in set(kept)])
    return named


async def _forget_here(database: Database, request: PrivacyRequest, found: Found, named: set[str]) -> None:
    """Forget in the hub's own tables; deliveries last, for they tell what to look for should this be done again."""
    orders = found.person.orders
    for connection, asked in found.asked:
        keys = [one.key for one in asked]
        async with database.begin() as tx:
            await erasure.forget_sentences(tx, connection.id, orders, keys, named)
            await overrides.forget(tx, connection.id, orders)
    keys = [one.key for _, asked in found.asked for one in asked]
    async with database.begin() as tx:
        await erasure.forget_exchanges(tx, request.store, orders, keys)
    for ids in batched(found.deliveries, BATCH):
        async with database.begin() as tx:
            await inbox.empty(tx, request.store, ids)


async def _settle(database: Database, request: PrivacyRequest, left: Left, done: str, now: datetime) -> None:
    goes_on = left.silent or (left.open and now < request.due_at)
    by_hand = [*left.by_hand.values()]
    if left.open:
        by_hand.append(f"Goods may still leave for {', '.join(left.open)}; where they go is kept until then.")
    async with database.begin() as tx:
        if goes_on:
            await privacy.say(tx, request.id, " ".join([done, *by_hand, *left.silent]))
        elif by_hand:
            await privacy.settle(tx, request.id, Standing.BY_HAND, " ".join([done, *by_hand]))
        else:
            await privacy.settle(tx, request.id, Standing.DONE, done)
        for connection, sentence in left.by_hand.items():
            detail = f"Privacy request {request.id}: {sentence}"
            hold = Hold(Cause.PERSONAL_DATA_REMAINS, detail)
            await holds.hold(tx, connection, Flow.ORDERS, {privacy.hold_key(request): hold})
