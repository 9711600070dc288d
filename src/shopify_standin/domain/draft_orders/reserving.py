"""
`reserveInventoryUntil`: units that a draft keeps for its customer.

They count as committed (Shopify changelog, 2026-08-05) at the first location that has them all, until the draft is
completed or deleted, its lines change, or the time is over (the choice of the location is assumed).
"""

from datetime import datetime

from shopify_standin.domain.inventory.stock import level_at, release, reserve
from shopify_standin.model.drafts import Draft, Reservation
from shopify_standin.world import World


def reserve_until(world: World, draft: Draft, end: datetime | None) -> None:
    """Keep the units of the draft's lines until then, in place of what was kept; None keeps nothing."""
    give_back(world, draft)
    draft.reserved_until = end
    if end is None:
        return
    for line in draft.lines:
        variant = world.variants.get(line.variant_id)
        place = None if variant is None else _place(world, variant.item_id, line.quantity)
        if variant is not None and place is not None:
            reserve(world, variant.item_id, place, line.quantity)
            draft.reservations.append(Reservation(variant.item_id, place, line.quantity))
    world.agenda.add(end, end_reservation, draft.id)


def give_back(world: World, draft: Draft) -> None:
    """What was kept can be sold again."""
    for kept in draft.reservations:
        release(world, kept.item_id, kept.location_id, kept.units)
    draft.reservations, draft.reserved_until = [], None


def end_reservation(world: World, number: int) -> None:
    """The time is over, unless it was put off or the draft is gone."""
    draft = world.drafts.get(number)
    if draft is not None and draft.reserved_until is not None and draft.reserved_until <= world.now():
        give_back(world, draft)


def _place(world: World, item_id: int, units: int) -> int | None:
    item = world.items[item_id]
    if not item.tracked:
        return None
    stocked = [x for x in world.locations if x.is_active and level_at(world, item_id, x.id) is not None]
    able = (x.id for x in stocked if (level := level_at(world, item_id, x.id)) and level.available >= units)
    return next(able, stocked[0].id if stocked else None)
