"""Which item a variant is. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crossdock.model.catalog import Item, Variant
from crossdock.model.cause import UNLINKED_ITEMS, Cause, Hold
from crossdock.model.flow import Flow
from crossdock.model.names import ItemCode, VariantId
from crossdock.model.plan import Plan
from crossdock.model.unlinked import Unlinked


@dataclass(frozen=True, slots=True)
class Sight:
    """
    One variant, the items that carry its SKU or barcode, and the links that are there.

    `variant` is None where Shopify does not have it. `linked` is its own link; `taken` says which variants the found
    items are linked to.
    """

    id: VariantId
    variant: Variant | None
    linked: ItemCode | None
    by_sku: Sequence[Item]
    by_barcode: Sequence[Item]
    taken: Mapping[ItemCode, VariantId]
    unlinked: Unlinked | None = None
    """Where a person took it off its item."""


@dataclass(frozen=True, slots=True)
class Tie:
    """Link a variant to an item. Safe to repeat."""

    variant: Variant
    item: Item
    matched_by: str

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        return f"Link “{self.variant.title}” to item {self.item.code} by {self.matched_by}."


def decide(sight: Sight) -> Plan[Tie]:
    """Plan the link of one variant: the one item with its SKU, else the one item with its barcode."""
    variant = sight.variant
    if variant is None:
        return Plan(Flow.CATALOG, sight.id, sight.id, (), None, ("Shopify does not have it any more.",))
    if sight.linked is not None:
        return Plan(Flow.CATALOG, sight.id, variant.title, (), None, (f"Linked to {sight.linked}; left as it is.",))
    if sight.unlinked is not None:
        return Plan(Flow.CATALOG, sight.id, variant.title, (), sight.unlinked.hold(variant.title))
    item, matched_by, hold = _match(sight, variant)
    if item is None:
        return Plan(Flow.CATALOG, sight.id, variant.title, (), hold)
    return Plan(Flow.CATALOG, sight.id, variant.title, (Tie(variant, item, matched_by),))


def _match(sight: Sight, variant: Variant) -> tuple[Item | None, str, Hold | None]:
    for found, matched_by, code in (
        (sight.by_sku, "SKU", variant.sku),
        (sight.by_barcode, "barcode", variant.barcode),
    ):
        if not found:
            continue
        if len(found) > 1:
            codes = ", ".join(sorted(item.code for item in found))
            return None, "", _ambiguous(variant, f"several items have {matched_by} {code}: {codes}.")
        other = sight.taken.get(found[0].code)
        if other is not None:
            detail = f"item {found[0].code} has its {matched_by} {code}, but is linked to {other}."
            return None, "", _ambiguous(variant, detail)
        return found[0], matched_by, None
    return None, "", _missing(variant)


def _ambiguous(variant: Variant, detail: str) -> Hold:
    return Hold(Cause.ITEM_AMBIGUOUS, f"“{variant.title}” ({variant.id}): {detail}", (UNLINKED_ITEMS,))


def _missing(variant: Variant) -> Hold:
    codes = [f"SKU {variant.sku}" if variant.sku else "", f"barcode {variant.barcode}" if variant.barcode else ""]
    known = " or ".join(code for code in codes if code)
    detail = f"no item has {known}." if known else "it has neither SKU nor barcode."
    return Hold(Cause.ITEM_MISSING, f"“{variant.title}” ({variant.id}): {detail}", (UNLINKED_ITEMS,))
