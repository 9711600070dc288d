"""Telling subscribers what happens to a return."""

from functools import partial

from shopify_standin.model.returning import Return, ReturnLine
from shopify_standin.webhooks.events import emit
from shopify_standin.webhooks.payloads.returns import decline_payload, removal_payload, return_brief, return_payload
from shopify_standin.world import World

_SHAPES = {
    "RETURNS_DECLINE": decline_payload,
    "RETURNS_CLOSE": return_brief,
    "RETURNS_REOPEN": return_brief,
    "RETURNS_CANCEL": return_brief,
}


def tell_return(world: World, changed: Return, topic: str) -> None:
    """Emit one topic: whole while it begins, brief when its state alone changed."""
    shape = _SHAPES.get(topic, return_payload)
    emit(world, topic, partial(shape, world, changed))


def tell_removal(world: World, changed: Return, removed: list[tuple[ReturnLine, int]]) -> None:
    """Emit `returns/update` with the units that were taken out."""
    emit(world, "RETURNS_UPDATE", partial(removal_payload, changed, [(line.gid, units) for line, units in removed]))
