"""Variants that a person took off their item: they stay without one until a person says otherwise."""

from dataclasses import dataclass

from crossdock.model.cause import Cause, Hold
from crossdock.model.names import ItemCode, VariantId


@dataclass(frozen=True, slots=True)
class Unlinked:
    """Which variant was taken off which item, and by whom."""

    variant: VariantId
    item: ItemCode
    by: str

    def hold(self, title: str) -> Hold:
        """Return the hold of the variant, so that orders for it wait; whoever unlinked it has read it."""
        detail = f"“{title}” ({self.variant}): {self.by} took it off item {self.item}."
        return Hold(Cause.ITEM_TAKEN_OFF, detail)
