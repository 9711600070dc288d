"""A storefront whose Shopify answers by script."""

from collections.abc import AsyncIterator

import pytest
from tests.shopify_answers import Bench


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    """A storefront over a scripted Shopify."""
    made = Bench()
    yield made
    await made.http.aclose()
