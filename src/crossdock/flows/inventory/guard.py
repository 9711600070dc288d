"""Stops a push that would empty too much at once, until a person approves it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from crossdock.flows.inventory.decide import Decision
from crossdock.kit.wording import counted
from crossdock.model.cause import Cause, Hold
from crossdock.model.connection import MassChange


@dataclass(frozen=True, slots=True)
class Lately:
    """What writes of ours took to zero within the last hour, of how many levels that have stock at Shopify."""

    emptied: int
    stocked: int
    approved: bool
    """A person has approved that many levels become empty now."""


def guarded(decisions: Sequence[Decision], lately: Lately, guard: MassChange) -> Sequence[Decision]:
    """Return the decisions; where too many levels would become empty, those that empty one are held instead."""
    emptying = sum(push.empties for decision in decisions for push in decision.plan.steps)
    emptied = lately.emptied + emptying
    if not emptying or lately.approved or not guard.stops(emptied, lately.stocked):
        return decisions
    return [_held(decision, emptied, lately.stocked) for decision in decisions]


def _held(decision: Decision, emptied: int, stocked: int) -> Decision:
    plan = decision.plan
    kept = tuple(push for push in plan.steps if not push.empties)
    if len(kept) == len(plan.steps):
        return decision
    detail = (
        f"{plan.title} would become empty, and {counted(emptied, 'level')} of {stocked} with it within an hour. "
        "That looks like a mistake at the warehouse."
    )
    return replace(decision, plan=replace(plan, steps=kept, rest=Hold(Cause.MASS_CHANGE, detail)))
