"""Transfers of stock between locations, and the shipments that carry them out."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from shopify_standin.ids import gid
from shopify_standin.model.places import Address


@dataclass(frozen=True, slots=True)
class Place:
    """A location as it was when the transfer was made."""

    location_id: int
    name: str
    address: Address
    taken_at: datetime


@dataclass(slots=True)
class TransferLine:
    """Units of one item that are to go."""

    TYPE: ClassVar = "InventoryTransferLineItem"
    id: int
    transfer_id: int
    item_id: int
    total: int

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("InventoryTransferLineItem", self.id)


@dataclass(slots=True)
class Transfer:
    """Goods that are to go from one location (or a supplier) to another."""

    TYPE: ClassVar = "InventoryTransfer"
    id: int
    name: str
    date_created: datetime
    status: str = "DRAFT"
    origin: Place | None = None
    destination: Place | None = None
    note: str | None = None
    reference_name: str | None = None
    tags: list[str] = field(default_factory=list)
    lines: list[TransferLine] = field(default_factory=list)
    shipment_ids: list[int] = field(default_factory=list)

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("InventoryTransfer", self.id)

    @property
    def total(self) -> int:
        """Units to go in all."""
        return sum(line.total for line in self.lines)


@dataclass(slots=True)
class ShipmentLine:
    """Units of one item in one shipment."""

    TYPE: ClassVar = "InventoryShipmentLineItem"
    id: int
    shipment_id: int
    item_id: int
    quantity: int
    accepted: int = 0
    rejected: int = 0

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("InventoryShipmentLineItem", self.id)

    @property
    def unreceived(self) -> int:
        """Units still on their way."""
        return self.quantity - self.accepted - self.rejected


@dataclass(frozen=True, slots=True)
class ShipmentTracking:
    """Who carries a shipment, under which number."""

    company: str | None = None
    tracking_number: str | None = None
    tracking_url: str | None = None
    arrives_at: datetime | None = None


@dataclass(slots=True)
class Shipment:
    """Goods of a transfer on their way."""

    TYPE: ClassVar = "InventoryShipment"
    id: int
    transfer_id: int
    name: str
    date_created: datetime
    status: str = "DRAFT"
    barcode: str | None = None
    tracking: ShipmentTracking | None = None
    date_shipped: datetime | None = None
    date_received: datetime | None = None
    lines: list[ShipmentLine] = field(default_factory=list)

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("InventoryShipment", self.id)

    @property
    def has_left(self) -> bool:
        """Whether it is on its way or beyond."""
        return self.status != "DRAFT"
