"""Saying how long things are kept, and remembering who said so."""

from collections.abc import Mapping

from crossdock.model.deed import Deed
from crossdock.model.people import Actor
from crossdock.model.retention import Kind
from crossdock.store import audit, retention
from crossdock.store.database import Tx


async def keep(tx: Tx, by: Actor, wanted: Mapping[Kind, int]) -> Mapping[Kind, int]:
    """
    Keep these kinds for so many days each from now on, and return for how many each kind is kept.

    Raises UsageError where one cannot be kept for as many; then none is changed, if the transaction is given up.
    """
    before = await retention.days(tx)
    for kind, days in wanted.items():
        if days != before[kind]:
            await retention.set_days(tx, kind, days)
            was, is_ = {"days": before[kind]}, {"days": days}
            await audit.record(tx, by, Deed.RETENTION_CHANGED, kind, before=was, after=is_)
    return await retention.days(tx)
