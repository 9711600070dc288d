"""Limits on what one call may ask and send (Shopify docs, 2026)."""

from typing import Any

from shopify_standin.errors import ApiError, JsonObject
from shopify_standin.registry import Args

MAX_QUERY_COST = 1000
MAX_INPUT_ITEMS = 250
MAX_VARIANTS = 2_048
"""Entries of a list of variants, which may be a whole product's (recorded 2025-01)."""


def check_input_sizes(args: Args) -> None:
    """Raise ApiError where any list in the arguments has more than 250 entries."""
    for name, value in args.items():
        _check(value, [name])


def _check(value: Any, path: list[str]) -> None:
    if isinstance(value, list):
        most = MAX_VARIANTS if path[-1] in {"variants", "variantsIds"} else MAX_INPUT_ITEMS
        if len(value) > most:
            raise ApiError(
                f"The input array size of {len(value)} is greater than the maximum allowed of {most}.",
                "MAX_INPUT_SIZE_EXCEEDED",
            )
        for index, entry in enumerate(value):
            if isinstance(entry, dict | list):
                _check(entry, [*path, str(index)])
    elif isinstance(value, dict):
        for name, entry in value.items():
            if isinstance(entry, dict | list):
                _check(entry, [*path, name])


def too_costly(cost: int) -> JsonObject:
    """The answer to a query that asks for more than one call may (recorded 2026-04)."""
    return {
        "message": (
            f"Query cost is {cost}, which exceeds the single query max cost limit ({MAX_QUERY_COST}). "
            "See https://shopify.dev/concepts/about-apis/rate-limits for more information on how the cost of "
            "a query is calculated."
        ),
        "extensions": {
            "code": "MAX_COST_EXCEEDED",
            "cost": cost,
            "maxCost": MAX_QUERY_COST,
            "documentation": "https://shopify.dev/api/usage/rate-limits",
        },
    }


def throttled(requested: int, status: JsonObject) -> JsonObject:
    """The whole answer to a call that the bucket cannot pay (recorded 2026-04)."""
    return {
        "errors": [
            {
                "message": "Throttled",
                "extensions": {
                    "code": "THROTTLED",
                    "documentation": "https://shopify.dev/api/usage/rate-limits",
                },
            }
        ],
        "extensions": {"cost": {"requestedQueryCost": requested, "actualQueryCost": None, "throttleStatus": status}},
    }
