"""How many units Shopify may sell. Pure."""

from dataclasses import dataclass

from crossdock.flows.inventory.sight import Sight
from crossdock.model.flow import Flow
from crossdock.model.names import InventoryItemId, LocationId, Units
from crossdock.model.plan import Plan
from crossdock.model.stock import InventoryLevel, SetAvailable


@dataclass(frozen=True, slots=True)
class Figure:
    """Where a published quantity comes from: `publish = backend - unseen - buffer`."""

    item: InventoryItemId
    location: LocationId
    backend: int
    unseen: int
    buffer: int
    holds: int
    """What Shopify holds as available now."""

    @property
    def publish(self) -> Units:
        """What Shopify may sell; negative where more was promised than there is."""
        return Units(self.backend - self.unseen - self.buffer)

    @property
    def sentence(self) -> str:
        """The sum, as a person would say it."""
        return (
            f"{self.backend} at the warehouse, {self.unseen} sold and not yet seen there, {self.buffer} buffer: "
            f"publish {self.publish} (Shopify has {self.holds})."
        )


@dataclass(frozen=True, slots=True)
class Publish:
    """Set one level, if Shopify still holds what it held. Safe to repeat: a second try finds the level changed."""

    figure: Figure

    @property
    def write(self) -> SetAvailable:
        """The row to send."""
        figure = self.figure
        return SetAvailable(figure.item, figure.location, figure.publish, Units(figure.holds))

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        return f"{self.figure.location}: {self.figure.sentence}"


def decide(sight: Sight) -> Plan[Publish]:
    """
    Plan what to write for one item: a row per level that differs from what may be sold there.

    Levels at locations that no warehouse serves are left alone.
    """
    if sight.item is None:
        return Plan(Flow.INVENTORY, sight.id, sight.id, (), None, ("It is not linked to an item.",))
    figures = [figure for level in sight.levels if (figure := _figure(sight, level)) is not None]
    steps = tuple(Publish(figure) for figure in figures if figure.publish != figure.holds)
    notes = tuple(f"{figure.location}: {figure.sentence}" for figure in figures if figure.publish == figure.holds)
    return Plan(Flow.INVENTORY, sight.id, str(sight.item), steps, None, notes)


def _figure(sight: Sight, level: InventoryLevel) -> Figure | None:
    warehouses = sight.warehouses.get(level.location, ())
    if not warehouses:
        return None
    return Figure(
        item=sight.id,
        location=level.location,
        backend=sum(sight.available.get(warehouse, 0) for warehouse in warehouses),
        # Shopify took these units off when it sold them; the backend has not. Until it does, they are not for sale.
        unseen=max(0, level.committed - sight.seen.get(level.location, 0)),
        buffer=sight.rules.buffer,
        holds=level.available,
    )
