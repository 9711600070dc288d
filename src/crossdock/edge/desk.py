"""What routes and pages need of the hub, handed to them by the composition root."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from crossdock.edge.doors import Doors
from crossdock.edge.mapping_changes import MappingTrial
from crossdock.edge.outside import Outside
from crossdock.edge.privacy.by_hand import DossierOf
from crossdock.edge.privacy.dossier import Dossier
from crossdock.edge.replaying import Replay, Replaying
from crossdock.edge.setting_up import SettingUp, SettingUpAs
from crossdock.inbox.accept import Acceptance
from crossdock.inbox.keyring import Keyring
from crossdock.kit.errors import UsageError
from crossdock.kit.sealing import Sealer
from crossdock.model.names import ConnectionId, OrderId
from crossdock.model.people import Actor
from crossdock.model.request_field import FieldSpec
from crossdock.store.database import Database


async def _no_dossier(number: int) -> Dossier:
    raise UsageError(f"Export request {number} by: crossdock privacy export {number}.")


@dataclass(frozen=True, slots=True)
class Desk:
    """The hub, as far as the web process serves it."""

    database: Database
    keyring: Keyring
    acceptance: Acceptance
    doors: Doors = field(default_factory=Doors)
    dossier: DossierOf = _no_dossier
    sealer: Sealer | None = None
    set_up: SettingUpAs | None = None
    both_sides: Outside | None = None
    mappings: MappingTrial | None = None
    replays: Replaying | None = None
    private_webhooks: bool = False
    """Whether alerts may call webhooks in private networks."""

    @property
    def seals(self) -> Sealer:
        """What seals secrets. Raises UsageError where this process has no key."""
        if self.sealer is None:
            raise UsageError("This process has no key to seal secrets with. Use the command line.")
        return self.sealer

    def setting_up(self, by: Actor) -> SettingUp:
        """Return the set-up for whoever asks. Raises UsageError where this process has none."""
        if self.set_up is None:
            raise UsageError("This process cannot set up. Use the portal of `crossdock serve` or `crossdock web`.")
        return self.set_up(by)

    async def fields_of(self, connection: ConnectionId) -> Sequence[FieldSpec]:
        """Return the fields of a connection's backend, as far as this process knows that backend."""
        with contextlib.suppress(UsageError):
            return await self.mappings.fields_of(connection) if self.mappings is not None else ()
        return ()

    async def replay(self, connection: ConnectionId, order: OrderId) -> Replay:
        """Decide an order anew, and do nothing. Raises UsageError where this process asks neither side."""
        if self.replays is None:
            raise UsageError("This process asks neither Shopify nor a backend. Use: crossdock orders replay.")
        return await self.replays.replay(connection, order)

    @property
    def outside(self) -> Outside:
        """Both sides of every connection. Raises UsageError where this process asks neither."""
        if self.both_sides is None:
            raise UsageError("This process asks neither Shopify nor a backend. Use the command line.")
        return self.both_sides


def _the_desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


TheDesk = Annotated[Desk, Depends(_the_desk)]
"""The desk, as a parameter of a route."""
