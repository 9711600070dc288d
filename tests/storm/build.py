"""How the hub in a storm is built: as it is, with a bug planted on purpose, or by the design of a peer."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TypeAlias

from crossdock.flows.inventory.flow import InventoryFlow
from crossdock.pending.sources import Sources
from crossdock.pending.work import Handler

InventoryHandler: TypeAlias = Callable[[Sources], Handler]


def our_inventory(sources: Sources) -> Handler:
    """Return the inventory flow as it is."""
    return InventoryFlow(sources)


@dataclass(frozen=True, slots=True)
class Build:
    """
    One way to build it.

    `compares` is False where no stock write says what it expects Shopify to hold. `planted` changes the code for as
    long as it is entered.
    """

    sentence: str
    inventory: InventoryHandler = our_inventory
    compares: bool = True
    planted: Callable[[], AbstractContextManager[object]] = nullcontext


OURS = Build("as it is")
