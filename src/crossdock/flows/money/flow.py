"""The money flow as the drain calls it."""

from collections.abc import Sequence
from dataclasses import dataclass

from crossdock.flows.money.act import Acted, act, keep
from crossdock.flows.money.decide import decide, questions
from crossdock.flows.money.observe import observe
from crossdock.flows.money.refunding import what
from crossdock.flows.money.sight import Sight
from crossdock.flows.money.steps import Book, Capture, GiveBack, MoneyStep, Note
from crossdock.flows.money.story import events
from crossdock.model.flow import Flow
from crossdock.model.money_move import Dealt
from crossdock.model.names import OrderId
from crossdock.model.plan import Plan
from crossdock.pending.mark import mark
from crossdock.pending.sources import Sources
from crossdock.pending.work import Claim, Look
from crossdock.store import credit_documents, money_moves, timeline
from crossdock.store.database import Tx
from crossdock.store.timeline import Event


@dataclass(frozen=True, slots=True)
class MoneyFlow:
    """Looks at the money of one connection's orders."""

    sources: Sources

    async def plan(self, keys: Sequence[str]) -> Sequence[Plan[MoneyStep]]:
        """Return what would be done about the money of these orders, and do nothing."""
        return [decide(sight) for sight in await observe(self.sources, [OrderId(key) for key in keys])]

    async def __call__(self, claims: Sequence[Claim]) -> Sequence[Look]:
        """Look at the money of the claimed orders."""
        sights = await observe(self.sources, [OrderId(claim.key) for claim in claims])
        acted = await act(self.sources, claims, [decide(sight) for sight in sights])
        return [_settled(claim, sight, one) for claim, sight, one in zip(claims, sights, acted, strict=True)]


def _settled(claim: Claim, sight: Sight, acted: Acted) -> Look:
    connection, order = claim.connection, OrderId(claim.key)

    async def write(tx: Tx) -> None:
        await keep(tx, connection, acted)
        for one in acted.done:
            match one.step:
                case Book(credit):
                    await credit_documents.dealt(tx, connection, credit, Dealt.TOLD, one.reference)
                case Note(credit, ask):
                    await credit_documents.dealt(tx, connection, credit, Dealt.WAITS if ask else Dealt.NOTED)
                case _:
                    pass
        for question in questions(sight):
            await money_moves.asked(tx, connection, order, question.request.key, what(question.request))
        if any(isinstance(one.step, Capture | GiveBack) for one in acted.done):
            await mark(tx, connection, Flow.ORDERS, [order], "its money moved")
        told = events(sight, acted)
        await timeline.tell_many(tx, [Event(connection, order, Flow.MONEY, *event) for event in told])

    return Look(claim, acted.rest, write)
