"""Stock on three sides: what Shopify has, what the hub believes it has, and what the figures say it should. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crossdock.kit.wording import counted
from crossdock.model.called import called
from crossdock.model.ledger import Account
from crossdock.model.names import InventoryItemId, ItemCode, LocationId
from crossdock.model.stock import InventoryLevel, Level


@dataclass(frozen=True, slots=True)
class LevelReport:
    """
    One level. `at_shopify` is None where Shopify does not stock the item there, `account` where it was never looked at.

    `place` is what the location is called. `served` says that a warehouse serves the location; others are left alone.
    """

    item: ItemCode
    inventory_item: InventoryItemId
    location: LocationId
    place: str
    at_shopify: int | None
    account: Account | None
    served: bool

    @property
    def differs(self) -> bool:
        """Whether Shopify has something else than it should, as far as the hub is in charge of it."""
        if not self.served or self.at_shopify is None:
            return False
        return self.account is None or self.at_shopify != self.account.decided.publish

    @property
    def moved(self) -> bool:
        """Whether Shopify has something else than the hub believes."""
        return self.account is not None and self.at_shopify not in {None, self.account.ledger.believed}

    @property
    def finding(self) -> str:
        """What is to be said about it, in one sentence."""
        if not self.served:
            return "No warehouse serves this location."
        if self.at_shopify is None:
            return "Shopify does not stock it here any more."
        if self.account is None:
            return "It was never looked at."
        ledger = self.account.ledger
        by = self.at_shopify - ledger.believed
        if by:
            return f"{counted(abs(by), 'unit')} {'more' if by > 0 else 'fewer'} than the hub knows of: sold or edited."
        if self.at_shopify == self.account.decided.publish:
            return "As it should be."
        if ledger.push is not None:
            return "It is being published."
        if ledger.unproven is not None:
            return "It did not add up when it was read; its orders are looked at again first."
        return "It waits to be published."


def stock_report(
    items: Mapping[InventoryItemId, ItemCode],
    at_shopify: Sequence[InventoryLevel],
    accounts: Mapping[Level, Account],
    served: frozenset[LocationId],
    names: Mapping[LocationId, str],
) -> Sequence[LevelReport]:
    """Return a report for every level that either side knows, by item and location."""
    levels = {(level.item, level.location): level.available for level in at_shopify}
    known = sorted({*levels, *accounts}, key=lambda level: (items[level[0]], level[1]))
    return [
        LevelReport(
            item=items[item],
            inventory_item=item,
            location=location,
            place=called(location, names),
            at_shopify=levels.get((item, location)),
            account=accounts.get((item, location)),
            served=location in served,
        )
        for item, location in known
    ]
