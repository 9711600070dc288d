"""How often which operation was asked, what it cost and how often it had to wait."""

from collections import Counter
from dataclasses import dataclass, field

from shopify_standin.errors import JsonObject


@dataclass(slots=True)
class Counters:
    """Tallies per operation name; calls without a name count under their first root field."""

    calls: Counter[str] = field(default_factory=Counter)
    points: Counter[str] = field(default_factory=Counter)
    throttles: Counter[str] = field(default_factory=Counter)

    def as_json(self) -> JsonObject:
        """Totals and a row per operation."""
        return {
            "calls": self.calls.total(),
            "points": self.points.total(),
            "throttles": self.throttles.total(),
            "operations": {
                name: {
                    "calls": self.calls[name],
                    "points": self.points[name],
                    "throttles": self.throttles[name],
                }
                for name in sorted(self.calls | self.throttles)
            },
        }
