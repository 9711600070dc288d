"""What is on the shelves, and what may be done to it. Pure: figures in, movements out."""

from dataclasses import dataclass, replace
from enum import StrEnum

from crossdock.kit.errors import UsageError
from crossdock.model.names import ItemCode, Units, WarehouseCode


class Reason(StrEnum):
    """Why stock moved."""

    RECEIVE = "receive"
    ADJUST = "adjust"
    TRANSFER = "transfer"
    RESERVE = "reserve"
    AMEND = "amend"
    PICK = "pick"
    PACK = "pack"
    SHIP = "ship"
    TAKE_BACK = "take_back"
    SHORT_SHIP = "short_ship"
    CANCEL = "cancel"
    RETURN = "return"


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """
    What one act adds to the figures of one item at one warehouse.

    `reference` names the order or the package that it was done for.
    """

    item: ItemCode
    warehouse: WarehouseCode
    reason: Reason
    on_hand: int = 0
    reserved: int = 0
    picked: int = 0
    packed: int = 0
    reference: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Stock:
    """
    One item at one warehouse.

    `reserved` is promised to orders and may exceed `on_hand` (a backorder). `picked` (on a cart) and `packed` (in a
    package that has not left) are still on hand, and reserved.
    """

    item: ItemCode
    warehouse: WarehouseCode
    on_hand: int = 0
    reserved: int = 0
    picked: int = 0
    packed: int = 0

    @property
    def available(self) -> int:
        """What may still be promised; negative while orders wait for goods."""
        return self.on_hand - self.reserved

    @property
    def on_shelf(self) -> int:
        """What a picker, a counter or a transfer can take: not yet on a cart or in a package."""
        return self.on_hand - self.picked - self.packed

    def after(self, movement: Movement) -> "Stock":
        """Return the figures as `movement` leaves them."""
        return replace(
            self,
            on_hand=self.on_hand + movement.on_hand,
            reserved=self.reserved + movement.reserved,
            picked=self.picked + movement.picked,
            packed=self.packed + movement.packed,
        )


def receive(item: ItemCode, warehouse: WarehouseCode, units: Units, note: str | None = None) -> Movement:
    """Put goods that arrived on the shelf. Raises UsageError for less than one unit."""
    if units < 1:
        raise UsageError(
            f"{item} at {warehouse}: {units} units cannot be received. Receive 1 or more; adjust to correct."
        )
    return Movement(item=item, warehouse=warehouse, reason=Reason.RECEIVE, on_hand=units, note=note)


def count(stock: Stock, counted: Units, note: str | None = None) -> Movement:
    """
    Set what is on hand to what was counted, units on carts and in packages included.

    Raises UsageError for a count below what pickers and packers hold for orders.
    """
    return change(stock, counted - stock.on_hand, note)


def change(stock: Stock, units: int, note: str | None = None) -> Movement:
    """Add units that were found, or take away (negative) units that are lost. Raises UsageError as `count` does."""
    handled = stock.picked + stock.packed
    if stock.on_hand + units < handled:
        raise UsageError(
            f"{stock.item} at {stock.warehouse} cannot become {stock.on_hand + units}: {stock.on_hand} are on hand, of "
            f"which {handled} are picked or packed for orders. "
            f"Count {handled} or more, or short-ship what is missing from those orders first."
        )
    return Movement(item=stock.item, warehouse=stock.warehouse, reason=Reason.ADJUST, on_hand=units, note=note)


def transfer(stock: Stock, to: WarehouseCode, units: Units, note: str | None = None) -> tuple[Movement, Movement]:
    """
    Carry units from one warehouse's shelf to another's.

    Raises UsageError for less than one unit, for the same warehouse, and for more than the shelf holds.
    """
    if to == stock.warehouse:
        raise UsageError(f"{stock.item} is at {to} already. Name another warehouse to transfer it to.")
    if not 1 <= units <= stock.on_shelf:
        raise UsageError(
            f"{units} {stock.item} cannot leave {stock.warehouse}: {stock.on_shelf} are on its shelf. "
            f"Transfer between 1 and what the shelf holds."
        )
    leave = Movement(item=stock.item, warehouse=stock.warehouse, reason=Reason.TRANSFER, on_hand=-units, note=note)
    return leave, replace(leave, warehouse=to, on_hand=units)
