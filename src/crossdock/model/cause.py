"""The catalogue of causes: why an object is held, what to do about it, and whether it heals by itself."""

from dataclasses import dataclass
from enum import StrEnum


class Cause(StrEnum):
    """Why something is held."""

    LOCATION_UNMAPPED = "location_unmapped"
    ITEM_UNLINKED = "item_unlinked"
    ITEM_MISSING = "item_missing"
    ITEM_AMBIGUOUS = "item_ambiguous"
    ITEM_TAKEN_OFF = "item_taken_off"
    FIELD_MISSING = "field_missing"
    MONEY_DIFFERS = "money_differs"
    RISKY = "risky"
    FIELD_UNFILLED = "field_unfilled"
    CANCELLED_LATE = "cancelled_late"
    CHANGED_LATE = "changed_late"
    LEFT_ALREADY = "left_already"
    CANCELLED_THERE = "cancelled_there"
    SHORT_THERE = "short_there"
    FULFILLMENT_CANCELLED = "fulfillment_cancelled"
    ASKED_ALREADY = "asked_already"
    UNROUTED = "unrouted"
    MOVE_REFUSED = "move_refused"
    BACKEND_REFUSED = "backend_refused"
    REQUEST_UNMET = "request_unmet"
    PACKAGE_UNMATCHED = "package_unmatched"
    PACKAGE_ELSEWHERE = "package_elsewhere"
    SHOPIFY_REFUSED = "shopify_refused"
    RETURN_UNANNOUNCED = "return_unannounced"
    RETURN_UNMATCHED = "return_unmatched"
    RETURN_EXCHANGE = "return_exchange"
    REFUND_LIMIT = "refund_limit"
    RETURN_REFUSED = "return_refused"
    AUTHORIZATION_GONE = "authorization_gone"
    CAPTURE_REFUSED = "capture_refused"
    CREDIT_REFUSED = "credit_refused"
    CREDIT_BY_HAND = "credit_by_hand"
    REFUND_ASKED = "refund_asked"
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
        "Create the item in the backend, or correct the SKU or barcode in Shopify. Or link it by hand: crossdock "
        "catalog link CONNECTION VARIANT ITEM.",
        heals=True,
    ),
    Cause.ITEM_AMBIGUOUS: CauseNote(
        "Several items or variants share this SKU or barcode",
        "Make the SKU or barcode unique on both sides, or link by hand: crossdock catalog link CONNECTION VARIANT "
        "ITEM.",
        heals=True,
    ),
    Cause.ITEM_TAKEN_OFF: CauseNote(
        "A person unlinked it",
        "Nothing, where it is to have no item. Else link it, or have it matched again: crossdock catalog match "
        "CONNECTION VARIANT.",
        heals=True,
    ),
    Cause.FIELD_MISSING: CauseNote(
        "A mandatory field is empty",
        "Fill it in on the Shopify order, or for the warehouse alone: crossdock orders set NAME FIELD=VALUE --why WHY. "
        "To let it go without: crossdock orders release NAME. To demand fewer: crossdock rules CONNECTION --set "
        "orders.required=sku.",
        heals=True,
    ),
    Cause.MONEY_DIFFERS: CauseNote(
        "The order's money does not sum up",
        "Correct the order in Shopify, or let it go: crossdock orders release NAME. To hold none for this: crossdock "
        "rules CONNECTION --set orders.hold_money=false.",
        heals=True,
    ),
    Cause.RISKY: CauseNote(
        "Shopify's fraud analysis advises against the order",
        "Look at the analysis on the Shopify order. Then cancel it there, or let it go: crossdock orders release NAME.",
        heals=True,
    ),
    Cause.FIELD_UNFILLED: CauseNote(
        "A field that the backend must have cannot be filled",
        "Correct the order on Shopify, or how the field is filled: crossdock mappings show CONNECTION. For this order "
        "alone: crossdock orders set NAME FIELD=VALUE --why WHY.",
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
    Cause.LEFT_ALREADY: CauseNote(
        "The order was changed after its goods had left",
        "Have the hub do what is left to do (announce what comes back, ask for what was added): crossdock orders "
        "follow-up NAME. To leave it at that: crossdock orders leave NAME. To have the hub do so by itself: crossdock "
        "rules CONNECTION --set orders.follow_up=true.",
        heals=True,
    ),
    Cause.CANCELLED_THERE: CauseNote(
        "The warehouse cancelled what Shopify still waits for",
        "Cancel it on Shopify, too: crossdock orders cancel NAME. Or ship it in another way and fulfill it there. To "
        "leave it: crossdock orders leave NAME.",
        heals=True,
    ),
    Cause.SHORT_THERE: CauseNote(
        "The warehouse shipped less than Shopify still waits for",
        "Take what is missing out of the order on Shopify: crossdock orders cancel NAME. Or ship it in another way and "
        "fulfill it there. To leave it: crossdock orders leave NAME.",
        heals=True,
    ),
    Cause.FULFILLMENT_CANCELLED: CauseNote(
        "A fulfillment was cancelled on Shopify after its package had left",
        "Where the goods are back, take the package back at the warehouse. Else fulfill it again on Shopify, by hand, "
        "and then: crossdock orders leave NAME.",
        heals=True,
    ),
    Cause.ASKED_ALREADY: CauseNote(
        "Another warehouse has these goods in hand",
        "Stop it there by hand, or move it back to that location on Shopify. See who has what: crossdock orders show "
        "NAME.",
        heals=True,
    ),
    Cause.UNROUTED: CauseNote(
        "No location may ship the order",
        "Put its goods in stock, or change the rules of routing, then: crossdock retry CONNECTION --cause unrouted. To "
        "follow Shopify's assignment: crossdock rules CONNECTION --set routing.otherwise=follow.",
        heals=False,
    ),
    Cause.MOVE_REFUSED: CauseNote(
        "Shopify does not let the order ship from the location that was chosen",
        "Correct in Shopify what it names, or move the order there by hand, then: crossdock sync CONNECTION --order "
        "NAME. To follow Shopify's assignment: crossdock rules CONNECTION --set routing.if_refused=follow.",
        heals=False,
    ),
    Cause.BACKEND_REFUSED: CauseNote(
        "The backend refused the order",
        "Read what it said, correct the data there or in Shopify, then: crossdock sync CONNECTION --order NAME.",
        heals=False,
    ),
    Cause.REQUEST_UNMET: CauseNote(
        "What a merchant requested cannot be taken on",
        "Put right what it names, then: crossdock sync CONNECTION --order NAME. Or reject the request: crossdock "
        "orders cancel NAME.",
        heals=False,
    ),
    Cause.PACKAGE_UNMATCHED: CauseNote(
        "A package does not fit what Shopify has left to fulfill",
        "Fulfill or correct in Shopify by hand what differs, then: crossdock sync CONNECTION --order NAME.",
        heals=False,
    ),
    Cause.PACKAGE_ELSEWHERE: CauseNote(
        "A package left from another location than Shopify has its goods at",
        "Correct on Shopify what keeps them from moving there, or map the warehouse to its location, then: crossdock "
        "sync CONNECTION --order NAME. To have Shopify ship it from where it has the goods: crossdock orders "
        "as-assigned NAME.",
        heals=False,
    ),
    Cause.SHOPIFY_REFUSED: CauseNote(
        "Shopify refused the change",
        "Read what it said, correct the order in Shopify, then: crossdock sync CONNECTION --order NAME.",
        heals=False,
    ),
    Cause.RETURN_UNANNOUNCED: CauseNote(
        "Goods came back that no return speaks for",
        "Create the return in Shopify. To have the hub do so, now and from now on: crossdock rules CONNECTION --set "
        "returns.create=true.",
        heals=True,
    ),
    Cause.RETURN_UNMATCHED: CauseNote(
        "What came back does not fit the return in Shopify",
        "Settle it in Shopify: reopen a return that was closed too early, and close one of which more came back than "
        "it names. Where there is none, create one of what was sold.",
        heals=True,
    ),
    Cause.RETURN_EXCHANGE: CauseNote(
        "The customer gets something else for what came back",
        "Process the return with its exchange in Shopify, and close it there; the hub does the rest. To have it send "
        "what the customer gets instead: crossdock rules CONNECTION --set returns.exchange=at_receipt.",
        heals=True,
    ),
    Cause.REFUND_LIMIT: CauseNote(
        "A refund is larger than the hub may make without a person",
        "Process and refund the return in Shopify. To have the hub do so: crossdock rules CONNECTION --set "
        "returns.refund_limit=AMOUNT.",
        heals=True,
    ),
    Cause.RETURN_REFUSED: CauseNote(
        "A return was refused",
        "Read what was said, correct it there or in Shopify, then: crossdock sync CONNECTION --order NAME.",
        heals=False,
    ),
    Cause.AUTHORIZATION_GONE: CauseNote(
        "Goods have left, and no authorization covers what is owed",
        "Collect the rest in Shopify: charge the customer again, send an invoice, or mark the order as paid.",
        heals=True,
    ),
    Cause.CAPTURE_REFUSED: CauseNote(
        "A payment could not be captured",
        "Read what was said, and capture the payment in Shopify, or collect it in another way.",
        heals=True,
    ),
    Cause.CREDIT_REFUSED: CauseNote(
        "The backend refused a credit document",
        "Read what it said, correct it there, then: crossdock sync CONNECTION --order NAME.",
        heals=False,
    ),
    Cause.CREDIT_BY_HAND: CauseNote(
        "A refund was made that the backend does not hear of",
        "Book it there by hand, then: crossdock orders booked NAME. Not to be asked any more: crossdock rules "
        "CONNECTION --set money.uncredited=note.",
        heals=True,
    ),
    Cause.REFUND_ASKED: CauseNote(
        "The backend asks for a refund that needs a person",
        "Let it go: crossdock orders approve-refund NAME. Or not: crossdock orders decline-refund NAME. To let the "
        "hub give smaller ones by itself: crossdock rules CONNECTION --set money.refund_limit=AMOUNT.",
        heals=True,
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
