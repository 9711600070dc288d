"""Gives out whole units by weight, every unit once."""

from collections.abc import Mapping
from fractions import Fraction

from crossdock.model.names import LocationId


def apportion(units: int, weights: Mapping[LocationId, int]) -> Mapping[LocationId, int]:
    """
    Return each location's part of `units`; where any weight is above 0, the parts add up to them.

    By Webster's method: each unit goes to whoever is furthest below its share, ties to the smaller id. Largest
    remainders would be off by as little, but there a location can lose a unit because the warehouse got one more.
    """
    total = sum(weights.values())
    if total == 0:
        return dict.fromkeys(weights, 0)
    # Far enough below every share to overtake nobody: half a unit each, all together.
    level = Fraction(max(0, units - len(weights)), total)
    parts = {one: int(level * weight + Fraction(1, 2)) for one, weight in weights.items()}
    while sum(parts.values()) < units:
        neediest = min(
            (one for one in weights if weights[one]), key=lambda one: (Fraction(2 * parts[one] + 1, weights[one]), one)
        )
        parts[neediest] += 1
    return parts
