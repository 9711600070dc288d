"""The base class of the generated client: it hands each operation to whoever knows how to send it."""

from collections.abc import Mapping
from typing import Any, Protocol


class Send(Protocol):
    """Sends one operation and returns the `data` of its answer."""

    async def __call__(self, operation: str, query: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        """Raise where the answer is no success."""
        ...


class TypedClient:
    """One method per operation, typed; the sending is passed in."""

    def __init__(self, send: Send) -> None:
        self._send = send

    async def execute(self, query: str, operation_name: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        """Send one operation; called by the generated methods."""
        return await self._send(operation_name, query, variables)

    def get_data(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what `execute` returned: it holds nothing but data."""
        return data
