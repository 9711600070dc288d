"""
What people say in fields of one order's requests, in the place of Shopify or of a mapping; who, when and why is kept.

The audit trail and the time line name the fields and never what stands in them: that goes when people are forgotten.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from crossdock.kit.errors import UsageError
from crossdock.model.deed import Deed
from crossdock.model.flow import Flow
from crossdock.model.override import called, checked
from crossdock.model.people import Actor
from crossdock.model.request_field import FieldSpec
from crossdock.model.state import OrderState
from crossdock.pending.mark import mark
from crossdock.store import audit, overrides, timeline
from crossdock.store.database import Tx
from crossdock.store.reads.order import Story

LONGEST_WHY: Final = 500
_OVER: Final = frozenset({OrderState.SHIPPED, OrderState.CANCELLED})


async def override(
    tx: Tx, by: Actor, story: Story, wanted: Mapping[str, str], why: str, specs: Sequence[FieldSpec]
) -> Mapping[str, str]:
    """
    Say these things of an order from now on, have it looked at, and return what is kept of them.

    The empty text says that there is to be nothing. `specs` are the fields of the backend's own. Raises UsageError
    where a field does not take its value, nobody says why, or it is too late.
    """
    order, said = story.order, why.strip()
    if order.state in _OVER:
        raise UsageError(f"{order.name} is {order.state.label.lower()}; nothing more is asked for it.")
    if any(one.forgotten for one in story.requests):
        raise UsageError(f"Whoever {order.name} is for was forgotten, and nothing about them is kept again.")
    if not said or len(said) > LONGEST_WHY:
        raise UsageError(f"Say in up to {LONGEST_WHY} characters why: whoever comes next reads it.")
    if not wanted:
        raise UsageError("Nothing was changed. Say what is to stand in at least one field.")
    kept = {field: checked(field, value, specs) for field, value in wanted.items()}
    await overrides.say(tx, order.connection, order.order_id, kept, by.name, said)
    await _tell(tx, by, story, sorted(kept), "set", Deed.ORDER_FIELDS_SET, specs)
    return kept


async def undo_override(
    tx: Tx, by: Actor, story: Story, fields: Sequence[str], specs: Sequence[FieldSpec]
) -> Sequence[str]:
    """
    Let Shopify and the mapping say again what stands in these fields; return those that a person had said.

    Raises UsageError where that is none of them.
    """
    order = story.order
    undone = await overrides.undo(tx, order.connection, order.order_id, fields)
    if not undone:
        raise UsageError(f"Nobody set {', '.join(called(one, specs) for one in fields)} of {order.name}.")
    await _tell(tx, by, story, undone, "undid what was set in", Deed.ORDER_FIELDS_UNDONE, specs)
    return undone


async def _tell(
    tx: Tx, by: Actor, story: Story, fields: Sequence[str], did: str, deed: Deed, specs: Sequence[FieldSpec]
) -> None:
    order = story.order
    sentence = f"{by.name} {did}: {', '.join(called(field, specs) for field in fields)}."
    await timeline.tell(tx, order.connection, order.order_id, Flow.ORDERS, "override", sentence)
    await audit.record(tx, by, deed, f"{order.connection} {order.name}", after={"fields": list(fields)})
    await mark(tx, order.connection, Flow.ORDERS, [order.order_id], f"{by.name} {did} fields of it")
