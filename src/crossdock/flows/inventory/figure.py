"""What one location may sell, with the sum that a person can check."""

from dataclasses import dataclass

from crossdock.model.connection import Negative, Sharing
from crossdock.model.names import ItemCode, Units


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """
    What one location may sell of one item, in units: `publish = offered - buffer`, within the rules' limits.

    `backend` is what the location's `warehouses` may promise; of a kit, what could be assembled there, and `scarcest`
    is the component that there is least of. `unseen` was sold here and is not in `backend` yet, `in_kits` of it inside
    kits. `offered` is what is left for this location: `backend - unseen`, unless `beside` other locations, which sold
    `elsewhere`, have the same warehouses.
    """

    backend: int
    unseen: int
    offered: int
    buffer: int = 0
    cap: int | None = None
    negative: Negative = Negative.SHOW
    sharing: Sharing = Sharing.SPLIT
    warehouses: int = 1
    scarcest: ItemCode | None = None
    in_kits: int = 0
    beside: int = 0
    elsewhere: int = 0

    @property
    def publish(self) -> Units:
        """What Shopify may sell; below zero where more was promised than there is and the rules show it."""
        units = self.offered - self.buffer
        if self.cap is not None:
            units = min(units, self.cap)
        return Units(max(units, 0) if self.negative is Negative.ZERO else units)

    @property
    def sentence(self) -> str:
        """The sum, as a person would say it, without a full stop."""
        terms = [
            f"{self.backend} {self._where}",
            f"{self.unseen} sold and not yet seen" + (f" ({self.in_kits} of them in kits)" if self.in_kits else ""),
        ]
        if self.elsewhere:
            terms.append(f"{self.elsewhere} sold at other locations and not yet seen")
        if self.beside:
            terms.append(self._part)
        return f"{', '.join(terms)}, {self.buffer} buffer: publish {self.publish}{self._limit}"

    @property
    def _where(self) -> str:
        if self.scarcest is not None:
            return f"can be assembled ({self.scarcest} is the scarcest)"
        return "at the warehouses" if self.warehouses > 1 else "at the warehouse"

    @property
    def _part(self) -> str:
        if self.sharing is Sharing.SPLIT:
            return f"its part is {self.offered}"
        return f"shared with {self.beside} other location{'s' if self.beside > 1 else ''}"

    @property
    def _limit(self) -> str:
        units = self.offered - self.buffer
        if self.cap is not None and units > self.cap:
            return f" (capped at {self.cap})"
        return " (never below zero)" if self.publish > units else ""
