"""What a shadow is: a connection that reads both sides, decides, and writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final, Protocol

from crossdock.kit.errors import NotNow
from crossdock.model.names import OrderId

LOOKS_AGAIN_AFTER: Final = timedelta(hours=1)
"""How long an object rests in a shadow after a write that was kept back; what is heard of it afterwards wakes it."""


class Side(StrEnum):
    """Who would have been written to."""

    SHOPIFY = "shopify"
    BACKEND = "backend"


@dataclass(frozen=True, slots=True)
class WouldWrite:
    """
    A write that a shadow kept back: which act, on what, and in a sentence. It names no people.

    The same act on the same thing is the same write, seen again; its sentence is then the newest. `there` and `would`
    are units of a stock level, as Shopify was last seen to have it and as it would be; None for all other acts.
    """

    side: Side
    act: str
    about: str
    sentence: str
    order: OrderId | None = None
    there: int | None = None
    would: int | None = None


class Notes(Protocol):
    """Where a shadow notes what it keeps back."""

    async def note(self, writes: Sequence[WouldWrite]) -> None:
        """Keep these; raises DatabaseUnavailable."""
        ...


class InShadow(NotNow):
    """
    A write that was kept back.

    To a flow it is a system that cannot be asked now: its effect is recorded as tried and has no answer, which every
    effect must be able to live with. So nothing that a shadow did is believed, and nothing has to be taken back.
    """

    def __init__(self, first: WouldWrite) -> None:
        super().__init__(f"Shadow: {first.sentence} Nothing was written.", LOOKS_AGAIN_AFTER)


async def keep_back(notes: Notes, *writes: WouldWrite) -> InShadow:
    """Note the writes, and return what to raise in their place."""
    await notes.note(writes)
    return InShadow(writes[0])
