"""What a flow is given to look with: both sides of one connection, as its rules are now."""

from dataclasses import dataclass

from crossdock.model.capability import Capability
from crossdock.model.connection import Connection
from crossdock.model.request_field import FieldSpec
from crossdock.ports.backend import Backend
from crossdock.ports.storefront import Storefront
from crossdock.store.database import Database


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the truth is: Shopify and the backend; and the hub's own record of what it did."""

    database: Database
    storefront: Storefront
    backend: Backend
    connection: Connection
    can: frozenset[Capability] = frozenset()
    """What the backend can do beyond the least, as its manifest says."""
    fields: tuple[FieldSpec, ...] = ()
    """Which fields it takes beside what every request says, as its manifest says."""
