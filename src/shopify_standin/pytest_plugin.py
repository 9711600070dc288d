"""Fixtures for pytest; `pytest_plugins = ["shopify_standin.pytest_plugin"]` in a `conftest.py` brings them in."""

from collections.abc import Iterator

import pytest

from shopify_standin.receiving import Receiver, receiving
from shopify_standin.testing import RunningStandin, running_standin


@pytest.fixture(scope="session")
def standin_server() -> Iterator[RunningStandin]:
    """One served shop for the whole run: starting it takes longer than emptying it."""
    with running_standin() as served:
        yield served


@pytest.fixture
def standin(standin_server: RunningStandin) -> RunningStandin:
    """An empty shop with one location, its clock running and nothing going wrong."""
    standin_server.reset()
    return standin_server


@pytest.fixture
def webhook_receiver() -> Iterator[Receiver]:
    """An address that webhooks can be sent to."""
    with receiving() as found:
        yield found
