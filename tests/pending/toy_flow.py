"""One flow of one connection over a real database, whose clock a test may move; and a flow that does as told."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId
from crossdock.pending.drain import Drained, drain
from crossdock.pending.mark import mark
from crossdock.pending.work import Claim, Handler, Look, Rest
from crossdock.store.database import Database
from crossdock.store.holds import Held, held

ACME = ConnectionId("acme-wms")


@dataclass
class Lane:
    """Marks, drains and shows what is left. Time passes as it does, and at once by `pass_time`."""

    database: Database
    _passed: timedelta = field(default=timedelta(0))

    async def mark(self, *keys: str, due_in: timedelta = timedelta(0), reason: str = "a test asked") -> None:
        async with self.database.begin() as tx:
            await mark(tx, ACME, Flow.ORDERS, keys, reason, due_in)

    async def drain(self, handler: Handler, **terms: Any) -> Drained:
        return await drain(self.database, handler, ACME, Flow.ORDERS, "tester", **{"chance": lambda: 0.5, **terms})

    async def rows(self) -> dict[str, Mapping[str, Any]]:
        async with self.database.begin() as tx:
            return {row["key"]: dict(row) for row in (await tx.execute(text("SELECT * FROM pending"))).mappings()}

    async def held(self) -> dict[str, Held]:
        async with self.database.begin() as tx:
            return {each.key: each for each in await held(tx, ACME)}

    async def pass_time(self, time: timedelta) -> None:
        self._passed += time
        async with self.database.begin() as tx:
            await tx.execute(
                text(
                    "CREATE OR REPLACE FUNCTION hub_now() RETURNS timestamptz LANGUAGE sql STABLE AS "
                    f"'SELECT statement_timestamp() + interval ''{self._passed.total_seconds()} seconds'''"
                )
            )


class ToyFlow:
    """
    Remembers its claims, batch by batch, and lets each object rest as told.

    `meanwhile` runs once, in the middle of the first look.
    """

    def __init__(
        self, rest: Rest | Mapping[str, Rest] = None, meanwhile: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        self.batches: list[list[str]] = []
        self.claims: list[Claim] = []
        self._rest = rest
        self._meanwhile = meanwhile

    async def __call__(self, claims: Sequence[Claim]) -> Sequence[Look]:
        self.batches.append([claim.key for claim in claims])
        self.claims.extend(claims)
        meanwhile, self._meanwhile = self._meanwhile, None
        if meanwhile is not None:
            await meanwhile()
        return [Look(claim, self._rest_of(claim.key)) for claim in claims]

    def _rest_of(self, key: str) -> Rest:
        return self._rest.get(key) if isinstance(self._rest, Mapping) else self._rest
