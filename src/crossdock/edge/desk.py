"""What routes and pages need of the hub, handed to them by the composition root."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Protocol

from fastapi import Depends, Request

from crossdock.edge.privacy.dossier import Dossier
from crossdock.inbox.accept import Acceptance
from crossdock.inbox.keyring import Keyring
from crossdock.kit.errors import UsageError
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId
from crossdock.store.database import Database


class LookAgain(Protocol):
    """Marks objects so that their flow looks at them again; returns once that is committed."""

    async def __call__(self, connection: ConnectionId, flow: Flow, keys: Sequence[str], reason: str) -> None:
        """Mark the objects. `reason` is a few words that a person reads."""
        ...


class DossierOf(Protocol):
    """Gathers all that is held of the customer of a privacy request, at the backends too."""

    async def __call__(self, number: int) -> Dossier:
        """Return it. Raises UsageError where there is no such request, or it asks for something else."""
        ...


async def _no_dossier(number: int) -> Dossier:
    raise UsageError(f"Export request {number} by: crossdock privacy export {number}.")


@dataclass(frozen=True, slots=True)
class Desk:
    """The hub, as far as the web process serves it."""

    database: Database
    keyring: Keyring
    acceptance: Acceptance
    look_again: LookAgain
    dossier: DossierOf = _no_dossier


def _the_desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


TheDesk = Annotated[Desk, Depends(_the_desk)]
"""The desk, as a parameter of a route."""
