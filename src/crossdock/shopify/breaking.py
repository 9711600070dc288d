"""Sending through a breaker: nothing goes to a store while it answers nobody."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from crossdock.ports.calls import Breaker
from crossdock.shopify.generated.typed_client import Send
from crossdock.shopify.retry import Patience

ONCE: Final = Patience(retries=0, total=timedelta(seconds=5))
"""For the smallest question: whether it is answered is what is asked, so it is asked once."""


def broken_by(breaker: Breaker, send: Send, probe: Callable[[], Awaitable[object]]) -> Send:
    """Return a `send` that the breaker stands before."""

    async def carefully(operation: str, query: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        return await breaker.call(lambda: send(operation, query, variables), probe)

    return carefully
