"""
What every storefront must do, as tests: our fake and the real adapter pass the same ones, so the fake cannot drift.

Subclass `StorefrontConformance` in a test module and give it the fixtures `storefront` and `counter`. Each module is a
chapter of the contract.
"""

from crossdock.testing.storefront_conformance.counter import Counter
from crossdock.testing.storefront_conformance.moves import Moves
from crossdock.testing.storefront_conformance.packages import Packages
from crossdock.testing.storefront_conformance.reading import Reading
from crossdock.testing.storefront_conformance.returns import Returns
from crossdock.testing.storefront_conformance.service import Service
from crossdock.testing.storefront_conformance.settling import Settling
from crossdock.testing.storefront_conformance.showing import Showing
from crossdock.testing.storefront_conformance.stock import Stock
from crossdock.testing.storefront_conformance.withdrawals import Withdrawals

__all__ = ["Counter", "StorefrontConformance"]


class StorefrontConformance(
    Reading,
    Stock,
    Packages,
    Showing,
    Service,
    Moves,
    Withdrawals,
    Returns,
    Settling,
):
    """The promises of `crossdock.ports.storefront.Storefront` that flows rest on: all chapters of the contract."""
