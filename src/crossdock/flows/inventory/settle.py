"""What a look at one item leaves behind: its levels as they are kept now, the drift it found, and who looks next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from crossdock.flows.inventory.act import Written
from crossdock.flows.inventory.decide import Decision
from crossdock.flows.inventory.sight import Sight
from crossdock.model.called import called
from crossdock.model.cause import Cause, Hold
from crossdock.model.flow import Flow
from crossdock.model.ledger import Account, doubted
from crossdock.model.names import LocationId
from crossdock.model.plan import Wait
from crossdock.pending.mark import mark
from crossdock.pending.work import Claim, Look, Rest
from crossdock.store import commitments, level_news, stock_drift, stock_ledger
from crossdock.store.database import Tx

AFTER_A_SALE: Final = timedelta(milliseconds=200)
"""How soon to look again where Shopify's stock moved between our look and our write."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was seen of one item, what was decided, and what became of each row."""

    sight: Sight
    decision: Decision
    written: Mapping[LocationId, Written]

    @property
    def rest(self) -> Rest:
        """How the item rests: what Shopify refused outranks what the plan left open."""
        for location, one in self.written.items():
            if one.refused is not None and not one.refused.stale:
                place = called(location, self.sight.places)
                detail = f"{self.sight.item} at {place}: {one.refused.message}"
                return Hold(Cause.STOCK_REFUSED, detail, (self.sight.id,))
        if any(one.refused is not None for one in self.written.values()):
            return Wait(AFTER_A_SALE, "Shopify's stock moved while we looked; look again.")
        return self.decision.plan.rest

    @property
    def accounts(self) -> Sequence[Account]:
        """The levels that are to be kept anew."""
        after = [self._after(account) for account in self.decision.accounts]
        return [account for account in after if self.written or self._differs(account)]

    @property
    def gone(self) -> Sequence[LocationId]:
        """Where Shopify no longer stocks the item."""
        return sorted(self.sight.kept.keys() - self.sight.ledgers.keys()) if self.sight.was_read else []

    @property
    def concerns_relatives(self) -> bool:
        """Whether the figures have moved from which those of kits and components are worked out."""
        before = {place: (kept.decided.backend, kept.decided.unseen) for place, kept in self.sight.kept.items()}
        return any(
            before.get(account.ledger.location) != (account.decided.backend, account.decided.unseen)
            for account in self.decision.accounts
        )

    def _after(self, account: Account) -> Account:
        ledger = account.ledger
        if not self.written:
            return account
        ledger = replace(ledger, version=ledger.version + 1)  # it was kept once before the write was tried
        one = self.written.get(ledger.location)
        if one is None:
            return replace(account, ledger=ledger)
        if one.refused is not None:
            return replace(account, ledger=doubted(ledger) if one.refused.stale else ledger)
        push = one.push
        ledger = replace(ledger, believed=push.target, supplied=push.supplied, written_at=self.sight.now)
        return replace(account, ledger=ledger, zeroed=push.empties)

    def _differs(self, account: Account) -> bool:
        kept = self.sight.kept.get(account.ledger.location)
        if kept is None:
            return True
        # A later reading that says the same is no reason to write.
        return account != replace(kept, decided=replace(kept.decided, sequence=account.decided.sequence))


def look_of(claim: Claim, outcome: Outcome) -> Look:
    """Return the look: how the item rests, and what commits with that."""
    sight = outcome.sight

    async def write(tx: Tx) -> None:
        await stock_ledger.keep(tx, claim.connection, outcome.accounts)
        await stock_ledger.drop(tx, claim.connection, sight.id, outcome.gone)
        await stock_drift.record(tx, claim.connection, outcome.decision.drift)
        if not outcome.written:  # else it was forgotten before the write was tried
            await level_news.forget(tx, claim.connection, sight.news)
        if outcome.decision.to_know is not None:
            strange = await commitments.orders_for(tx, claim.connection, sight.id, outcome.decision.to_know)
            await mark(tx, claim.connection, Flow.ORDERS, strange, f"the stock of {sight.item} does not add up")
        if outcome.concerns_relatives:
            await mark(tx, claim.connection, Flow.INVENTORY, sight.relatives, f"{sight.item} moved")

    return Look(claim, outcome.rest, write)
