"""The catalogue of causes: why an object is held, what to do about it, and whether it heals by itself."""

from dataclasses import dataclass
from enum import StrEnum


class Cause(StrEnum):
    """Why something is held."""

    LOCATION_UNMAPPED = "location_unmapped"
    ITEM_UNLINKED = "item_unlinked"
    ITEM_MISSING = "item_missing"
    ITEM_AMBIGUOUS = "item_ambiguous"
    FIELD_MISSING = "field_missing"
    MONEY_DIFFERS = "money_differs"
    CANCELLED_LATE = "cancelled_late"
    CHANGED_LATE = "changed_late"
    CANCELLED_THERE = "cancelled_there"
    BACKEND_REFUSED = "backend_refused"
    PACKAGE_UNMATCHED = "package_unmatched"
    SHOPIFY_REFUSED = "shopify_refused"
    STOCK_REFUSED = "stock_refused"
    MASS_CHANGE = "mass_change"
    STOCK_EDITED = "stock_edited"
    PERSONAL_DATA_REMAINS = "personal_data_remains"


@dataclass(frozen=True, slots=True)
class CauseNote:
    """What a person reads about a cause. `heals` says that the hub looks again by itself once the remedy is done."""

    title: str
    remedy: str
    heals: bool


CATALOGUE: dict[Cause, CauseNote] = {
    Cause.LOCATION_UNMAPPED: CauseNote(
        "The location has no warehouse",
        "Map it: crossdock map-location CONNECTION LOCATION WAREHOUSE.",
        heals=True,
    ),
    Cause.ITEM_UNLINKED: CauseNote(
        "A product is not linked to an item",
        "See what the variant itself is held for: crossdock holds. Once it is linked, this order goes on.",
        heals=True,
    ),
    Cause.ITEM_MISSING: CauseNote(
        "No item has this SKU or barcode",
        "Create the item in the backend, or correct the SKU or barcode in Shopify.",
        heals=True,
    ),
    Cause.ITEM_AMBIGUOUS: CauseNote(
        "Several items or variants share this SKU or barcode",
        "Make the SKU or barcode unique on both sides.",
        heals=True,
    ),
    Cause.FIELD_MISSING: CauseNote(
        "A mandatory field is empty",
        "Fill it in on the Shopify order, or demand fewer: crossdock rules CONNECTION --set orders.required=sku.",
        heals=True,
    ),
    Cause.MONEY_DIFFERS: CauseNote(
        "The order's money does not sum up",
        "Correct the order in Shopify, or let it go: crossdock rules CONNECTION --set orders.hold_money=false.",
        heals=True,
    ),
    Cause.CANCELLED_LATE: CauseNote(
        "The order was cancelled after it went to the warehouse",
        "Cancel it at the warehouse, too, if nothing has left. To let it ship, or where the goods come back: "
        "crossdock orders leave NAME.",
        heals=True,
    ),
    Cause.CHANGED_LATE: CauseNote(
        "The order was changed after it went to the warehouse",
        "Change it at the warehouse by hand, or let it ship as it is there; either way, then: crossdock orders leave "
        "NAME. To have the hub try again: crossdock retry CONNECTION --order NAME.",
        heals=True,
    ),
    Cause.CANCELLED_THERE: CauseNote(
        "The warehouse cancelled what Shopify still waits for",
        "Cancel or refund it on Shopify, or ship it in another way and fulfill it there. To leave it: "
        "crossdock orders leave NAME.",
        heals=True,
    ),
    Cause.BACKEND_REFUSED: CauseNote(
        "The backend refused the order",
        "Read what it said, correct the data there or in Shopify, then: crossdock sync CONNECTION --order NAME.",
        heals=False,
    ),
    Cause.PACKAGE_UNMATCHED: CauseNote(
        "A package does not fit what Shopify has left to fulfill",
        "Fulfill or correct in Shopify by hand what differs, then: crossdock sync CONNECTION --order NAME.",
        heals=False,
    ),
    Cause.SHOPIFY_REFUSED: CauseNote(
        "Shopify refused the change",
        "Read what it said, correct the order in Shopify, then: crossdock sync CONNECTION --order NAME.",
        heals=False,
    ),
    Cause.STOCK_REFUSED: CauseNote(
        "Shopify refused the stock of one item",
        "Read what it said, correct the item in Shopify, then: crossdock retry CONNECTION --cause stock_refused.",
        heals=False,
    ),
    Cause.MASS_CHANGE: CauseNote(
        "A push would take many items to zero",
        "See whether the backend's figures are right; if they are: crossdock stock approve CONNECTION.",
        heals=True,
    ),
    Cause.STOCK_EDITED: CauseNote(
        "Stock was edited in Shopify",
        "Keep the edit: crossdock stock accept CONNECTION SKU. Undo it: crossdock stock revert CONNECTION SKU.",
        heals=True,
    ),
    Cause.PERSONAL_DATA_REMAINS: CauseNote(
        "A customer is to be forgotten, and the backend cannot do it by itself",
        "Erase the person's data there by hand, then: crossdock privacy done NUMBER.",
        heals=False,
    ),
}


UNLINKED_ITEMS = "unlinked items"
"""What a held variant without an item needs: that an item which has no variant yet is added or changed."""


@dataclass(frozen=True, slots=True)
class Hold:
    """
    One object that waits for a person: the cause, what it is about, and what it needs.

    `detail` is one sentence about this very object. `needs` are ids (location, variant, …); when the hub learns
    news of one of them it looks at the held object again.
    """

    cause: Cause
    detail: str
    needs: tuple[str, ...] = ()

    @property
    def remedy(self) -> str:
        """What to do next."""
        return CATALOGUE[self.cause].remedy
