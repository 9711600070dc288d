"""Many ids, asked for in as few calls as Shopify's limits allow."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from crossdock.shopify.refusals import QueryTooDear

AnswerT = TypeVar("AnswerT")

LARGEST_INPUT = 250
"""Entries that one list of an input may have (Shopify docs, 2026-07)."""

LARGEST_ORDERS = 50
"""Whole orders in one call: by the cost fitted to recorded answers (2026-04) under a fifth of the limit."""


class Batches:
    """
    Reads many ids by one operation, batch after batch.

    What Shopify charges is known only from its answers: where a batch is too dear it is halved, and later batches
    stay that small.
    """

    def __init__(self, size: int = LARGEST_INPUT) -> None:
        self._size = size

    async def read(self, ids: Sequence[str], ask: Callable[[list[str]], Awaitable[AnswerT]]) -> list[AnswerT]:
        """Return the answers for all ids, each id asked for once."""
        left = list(dict.fromkeys(ids))
        answers: list[AnswerT] = []
        while left:
            batch = left[: self._size]
            try:
                answers.append(await ask(batch))
            except QueryTooDear:
                if len(batch) == 1:
                    raise
                self._size = len(batch) // 2
            else:
                left = left[len(batch) :]
        return answers
