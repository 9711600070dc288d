from collections.abc import Iterator

import pytest
from tests.standin.standin_asking import Shop

from shopify_standin.receiving import Receiver, receiving
from shopify_standin.testing import RunningStandin, running_standin


@pytest.fixture(scope="session")
def served() -> Iterator[RunningStandin]:
    with running_standin() as standin:
        yield standin


@pytest.fixture
def standin(served: RunningStandin) -> RunningStandin:
    served.reset()
    return served


@pytest.fixture
def shop(standin: RunningStandin) -> Shop:
    return Shop(standin)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found
