"""What is to happen later on the stand-in's clock: a heap of due times, functions and their plain arguments."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shopify_standin.world import World

Action = Callable[..., None]


@dataclass(order=True, slots=True)
class Appointment:
    """One call `action(world, *arguments)` at `due`; equal times run in the order of entry."""

    due: datetime
    number: int
    action: Action = field(compare=False)
    arguments: tuple[Any, ...] = field(compare=False)


@dataclass(slots=True)
class Agenda:
    """Appointments in order; actions are module-level functions, so that a snapshot can hold them."""

    waiting: list[Appointment] = field(default_factory=list)
    entered: int = 0

    def add(self, due: datetime, action: Action, *arguments: Any) -> None:
        """Call `action(world, *arguments)` once the clock has reached `due`."""
        self.entered += 1
        heapq.heappush(self.waiting, Appointment(due, self.entered, action, arguments))

    def next_due(self) -> datetime | None:
        """When the next appointment is, if any."""
        return self.waiting[0].due if self.waiting else None

    def run_due(self, world: "World") -> None:
        """Run everything due by the world's clock, in order."""
        now = world.clock.now()
        while self.waiting and self.waiting[0].due <= now:
            appointment = heapq.heappop(self.waiting)
            appointment.action(world, *appointment.arguments)
