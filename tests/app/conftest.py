"""A whole hub, and a shop with goods to tie to it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from tests.cli.terminal import put_goods_on_sale

from crossdock.app.hub import Hub, open_hub
from crossdock.app.settings import settings_from
from shopify_standin.testing import RunningStandin, running_standin


@pytest.fixture(scope="module")
def shop() -> Iterator[RunningStandin]:
    with running_standin() as standin:
        put_goods_on_sale(standin)
        yield standin


@pytest.fixture
async def hub(database_url: str, tmp_path: Path) -> AsyncIterator[Hub]:
    settings = settings_from(data=tmp_path, database_url=database_url, stand_ins=True)
    async with open_hub(settings, lambda _: None) as opened:
        yield opened
