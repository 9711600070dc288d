"""A terminal of an empty installation, and a shop to connect it to."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from tests.cli.terminal import Terminal

from shopify_standin.testing import RunningStandin, running_standin


@pytest.fixture(scope="session")
def standin() -> Iterator[RunningStandin]:
    """A served shop."""
    with running_standin() as running:
        yield running


@pytest.fixture
def shop(standin: RunningStandin) -> RunningStandin:
    """An empty shop with one location."""
    standin.reset()
    return standin


@pytest.fixture
def terminal(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Terminal]:
    """A terminal of an installation that nothing was set up in."""
    for variable in ("CROSSDOCK_TOKEN", "CROSSDOCK_SECRET", "CROSSDOCK_PUBLIC_URL", "CROSSDOCK_DEBUG"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    yield Terminal(tmp_path, database_url, capsys)
    structlog.reset_defaults()
