import pytest
from tests.flows.flow_bench import FlowBench

from crossdock.store.database import Database


@pytest.fixture
async def bench(database: Database) -> FlowBench:
    """Ten mugs on both sides, linked."""
    made = FlowBench(database)
    await made.open()
    await made.link()
    return made
