"""Putting a batch off whose flow does not work at this hour: as if it had not been looked at."""

from collections.abc import Sequence
from datetime import datetime

from crossdock.kit.errors import NotNow
from crossdock.model.flow import Flow
from crossdock.model.schedule import ScheduleRules
from crossdock.pending.work import Blocked, Claim, Look


def put_off(rules: ScheduleRules, flow: Flow, claims: Sequence[Claim], now: datetime) -> Sequence[Look] | None:
    """
    Return looks that put the claims off until the flow's hours begin; None where it works now.

    The orders flow is never put off: it sends nothing new outside of its hours, and follows what was sent.
    """
    after, said = rules.opens_in(flow, now), rules.sentence(flow, now)
    if flow is Flow.ORDERS or after is None:
        return None
    return [Look(claim, Blocked(NotNow(f"The {flow} flow {said}.", after))) for claim in claims]
