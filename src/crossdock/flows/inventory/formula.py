"""
How many units each location may sell of an item: `publish = backend - unseen - buffer`, by the rules. Pure.

    formula = Formula(connection.rules.inventory, connection.warehouses)
    formula.relatives(item)             # the items whose facts are needed, and whose figures hang on this one's
    formula.figures(item, sku, facts)   # a Figure for each location that a warehouse serves

Make one formula for a batch; the rules and the map are worked out once. Three rules keep it from overselling:

1. Warehouses that serve the same locations are one shelf. What is left on it, less all that was sold at its locations
   and is not seen yet, is given out once: whole to one location, in parts to several.
2. What is not seen yet may still be taken from any shelf of its location. Until it is seen it is off each of them.
3. A unit sold inside a kit is a unit sold of each component, and a component that is sold makes fewer kits.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crossdock.flows.inventory.apportion import apportion
from crossdock.flows.inventory.figure import Figure
from crossdock.model.connection import InventoryRules, LevelRule, Negative, Sharing
from crossdock.model.names import ItemCode, LocationId, Sku, WarehouseCode


@dataclass(frozen=True, slots=True)
class Facts:
    """
    What is known of one item, in units.

    `available` is what the backend may still promise at each warehouse. `unseen` is what Shopify sold of it at each
    location and the backend's figure does not know of yet.
    """

    available: Mapping[WarehouseCode, int] = field(default_factory=dict)
    unseen: Mapping[LocationId, int] = field(default_factory=dict)


AllFacts = Mapping[ItemCode, Facts]
NOTHING_KNOWN = Facts()


@dataclass(frozen=True, slots=True)
class Shelf:
    """Warehouses that serve the very same locations: what one holds, the others could ship as well."""

    warehouses: tuple[WarehouseCode, ...]
    locations: tuple[LocationId, ...]


class Formula:
    """The formula of one connection: its rules over its location map."""

    def __init__(self, rules: InventoryRules, warehouses: Mapping[LocationId, Sequence[WarehouseCode]]) -> None:
        self._rules = rules
        self._levels = {(rule.sku, rule.location): rule for rule in rules.levels}
        self._kits_with: dict[ItemCode, list[ItemCode]] = defaultdict(list)
        for kit, components in rules.kits.items():
            for component in components:
                self._kits_with[component].append(kit)
        self._warehouses = {location: codes for location, codes in sorted(warehouses.items()) if codes}
        self._serves: dict[WarehouseCode, list[LocationId]] = defaultdict(list)
        for location, codes in self._warehouses.items():
            for code in codes:
                self._serves[code].append(location)
        self._shelves = _shelves(self._serves)

    def relatives(self, item: ItemCode) -> frozenset[ItemCode]:
        """
        Return the item, its components, and the kits that have a component in common with it or hold it.

        Their facts are needed for its figures; and where its own facts change, their figures may.
        """
        components = self._rules.kits.get(item, {})
        kits = [kit for component in (item, *components) for kit in self._kits_with.get(component, ())]
        return frozenset({item, *components, *kits})

    def figures(self, item: ItemCode, sku: Sku | None, facts: AllFacts) -> Mapping[LocationId, Figure]:
        """
        Return the figure of every location that a warehouse serves.

        `sku` is what the rules' levels are looked up by. `facts` are those of the item's relatives; of one that is
        left out nothing is in stock and nothing was sold.
        """
        available = self._available(item, facts)
        unseen = {location: self._unseen(item, location, facts) for location in self._warehouses}
        offered: dict[LocationId, int] = defaultdict(int)
        beside: dict[LocationId, set[LocationId]] = defaultdict(set)
        for shelf in self._shelves:
            left = sum(available.get(code, 0) for code in shelf.warehouses)
            left -= sum(unseen[location] for location in shelf.locations)
            for location, units in self._given_out(left, shelf).items():
                offered[location] += units
                beside[location].update(one for one in shelf.locations if one != location)

        def figure(location: LocationId, codes: Sequence[WarehouseCode]) -> Figure:
            buffer, cap, negative = self._limits(sku, location)
            return Figure(
                backend=sum(available.get(code, 0) for code in codes),
                unseen=unseen[location],
                offered=offered[location],
                buffer=buffer,
                cap=cap,
                negative=negative,
                sharing=self._rules.sharing,
                warehouses=len(codes),
                scarcest=self._scarcest(item, codes, facts),
                in_kits=self._unseen_in_kits(item, location, facts),
                beside=len(beside[location]),
                elsewhere=sum(unseen[one] for one in beside[location]),
            )

        return {location: figure(location, codes) for location, codes in self._warehouses.items()}

    def _given_out(self, left: int, shelf: Shelf) -> Mapping[LocationId, int]:
        if left <= 0 or len(shelf.locations) == 1 or self._rules.sharing is Sharing.SHARE:
            # What is missing is missing at each of them.
            return dict.fromkeys(shelf.locations, left)
        return apportion(left, {location: self._rules.weights.get(location, 1) for location in shelf.locations})

    def _limits(self, sku: Sku | None, location: LocationId) -> tuple[int, int | None, Negative]:
        """Return buffer, cap and what is shown below zero; of each, what the narrowest rule with a word on it says."""
        scopes = ((sku, location), (sku, None), (None, location))
        rules: list[LevelRule | InventoryRules] = [
            *(self._levels[scope] for scope in scopes if scope in self._levels),
            self._rules,
        ]
        return (
            next((rule.buffer for rule in rules if rule.buffer is not None), 0),
            next((rule.cap for rule in rules if rule.cap is not None), None),
            next((rule.negative for rule in rules if rule.negative is not None), Negative.SHOW),
        )

    def _available(self, item: ItemCode, facts: AllFacts) -> Mapping[WarehouseCode, int]:
        components = self._rules.kits.get(item)
        if components is None:
            return facts.get(item, NOTHING_KNOWN).available
        return {code: min(self._enough_for(item, one, code, facts) for one in components) for code in self._serves}

    def _enough_for(self, kit: ItemCode, component: ItemCode, code: WarehouseCode, facts: AllFacts) -> int:
        """Return how many kits a warehouse's stock of one component is enough for, this kit's own sales aside."""
        units = self._rules.kits[kit][component]
        own = facts.get(kit, NOTHING_KNOWN).unseen
        sold_otherwise = sum(
            self._unseen(component, location, facts) - units * own.get(location, 0) for location in self._serves[code]
        )
        return (facts.get(component, NOTHING_KNOWN).available.get(code, 0) - sold_otherwise) // units

    def _scarcest(self, item: ItemCode, codes: Sequence[WarehouseCode], facts: AllFacts) -> ItemCode | None:
        def enough_for(component: ItemCode) -> int:
            return sum(self._enough_for(item, component, code, facts) for code in codes)

        return min(sorted(self._rules.kits.get(item, ())), key=enough_for, default=None)

    def _unseen(self, item: ItemCode, location: LocationId, facts: AllFacts) -> int:
        by_itself = facts.get(item, NOTHING_KNOWN).unseen.get(location, 0)
        return by_itself + self._unseen_in_kits(item, location, facts)

    def _unseen_in_kits(self, item: ItemCode, location: LocationId, facts: AllFacts) -> int:
        return sum(
            self._rules.kits[kit][item] * facts.get(kit, NOTHING_KNOWN).unseen.get(location, 0)
            for kit in self._kits_with.get(item, ())
        )


def _shelves(serves: Mapping[WarehouseCode, Sequence[LocationId]]) -> Sequence[Shelf]:
    alike: dict[tuple[LocationId, ...], list[WarehouseCode]] = defaultdict(list)
    for code, locations in serves.items():
        alike[tuple(locations)].append(code)
    return [Shelf(tuple(codes), locations) for locations, codes in alike.items()]
