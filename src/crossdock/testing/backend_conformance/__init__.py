"""
What every backend must do, as tests that a backend's author runs against theirs.

Subclass `BackendConformance` in a test module, give it the fixtures `backend` and `floor`, and run pytest with
`asyncio_mode = auto`. `docs/how-to/write-a-backend.md` shows a whole example. Each module is a chapter of the contract.
"""

from crossdock.testing.backend_conformance.amending import Amending
from crossdock.testing.backend_conformance.books import Books
from crossdock.testing.backend_conformance.fields import Fields
from crossdock.testing.backend_conformance.following import Following
from crossdock.testing.backend_conformance.holds import Holds
from crossdock.testing.backend_conformance.items import Items
from crossdock.testing.backend_conformance.packages_on_their_way import PackagesOnTheirWay
from crossdock.testing.backend_conformance.people import People
from crossdock.testing.backend_conformance.prices import Prices
from crossdock.testing.backend_conformance.returns import Returns
from crossdock.testing.backend_conformance.shipping import Shipping
from crossdock.testing.backend_conformance.stock import Stock
from crossdock.testing.backend_conformance.stopping import Stopping
from crossdock.testing.backend_conformance.submitting import Submitting

__all__ = ["BackendConformance"]


class BackendConformance(
    Items,
    Submitting,
    Stock,
    Shipping,
    PackagesOnTheirWay,
    Holds,
    Amending,
    Stopping,
    Prices,
    Fields,
    Returns,
    Following,
    People,
    Books,
):
    """The promises of `crossdock.ports.backend.Backend`, one test each: all chapters of the contract."""
