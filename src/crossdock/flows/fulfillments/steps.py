"""What may be told Shopify of an order's shipping, as data: each step can be printed, and is written down before it."""

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias, assert_never

from crossdock.kit.wording import counted
from crossdock.model.names import (
    FulfillmentHoldId,
    FulfillmentId,
    FulfillmentOrderId,
    FulfillmentOrderLineId,
    RequestKey,
    Units,
)
from crossdock.model.relocation import Move
from crossdock.model.request import DeliveryEvent, Package, Tracking
from crossdock.model.showing import Showing


@dataclass(frozen=True, slots=True)
class Adopt:
    """Take a fulfillment that Shopify has for the package's: we, or somebody, told it before."""

    key: RequestKey
    package: Package
    fulfillment: FulfillmentId

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        return f"Note that Shopify has package {self.package.id} already, as {self.fulfillment}."


@dataclass(frozen=True, slots=True)
class Create:
    """Tell Shopify that a package left. Not safe to repeat blindly: what Shopify has is read before each try."""

    key: RequestKey
    package: Package
    lines: tuple[tuple[FulfillmentOrderId, FulfillmentOrderLineId, Units], ...]
    tracking: Tracking
    notify_customer: bool
    as_assigned: bool = False
    """Whether it left from elsewhere, and a person wants it told from where Shopify has its goods."""

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        units = sum(units for *_, units in self.lines)
        tracking = self.tracking.number or "no tracking number"
        return f"Tell Shopify of package {self.package.id}: {counted(units, 'unit')}, {tracking}."


@dataclass(frozen=True, slots=True)
class Relocate:
    """
    Have Shopify move goods to the location that their package left from, so that it can be told of it there.

    Not safe to repeat blindly: what is there already is looked for before each try. `from_` is a location's name.
    """

    key: RequestKey
    package: Package
    move: Move
    units: int
    from_: str

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        return f"Move {self.what} on Shopify, from {self.from_}."

    @property
    def what(self) -> str:
        """What moves, and where to."""
        to = self.move.to.rsplit("/", 1)[-1]
        units = f"{counted(self.units, 'unit')} of package {self.package.id}"
        return f"{units} to location {to}, from where warehouse {self.package.warehouse} ships"


@dataclass(frozen=True, slots=True)
class Correct:
    """Tell Shopify a package's tracking as it is now; only note it where Shopify shows it already (`there`)."""

    key: RequestKey
    package: Package
    fulfillment: FulfillmentId
    tracking: Tracking
    notify_customer: bool
    there: bool

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        tracking = f"{self.tracking.carrier or 'carrier unknown'} {self.tracking.number or 'without tracking number'}"
        if self.there:
            return f"Note that Shopify has the tracking of package {self.package.id}: {tracking}."
        return f"Correct the tracking of package {self.package.id} at Shopify: {tracking}."


@dataclass(frozen=True, slots=True)
class Cancel:
    """
    Have Shopify count a package no longer that was cancelled at the backend.

    Only noted where Shopify shows it cancelled already, or never heard of it (`there`). Safe to repeat.
    """

    key: RequestKey
    package: Package
    fulfillment: FulfillmentId | None
    there: bool

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        if self.there:
            return f"Note that Shopify does not count package {self.package.id}, which was cancelled."
        return f"Cancel the fulfillment of package {self.package.id} at Shopify: the package was cancelled."


@dataclass(frozen=True, slots=True)
class Report:
    """
    Tell Shopify what happened to a package on its way; only note it where Shopify has the event already (`there`).

    Not safe to repeat blindly: what Shopify has is read before each try.
    """

    key: RequestKey
    package: Package
    fulfillment: FulfillmentId
    event: DeliveryEvent
    there: bool

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        what = f"package {self.package.id} is {said(self.event)}"
        return f"Note that Shopify knows: {what}." if self.there else f"Tell Shopify: {what}."


def said(event: DeliveryEvent) -> str:
    """Return what happened and when, as part of a sentence."""
    return f"{event.status.value.replace('_', ' ')} since {event.happened_at:%Y-%m-%d %H:%M} UTC"


class Act(Enum):
    """What makes Shopify show how far the backend is. Each is read before it is tried, and safe to repeat."""

    HOLD = "hold"
    RELEASE = "release"
    PROGRESS = "progress"
    OPEN = "open"
    PREPARE = "prepare"
    NOTE = "note"
    """Nothing is told: a rule says so, or the fulfillment order is over."""


@dataclass(frozen=True, slots=True)
class Show:
    """Let Shopify show how far a request is. `after` is what it shows then, `holds` are those of ours to release."""

    key: RequestKey
    name: str
    fulfillment_order: FulfillmentOrderId
    act: Act
    after: Showing
    holds: tuple[FulfillmentHoldId, ...] = ()

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        match self.act:
            case Act.HOLD:
                return f"Put {self.name} on hold at Shopify, as at the warehouse: {self.after.on_hold}"
            case Act.RELEASE:
                return f"Take our hold off {self.name} at Shopify."
            case Act.PROGRESS:
                return f"Tell Shopify that the warehouse works on {self.name}."
            case Act.OPEN:
                return f"Tell Shopify that nobody works on {self.name} any more."
            case Act.PREPARE:
                return f"Tell Shopify that {self.name} waits to be collected."
            case Act.NOTE:
                return f"Note how far {self.name} is at the warehouse."
            case _:
                assert_never(self.act)


PackageStep: TypeAlias = Adopt | Create | Correct | Cancel | Report
FulfillmentStep: TypeAlias = PackageStep | Relocate | Show
