"""What the stock of one item looks like: what is believed of Shopify, and what the backend has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from crossdock.flows.inventory.formula import AllFacts
from crossdock.model.ledger import Account, AtBackend, Ledger, LevelNews
from crossdock.model.names import InventoryItemId, ItemCode, LocationId, Sku
from crossdock.model.stock import Level


@dataclass(frozen=True, slots=True)
class Sight:
    """
    One inventory item: its levels at Shopify as the hub keeps account of them, and what the backend has of it.

    `item` is None where the variant is not linked. `ledgers` have the `news` taken in, which is forgotten once they
    are kept. `facts` are those of the item and of its relatives (kits and components).
    """

    id: InventoryItemId
    item: ItemCode | None
    sku: Sku | None
    now: datetime
    ledgers: Mapping[LocationId, Ledger]
    kept: Mapping[LocationId, Account]
    """How each level was kept before this look."""
    news: Sequence[LevelNews]
    at_backend: Mapping[LocationId, AtBackend]
    facts: AllFacts
    family: Mapping[ItemCode, InventoryItemId]
    """Which inventory items the facts are of."""
    sequence: int
    in_between: frozenset[Level] = frozenset()
    """The levels, of this item and of those looked at with it, whose units the backend may have taken on uncounted."""
    places: Mapping[LocationId, str] = field(default_factory=dict)
    """What the locations are called."""
    relatives: Sequence[InventoryItemId] = ()
    """The items whose figures hang on this one's."""
    relatives_known: bool = True
    """False where a relative's levels were never read, or may be wrong."""
    relatives_clear: bool = True
    """False where a sale may hide at a relative."""
    cautious: AllFacts | None = None
    """The facts, were everything given up that the backend may have given up; None where nobody asked."""
    settles: bool = True
    """Whether it will be known soon what the backend gave up; else a person decides first, and then it is news."""
    was_read: bool = False
    """Shopify's levels were read in this very look."""
