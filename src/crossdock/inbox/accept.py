"""
Durable acceptance: whoever is told "accepted" will find the delivery in the database, whatever happens next.

A commit that reaches the disk costs the same for one delivery as for fifty. So whatever arrives while a group is
being written goes together into the next one; a delivery that comes alone is written at once.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import structlog

from crossdock.kit.errors import TryAgain
from crossdock.store import inbox
from crossdock.store.complaints import DatabaseUnavailable, explained
from crossdock.store.database import Database, Tx
from crossdock.store.inbox import Arrival

GROUP_DELIVERIES = 500
GROUP_BYTES = 8 * 1024 * 1024
"""One statement's worth of bodies; a delivery larger than that travels alone."""

WRITERS = 2
"""Groups under way at once: one is read and answered here while the database writes the other."""

BACKLOG_BYTES = 64 * 1024 * 1024
"""How much may wait for the database before new deliveries are sent away to come again later."""

_log = structlog.get_logger()


class Receipt(StrEnum):
    """What became of a delivery that is now in the database."""

    NEW = "new"
    KNOWN = "known"
    """It was there already; nothing was added."""


class TooBusy(TryAgain):
    """More deliveries wait than the database takes in."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    arrival: Arrival
    receipt: asyncio.Future[Receipt]


class Acceptance:
    """Keeps deliveries, in groups. One per process and event loop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: deque[_Waiting] = deque()
        self._waiting_bytes = 0
        self._writers: set[asyncio.Task[None]] = set()

    async def accept(self, arrival: Arrival) -> Receipt:
        """
        Return once the delivery and its news are committed.

        Raises TryAgain where the database cannot take it in now; then it is not known whether it was kept, and
        sending it again is right.
        """
        if self._waiting_bytes > BACKLOG_BYTES:
            raise TooBusy("Deliveries arrive faster than the database takes them in; send this one again later.")
        receipt: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(arrival, receipt))
        self._waiting_bytes += len(arrival.body)
        if len(self._writers) < WRITERS:
            writer = asyncio.create_task(self._write_all())
            self._writers.add(writer)
            writer.add_done_callback(self._writers.discard)
        return await receipt

    async def _write_all(self) -> None:
        while self._waiting:
            group = self._next_group()
            try:
                async with self._database.statements() as tx:
                    await self._write(tx, group)
                    while self._waiting:
                        group = self._next_group()
                        await self._write(tx, group)
            except DatabaseUnavailable as error:
                _fail(group, error)

    def _next_group(self) -> list[_Waiting]:
        group: list[_Waiting] = []
        size = 0
        while self._waiting and len(group) < GROUP_DELIVERIES:
            size += len(self._waiting[0].arrival.body)
            if group and size > GROUP_BYTES:
                break
            group.append(self._waiting.popleft())
        self._waiting_bytes -= sum(len(one.arrival.body) for one in group)
        return group

    async def _write(self, tx: Tx, group: Sequence[_Waiting]) -> None:
        """Write a group as one, or each by itself where it fails as one: a bad delivery must harm only itself."""
        try:
            await self._commit(tx, group)
        except DatabaseUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - whatever the driver raises, each waiting request gets an answer
            if len(group) == 1:
                arrival = group[0].arrival
                # Only the error's kind: its text repeats the statement's parameters, and with them the body.
                kind = type(error.__cause__ or error).__name__
                _log.error("a delivery cannot be kept", store=arrival.store, topic=arrival.topic, error=kind)
                _fail(group, error)
                return
            for one in group:
                await self._write(tx, [one])

    async def _commit(self, tx: Tx, group: Sequence[_Waiting]) -> None:
        # The same delivery may be in a group twice; it is kept once.
        arrivals = {_identity(one.arrival): one.arrival for one in group}
        with explained():
            new = set(await inbox.keep(tx, list(arrivals.values())))
        for one in group:
            identity = _identity(one.arrival)
            _settle(one, Receipt.NEW if identity in new else Receipt.KNOWN)
            new.discard(identity)


def _identity(arrival: Arrival) -> tuple[str, str]:
    return arrival.store, arrival.webhook_id


def _settle(one: _Waiting, receipt: Receipt) -> None:
    if not one.receipt.done():  # whoever waited may have gone
        one.receipt.set_result(receipt)


def _fail(group: Sequence[_Waiting], error: Exception) -> None:
    for one in group:
        if not one.receipt.done():
            one.receipt.set_exception(error)
