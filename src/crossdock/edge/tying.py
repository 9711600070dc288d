"""Stores, connections and pairs of the location map: as people give them, and what comes of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from crossdock.model.catalog import Location
from crossdock.model.connection import Connection
from crossdock.model.names import ConnectionId, LocationId, ShopDomain, WarehouseCode

if TYPE_CHECKING:
    # Loads slowly, and `--help` does not need it.
    from crossdock.ports.backend import Warehouse


@dataclass(frozen=True, slots=True)
class NewStore:
    """
    A store as a person gives it. `endpoint` and `api_version` are None for the usual ones.

    An app of the Dev Dashboard has a `client_id` and no token: tokens are asked for with its newest secret.
    """

    domain: str
    token: str | None = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)
    endpoint: str | None = None
    api_version: str | None = None
    client_id: str | None = None


@dataclass(frozen=True, slots=True)
class AddedStore:
    """A store that answered and was kept. `known` says that it was there before and has new credentials now."""

    domain: ShopDomain
    name: str
    currency: str
    plan: str
    known: bool


@dataclass(frozen=True, slots=True)
class NewConnection:
    """
    A connection as a person gives it.

    `name` is None for the first label of the store's domain; `settings` is the JSON of the backend's settings;
    orders placed before `orders_from` are left alone, `None` takes them all. One that is not `started` waits for
    that, with all that is still to be said about it.
    """

    store: str
    backend: str
    name: str | None
    settings: str
    orders_from: datetime | None
    started: bool = True


@dataclass(frozen=True, slots=True)
class Connected:
    """
    A new connection, what there is to map, and who brings its news.

    `webhooks_to` is where the store sends its webhooks from now on; where it sends none, `no_webhooks` says why.
    """

    connection: Connection
    locations: Sequence[Location]
    warehouses: "Sequence[Warehouse]"
    webhooks_to: str | None
    no_webhooks: str | None


@dataclass(frozen=True, slots=True)
class Mapped:
    """A pair of the location map. `changed` is False where it was so already."""

    connection: ConnectionId
    location: LocationId
    location_name: str
    warehouse: WarehouseCode
    changed: bool
