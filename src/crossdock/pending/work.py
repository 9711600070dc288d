"""What passes between the drain and a flow: claims go in, looks come out."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from crossdock.kit.errors import HubError, Recovery
from crossdock.model.cause import Hold
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId
from crossdock.model.plan import Wait
from crossdock.store.database import Tx


@dataclass(frozen=True, slots=True)
class Claim:
    """
    The right to look at one object until the lease ends.

    `attempts` counts the failed looks in a row before this one. `token` is the fence: it is new at each claim, and
    nothing is written for a claim whose token is no longer in the row. `trace` is what goes on with the trace of the
    newest news.
    """

    connection: ConnectionId
    flow: Flow
    key: str
    reason: str
    attempts: int
    generation: int
    token: int
    first_due_at: datetime
    trace: str | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """The look did not come to an end; try again later, with back-off. `error` is a sentence for a person."""

    error: str


@dataclass(frozen=True, slots=True)
class Blocked:
    """
    The object's store, its backend or the database cannot be asked now: the object's look counts as none.

    `error` says what is the matter. Where it asks for the store to be paused, the drain sees to that.
    """

    error: HubError


Rest: TypeAlias = Hold | Wait | Failed | Blocked | None
"""How an object rests after a look: held, waiting for a moment, failed for now, blocked, or at peace (None)."""


def put_off(error: HubError) -> Failed | Blocked:
    """Return how an object rests for an error that no person has to see to: by whose doing it came."""
    return Blocked(error) if error.recovery in {Recovery.WAIT, Recovery.PAUSE_STORE} else Failed(str(error))


Write: TypeAlias = Callable[[Tx], Awaitable[None]]


async def nothing(_tx: Tx) -> None:
    """Write nothing."""


@dataclass(frozen=True, slots=True)
class Look:
    """
    What came of looking at one object.

    `write` runs in the transaction that settles the claim: results, links, time line and the next news commit with
    it or not at all. It must write rows of this object only, so that batches cannot block each other.
    """

    claim: Claim
    rest: Rest = None
    write: Write = nothing


class Handler(Protocol):
    """
    A flow, as the drain sees it: takes a batch of one connection, returns a look per claim.

    A claim without a look counts as failed, and so does the whole batch where the handler raises; a HubError's
    message is kept as the reason. One bad object must not make it raise: it is one failed look.
    """

    async def __call__(self, claims: Sequence[Claim]) -> Sequence[Look]:
        """Look at the objects, act, and say how each rests."""
        ...
