"""Which item an unlinked variant may be, with a reason that a person can check. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from crossdock.model.catalog import Item, SeenVariant
from crossdock.model.names import ItemCode, VariantId

BEST: Final = 3
"""How many items are suggested for one variant."""

SURE: Final = 90
"""From this score on a suggestion may be confirmed together with others, without a look at each."""

_SKU, _BARCODE, _SKU_SPELLED, _TITLE = 100, 95, 90, 80
_ALIKE: Final = 0.5
"""Half of all words of both titles have to be in both."""

_WORD = re.compile(r"\w{2,}")
_SAYS_NOTHING = frozenset({"and", "the", "with", "for", "of", "in", "default", "title"})


@dataclass(frozen=True, slots=True)
class Suggestion:
    """
    An item that a variant may be, why in one sentence, and how sure that is, of 100.

    `taken_by` is the variant that the item is linked to: it cannot be confirmed before that link is another.
    """

    item: Item
    score: int
    reason: str
    taken_by: VariantId | None

    @property
    def sure(self) -> bool:
        """Whether it may be confirmed with others."""
        return self.score >= SURE and self.taken_by is None


def suggest(variant: SeenVariant, items: Sequence[Item], taken: Mapping[ItemCode, VariantId]) -> Sequence[Suggestion]:
    """
    Return the items that a variant may be, the likeliest first, at most `BEST`.

    Where several are equally likely by their codes, none of them is sure.
    """
    found = [
        Suggestion(item, *likeness, taken.get(item.code))
        for item in items
        if (likeness := _likeness(variant, item)) is not None
    ]
    found.sort(key=lambda one: (-one.score, one.item.code))
    if len(found) > 1 and found[0].score == found[1].score:
        best = found[0].score
        found = [_unsure(one) if one.score == best else one for one in found]
    return found[:BEST]


def words_of(title: str) -> frozenset[str]:
    """Return the words of a title that say what a thing is, in lower case."""
    return frozenset(_WORD.findall(title.lower())) - _SAYS_NOTHING


def _likeness(variant: SeenVariant, item: Item) -> tuple[int, str] | None:
    if variant.sku and item.sku == variant.sku:
        return _SKU, f"It has the same SKU, {item.sku}."
    if variant.barcode and variant.barcode in item.barcodes:
        return _BARCODE, f"It has the same barcode, {variant.barcode}."
    for code in filter(None, (item.sku, item.code)):
        if variant.sku and _bare(code) and _bare(code) == _bare(variant.sku):
            return _SKU_SPELLED, f"{code} is spelled like SKU {variant.sku} but for case and dashes."
    one, other = words_of(variant.title), words_of(item.title)
    both = one & other
    share = len(both) / len(one | other) if both else 0.0
    if share < _ALIKE:
        return None
    return round(_TITLE * share), f"Its title, “{item.title}”, is alike: {', '.join(sorted(both))}."


def _unsure(one: Suggestion) -> Suggestion:
    return Suggestion(one.item, min(one.score, SURE - 1), f"{one.reason} So has another item.", one.taken_by)


def _bare(code: str) -> str:
    return re.sub(r"[\W_]+", "", code).lower()
