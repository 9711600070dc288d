"""The inventory flow as the drain calls it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from crossdock.flows.inventory.act import Written, act
from crossdock.flows.inventory.decide import Decision, Push, decide, may_raise, must_read
from crossdock.flows.inventory.formula import Formula
from crossdock.flows.inventory.guard import Lately, guarded
from crossdock.flows.inventory.observe import observe, settled
from crossdock.flows.inventory.resume import resume
from crossdock.flows.inventory.settle import Outcome, look_of
from crossdock.flows.inventory.sight import Sight
from crossdock.model.connection import StockMode
from crossdock.model.ledger import Account
from crossdock.model.names import ConnectionId, InventoryItemId, LocationId, Units
from crossdock.model.plan import Plan
from crossdock.model.stock import AdjustAvailable, Level
from crossdock.pending.carrying_out import ours
from crossdock.pending.sources import Sources
from crossdock.pending.work import Claim, Look
from crossdock.store import level_news, stock_approvals, stock_ledger, stock_pushes
from crossdock.store.database import Database

LATELY: Final = timedelta(hours=1)
"""Levels that became empty within this time count as one push."""


@dataclass(frozen=True, slots=True)
class InventoryFlow:
    """Looks at the stock of one connection's items."""

    sources: Sources

    async def plan(self, keys: Sequence[str]) -> Sequence[Plan[Push]]:
        """Return what would be written for these items, and write nothing."""
        return [decision.plan for _, decision in await self._decided([InventoryItemId(key) for key in keys])]

    async def __call__(self, claims: Sequence[Claim]) -> Sequence[Look]:
        """Look at the claimed items."""
        ids = [InventoryItemId(claim.key) for claim in claims]
        await resume(self.sources, ids)
        decided = await self._decided(ids)
        changing = [(claim, *both) for claim, both in zip(claims, decided, strict=True) if both[1].plan.steps]
        written = await self._push(changing, claims[0].token)
        return [
            look_of(claim, Outcome(sight, decision, written.get(sight.id, {})))
            for claim, (sight, decision) in zip(claims, decided, strict=True)
        ]

    async def _decided(self, ids: Sequence[InventoryItemId]) -> Sequence[tuple[Sight, Decision]]:
        connection = self.sources.connection
        rules = connection.rules.inventory
        formula = Formula(rules, connection.warehouses)
        sights = await observe(self.sources, formula, ids, lambda sight: must_read(sight, formula, rules))
        rising = [sight for sight in sights if may_raise(sight, formula, rules)]
        surer = {sight.id: sight for sight in await settled(self.sources, rising)}
        sights = [surer.get(sight.id, sight) for sight in sights]
        decisions: Sequence[Decision] = [decide(sight, formula, rules) for sight in sights]
        if any(push.empties for decision in decisions for push in decision.plan.steps):
            async with self.sources.database.begin() as tx:
                emptied, stocked = await stock_ledger.zeroed_since(tx, connection.id, LATELY)
                approved = await stock_approvals.is_approved(tx, connection.id)
            decisions = guarded(decisions, Lately(emptied, stocked, approved), rules.guard)
        return list(zip(sights, decisions, strict=True))

    async def _push(
        self, changing: Sequence[tuple[Claim, Sight, Decision]], nonce: int
    ) -> Mapping[InventoryItemId, Mapping[LocationId, Written]]:
        """Write the levels; that it is tried, and what it rests on, is kept before."""
        if not changing:
            return {}
        database, connection = self.sources.database, self.sources.connection.id
        pushes = [push for *_, decision in changing for push in decision.plan.steps]
        targets = {push.ledger.level: None if push.mode is StockMode.DELTA else push.target for push in pushes}
        accounts = [account for *_, decision in changing for account in decision.accounts]
        loaded = {
            account.ledger.level: account.ledger.push for _, sight, _ in changing for account in sight.kept.values()
        }
        async with database.begin() as tx:
            # A worker that slept past its lease wakes up here: whoever has its objects now must not be crossed.
            if len(await ours(tx, [claim for claim, *_ in changing])) < len(changing):
                raise stock_ledger.LedgerMoved
            await stock_ledger.untouched(tx, connection, loaded)
            await stock_ledger.keep(tx, connection, [_tried(account, targets, nonce) for account in accounts])
            await level_news.forget(tx, connection, [one for _, sight, _ in changing for one in sight.news])
        of_item: dict[InventoryItemId, dict[LocationId, Written]] = defaultdict(dict)
        for one in await act(
            self.sources.storefront, connection, pushes, nonce, _Intents(database, connection, str(nonce))
        ):
            of_item[one.push.ledger.item][one.push.ledger.location] = one
        return of_item


@dataclass(frozen=True, slots=True)
class _Intents:
    """Additions are written down whole, to be repeated as they were; a level that is set says so itself."""

    database: Database
    connection: ConnectionId
    look: str

    async def tried(self, key: str, pushes: Sequence[Push]) -> None:
        if pushes[0].mode is StockMode.DELTA:
            async with self.database.begin() as tx:
                rows = [AdjustAvailable(*push.ledger.level, push.units) for push in pushes]
                await stock_pushes.tried(tx, self.connection, key, self.look, rows)

    async def refused(self, key: str, pushes: Sequence[Push]) -> None:
        if pushes[0].mode is StockMode.DELTA:
            async with self.database.begin() as tx:
                await stock_pushes.refused(tx, self.connection, key, self.look)


def _tried(account: Account, targets: Mapping[Level, Units | None], nonce: int) -> Account:
    if account.ledger.level not in targets:
        return account
    return replace(account, ledger=replace(account.ledger, push=str(nonce), pushing=targets[account.ledger.level]))
