"""
`inventorySetQuantities`, `inventorySetOnHandQuantities` and `inventoryAdjustQuantities`.

All or nothing: with any user error nothing changes. `changeFromQuantity` compares with the present quantity and
null skips the comparison (Shopify docs, 2026-04).
"""

from typing import Any

from shopify_standin.call import Call
from shopify_standin.domain.inventory.checks import (
    ADJUSTABLE,
    delta_errors,
    document_errors,
    duplicate_errors,
    ledger_errors,
    level_or_error,
    reason_errors,
    set_quantity_error,
    stale_errors,
)
from shopify_standin.domain.inventory.groups import Change, apply, new_group
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.model.goods import Level
from shopify_standin.registry import Args, mutation
from shopify_standin.world import World


@mutation("inventorySetQuantities", idempotent=True)
def inventory_set_quantities(_world: World, args: Args, call: Call) -> JsonObject:
    """Set `available` or `on_hand` to absolute numbers; setting `on_hand` moves `available` by the difference."""
    given = args["input"]
    name = given["name"]
    if name not in {"available", "on_hand"}:
        message = "The quantity name must be either 'available' or 'on_hand'."
        raise Refused(user_error(["input", "name"], message, "INVALID_NAME"))
    return _set_all(call, given, name, "quantities")


@mutation("inventorySetOnHandQuantities", idempotent=True)
def inventory_set_on_hand_quantities(_world: World, args: Args, call: Call) -> JsonObject:
    """Set `on_hand` to absolute numbers; the older form of `inventorySetQuantities`."""
    return _set_all(call, args["input"], "on_hand", "setQuantities")


def _set_all(call: Call, given: dict[str, Any], name: str, list_name: str) -> JsonObject:
    world, rows = call.world, given[list_name]
    errors = reason_errors(given["reason"]) + document_errors(given)
    errors += duplicate_errors(rows, list_name)
    levels: list[Level] = []
    for index, row in enumerate(rows):
        path = ["input", list_name, str(index)]
        problem = set_quantity_error(name, row["quantity"], path)
        level = level_or_error(world, row, path, call.version)
        if problem:
            errors.append(problem)
        elif isinstance(level, Level):
            levels.append(level)
            errors += stale_errors(row, level.of(name), path)
        else:
            errors.append(level)
    if errors:
        raise Refused(*errors)
    changes: list[Change] = []
    for row, level in zip(rows, levels, strict=True):
        delta = row["quantity"] - level.of(name)
        if delta:
            changes += apply(world, level, "available", delta)
    return {"inventoryAdjustmentGroup": new_group(call, given, changes), "userErrors": []}


@mutation("inventoryAdjustQuantities", idempotent=True)
def inventory_adjust_quantities(world: World, args: Args, call: Call) -> JsonObject:
    """Change one named quantity by deltas."""
    given = args["input"]
    name, rows = given["name"], given["changes"]
    if name not in ADJUSTABLE:
        message = f"The specified quantity name is invalid. Valid values are: {', '.join(ADJUSTABLE)}."
        raise Refused(user_error(["input", "name"], message, "INVALID_QUANTITY_NAME"))
    errors = reason_errors(given["reason"]) + document_errors(given)
    levels: list[Level] = []
    for index, row in enumerate(rows):
        path = ["input", "changes", str(index)]
        errors += ledger_errors(name, row.get("ledgerDocumentUri"), path)
        level = level_or_error(world, row, path, call.version)
        if isinstance(level, Level):
            levels.append(level)
            errors += stale_errors(row, level.of(name), path)
            errors += delta_errors(row["delta"], path)
        else:
            errors.append(level)
    if errors:
        raise Refused(*errors)
    changes: list[Change] = []
    for row, level in zip(rows, levels, strict=True):
        if row["delta"]:
            changes += apply(world, level, name, row["delta"], row.get("ledgerDocumentUri"))
    return {"inventoryAdjustmentGroup": new_group(call, given, changes), "userErrors": []}
