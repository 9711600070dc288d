"""Bugs planted on purpose: each is a safeguard taken out, and a storm that does not notice is worth nothing."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final
from unittest.mock import patch

from sqlalchemy import text
from tests.storm.build import Build

from crossdock.flows.inventory import decide
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId
from crossdock.store import packages, pending, requests, watermarks
from crossdock.store.database import Tx
from crossdock.store.watermarks import Watermark


@contextmanager
def _forgets_packages() -> Iterator[None]:
    with patch.object(packages, "tried", _written_nowhere):
        yield


@contextmanager
def _forgets_requests() -> Iterator[None]:
    with patch.object(requests, "tried", _written_nowhere):
        yield


async def _written_nowhere(*_: Any) -> None:
    """Write nothing down before it is tried."""


@contextmanager
def _advances_early() -> Iterator[None]:
    """Say that all is checked as soon as the sweep begins; whoever dies half-way has lied."""
    read = watermarks.read

    async def hasty(tx: Tx, connection: ConnectionId, stream: str) -> Watermark:
        found = await read(tx, connection, stream)
        await watermarks.advance(tx, connection, stream, complete_to=await watermarks.now(tx), cursor=found.cursor)
        return found

    with patch.object(watermarks, "read", hasty):
        yield


@contextmanager
def _ignores_generations() -> Iterator[None]:
    """Forget an object after a look, whatever was learned of it meanwhile."""
    with patch.object(
        pending, "_REMOVE", text(pending._REMOVE.text.replace("generation = claimed_generation", "true"))
    ):
        yield


@contextmanager
def _drops_the_fence() -> Iterator[None]:
    """Take every look for one that counts, though its lease has gone to somebody else."""

    async def always(_tx: Tx, _connection: ConnectionId, _flow: Flow, tokens: Mapping[str, int]) -> set[str]:
        return set(tokens)

    with patch.object(pending, "still_ours", always):
        yield


@contextmanager
def _raises_on_any_belief() -> Iterator[None]:
    """Write at once, whatever the reading leaves open."""
    with patch.object(decide._Desk, "_wait", lambda *_, **__: None):
        yield


BUGS: Final[Mapping[str, Build]] = {
    "skip-compare": Build("stock is written without comparing", compares=False),
    "forget-packages": Build("a package is told without being written down first", planted=_forgets_packages),
    "forget-requests": Build("a request is sent without being written down first", planted=_forgets_requests),
    "early-watermark": Build("a watermark moves before what it stands for is marked", planted=_advances_early),
    "no-generation": Build("news that comes during a look is dropped", planted=_ignores_generations),
    "raise-unsure": Build("stock is raised though a sale may hide", planted=_raises_on_any_belief),
    "no-fence": Build("a look counts though its lease was lost", planted=_drops_the_fence),
}
