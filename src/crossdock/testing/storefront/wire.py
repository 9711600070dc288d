"""The way to the store: every call of the port comes over it, is counted, and gets lost where a test says so."""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from crossdock.kit.errors import HubError, TryAgain


@dataclass(frozen=True, slots=True)
class _Fault:
    call: str
    error: HubError
    after: bool
    """Whether all is done by then."""


async def _go_on(_call: str) -> None:
    """Let a call go on at once."""


class Wire:
    """
    Counts calls by the name of their method, and loses them.

    `before` is awaited at the start of each call with its name, so that a test can let something happen meanwhile,
    or make it fail. Nothing else is awaited: the rest of each call is one act to every other task.
    """

    def __init__(self) -> None:
        self.before: Callable[[str], Awaitable[None]] = _go_on
        self.calls: Counter[str] = Counter()
        self._faults: list[_Fault] = []

    def lose_next_question(self, call: str) -> None:
        """Let the next `call` (a method's name) raise TryAgain before anything is done."""
        self.refuse_next(call, TryAgain(f"The fake store did not hear {call}. Ask again."))

    def lose_next_answer(self, call: str) -> None:
        """Let the next `call` raise TryAgain after all is done."""
        lost = TryAgain(f"The fake store's answer to {call} got lost. Ask again.")
        self._faults.append(_Fault(call, lost, after=True))

    def refuse_next(self, call: str, error: HubError) -> None:
        """Let the next `call` raise `error` before anything is done."""
        self._faults.append(_Fault(call, error, after=False))

    @asynccontextmanager
    async def _call(self, name: str) -> AsyncIterator[None]:
        self.calls[name] += 1
        await self.before(name)
        self._fail(name, after=False)
        yield
        self._fail(name, after=True)

    def _fail(self, call: str, *, after: bool) -> None:
        due = next((fault for fault in self._faults if fault.call == call), None)
        if due is not None and due.after is after:
            self._faults.remove(due)
            raise due.error
