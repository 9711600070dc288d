"""A plan is data: what a flow would do about one object. It can be printed, compared and run."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, Protocol, TypeVar

from crossdock.model.cause import Hold
from crossdock.model.flow import Flow


class Step(Protocol):
    """One effect that a plan asks for."""

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        ...


StepT_co = TypeVar("StepT_co", bound=Step, covariant=True)


@dataclass(frozen=True, slots=True)
class Wait:
    """Look again after a while, though nobody calls: something is known to be under way."""

    after: timedelta
    why: str


@dataclass(frozen=True, slots=True)
class Plan(Generic[StepT_co]):
    """
    What to do about one object: the steps in order, then how it rests.

    `rest` is None where nothing is left to wait for, else a Hold or a Wait. A plan may have steps and still rest in
    a hold: one fulfillment order goes to the warehouse while its sister waits for a location to be mapped.
    `notes` say what was looked at and left alone, and why.
    """

    flow: Flow
    key: str
    title: str
    steps: tuple[StepT_co, ...]
    rest: Hold | Wait | None = None
    notes: tuple[str, ...] = ()
