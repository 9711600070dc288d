"""What operations cost: Shopify's own last word on each, until then a guess."""

from crossdock.shopify.operation_table import OPERATIONS


class Prices:
    """Remembers what Shopify said an operation asks for, by operation and number of ids in the batch."""

    def __init__(self) -> None:
        self._seen: dict[str, dict[int, int]] = {}

    def estimate(self, operation: str, rows: int) -> float:
        """Return the points to reserve: the last cost of a batch as large, else of the next larger, else a guess."""
        seen = self._seen.get(operation, {})
        larger = [size for size in seen if size >= rows]
        return float(seen[min(larger)]) if larger else OPERATIONS[operation].guess

    def learn(self, operation: str, rows: int, requested: int) -> None:
        """Keep what Shopify said."""
        self._seen.setdefault(operation, {})[rows] = requested
