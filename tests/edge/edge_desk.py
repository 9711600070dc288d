"""What the tests of the edge share: one store, a clock that is moved by hand, and who was asked to look again."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, ShopDomain

ACME = ShopDomain("acme.myshopify.com")
SECRET = "newer"


@dataclass
class Asked:
    """What pages asked to be looked at again."""

    keys: list[tuple[str, Flow, str]] = field(default_factory=list)

    async def __call__(self, connection: ConnectionId, flow: Flow, keys: Sequence[str], reason: str) -> None:
        assert reason
        self.keys += [(connection, flow, key) for key in keys]


@dataclass
class HandClock:
    """A monotonic clock that a test moves."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds
