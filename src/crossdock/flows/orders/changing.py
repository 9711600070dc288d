"""What is done about what changed of accepted requests: amending, stopping and leaving the backend's orders."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from crossdock.flows.orders.covering import Cover
from crossdock.flows.orders.following_up import SeeTo
from crossdock.flows.orders.giving_up import Withdraw
from crossdock.flows.orders.requested import Respond
from crossdock.flows.orders.sight import Work
from crossdock.flows.orders.undoing import CountNoMore
from crossdock.model.cause import Cause, Hold
from crossdock.model.change import Change, Kind, Terms
from crossdock.model.names import InventoryItemId, RequestKey, VariantId
from crossdock.model.plan import Wait
from crossdock.model.request import FulfillmentRequest


@dataclass(frozen=True, slots=True)
class Amend:
    """
    Have the backend make its order what `terms` say. Safe to repeat: they say what is to be, not what to do.

    `done` and `let` are the changes that the backend makes, and those that are only noted. `asked` is what remains
    for a person. `inventory_items` are those of the request's lines, in their order; None where nobody knows it.
    """

    name: str
    work: Work
    terms: Terms
    done: tuple[Change, ...]
    let: tuple[Change, ...]
    inventory_items: tuple[InventoryItemId | None, ...]

    @property
    def key(self) -> RequestKey:
        """Which request it is about."""
        return self.terms.request.key

    @property
    def what(self) -> str:
        """What changed."""
        return what_changed(self.name, (*self.done, *self.let))

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        return f"Have the warehouse change {self.work.reference}. {self.what}"


@dataclass(frozen=True, slots=True)
class Stop:
    """Have the backend cancel its order. Safe to repeat."""

    key: RequestKey
    name: str
    work: Work
    done: tuple[Change, ...]

    @property
    def what(self) -> str:
        """What changed."""
        return what_changed(self.name, self.done)

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        return f"Have the warehouse stop {self.work.reference}. {self.what}"


@dataclass(frozen=True, slots=True)
class Leave:
    """Note changes of which the backend is told nothing; `by_hand` where a person said so."""

    name: str
    work: Work
    terms: Terms
    let: tuple[Change, ...]
    by_hand: bool

    @property
    def what(self) -> str:
        """What changed."""
        return what_changed(self.name, self.let) if self.let else f"{self.name}: what is missing is not shipped."

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        return f"Leave {self.work.reference} as the warehouse has it. {self.what}"


@dataclass(slots=True)
class Late:
    """
    What the requests of one order came to; filled while they are gone through.

    `cover` says for which other fulfillment orders their units stand by now.
    """

    cover: Cover
    told: dict[RequestKey, FulfillmentRequest] = field(default_factory=dict)
    """The order's requests as the backend was told them, and as it is about to be told."""
    steps: list[Amend | Stop | Leave | SeeTo | Respond | Withdraw | CountNoMore] = field(default_factory=list)
    waits: list[Wait] = field(default_factory=list)
    problems: list[Hold] = field(default_factory=list)
    unlinked: tuple[VariantId, ...] = ()


def what_changed(name: str, found: Sequence[Change]) -> str:
    """Return the sentence that names these changes of a request."""
    if not found:
        return f"{name}: it is not known what came of an earlier change."
    return f"{name}: {', '.join(change.sentence for change in found)}."


def too_late(what: str, work: Work, asked: Sequence[Change], said: str = "", *, left: bool = False) -> Hold:
    """
    Return the hold that asks a person about these changes; `said` is what the backend answered.

    `left`: it has left, and the hub could do what is left to do about all of them.
    """
    off = {Kind.CANCELLED, Kind.WITHDRAWN, Kind.VOIDED, Kind.CALLED_BACK}
    cause = Cause.CANCELLED_LATE if any(one.kind in off for one in asked) else Cause.CHANGED_LATE
    cause = Cause.LEFT_ALREADY if left else cause
    state = work.state.value.replace("_", " ")
    return Hold(cause, f"{what} The warehouse has {work.reference}, {state}. {said}".strip())
