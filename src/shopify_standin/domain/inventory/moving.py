"""
`inventoryMoveQuantities`: units of an item change their state within one location.

All or nothing. Codes and sentences from Shopify docs, 2026.
"""

from dataclasses import dataclass
from typing import Any

from shopify_standin.call import Call
from shopify_standin.domain.inventory.checks import (
    ADJUST_LIMIT,
    ADJUSTABLE,
    document_errors,
    ledger_errors,
    level_or_error,
    reason_errors,
    stale_errors,
)
from shopify_standin.domain.inventory.groups import Change, new_group
from shopify_standin.domain.inventory.stock import change
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.model.goods import Level
from shopify_standin.registry import Args, mutation
from shopify_standin.world import World


@dataclass(frozen=True, slots=True)
class Move:
    """Units of one level that go from one state to another."""

    level: Level
    given: dict[str, Any]


@mutation("inventoryMoveQuantities", idempotent=True)
def inventory_move_quantities(world: World, args: Args, call: Call) -> JsonObject:
    """Move every row, or none."""
    given = args["input"]
    errors = reason_errors(given["reason"]) + document_errors(given) + _ledger_count_errors(given["changes"])
    moves: list[Move] = []
    for index, row in enumerate(given["changes"]):
        found = _row_errors(row, ["input", "changes", str(index)])
        if not found:
            level = _level(world, row, index, call.version)
            if isinstance(level, Level):
                found = _stale(level, row, index)
                moves.append(Move(level, row))
            else:
                found = [level]
        errors += found
    if errors:
        raise Refused(*errors)
    changes = [entry for move in moves for entry in _move(world, move)]
    return {"inventoryAdjustmentGroup": new_group(call, given, changes), "userErrors": []}


def _move(world: World, move: Move) -> list[Change]:
    units, start, end = move.given["quantity"], move.given["from"], move.given["to"]
    if not units:
        return []
    change(world, move.level, **{start["name"]: -units, end["name"]: units})
    rows = [
        Change(start["name"], -units, move.level, start.get("ledgerDocumentUri")),
        Change(end["name"], units, move.level, end.get("ledgerDocumentUri")),
    ]
    on_hand = (-units if start["name"] != "incoming" else 0) + (units if end["name"] != "incoming" else 0)
    return [*rows, Change("on_hand", on_hand, move.level)] if on_hand else rows


def _row_errors(row: dict[str, Any], path: list[str]) -> list[JsonObject]:
    """What is wrong with a row by itself."""
    start, end = row["from"], row["to"]
    errors: list[JsonObject] = []
    if start["locationId"] != end["locationId"]:
        message = "The quantities can't be moved between different locations."
        errors.append(user_error(path, message, "DIFFERENT_LOCATIONS"))
    if start["name"] == end["name"]:
        message = "The quantity names for each change can't be the same."
        errors.append(user_error(path, message, "SAME_QUANTITY_NAME"))
    if row["quantity"] < 0:
        errors.append(user_error([*path, "quantity"], "The quantity can't be negative.", "INVALID_QUANTITY_NEGATIVE"))
    if row["quantity"] > ADJUST_LIMIT:
        message = "The quantity can't be higher than 2,000,000,000."
        errors.append(user_error([*path, "quantity"], message, "INVALID_QUANTITY_TOO_HIGH"))
    for side, terminal in (("from", start), ("to", end)):
        errors += _terminal_errors(terminal, [*path, side])
    return errors


def _terminal_errors(terminal: dict[str, Any], path: list[str]) -> list[JsonObject]:
    if terminal["name"] not in ADJUSTABLE:
        message = f"The specified quantity name is invalid. Valid values are: {', '.join(ADJUSTABLE)}."
        return [user_error([*path, "name"], message, "INVALID_QUANTITY_NAME")]
    return ledger_errors(terminal["name"], terminal.get("ledgerDocumentUri"), path)


def _ledger_count_errors(rows: list[dict[str, Any]]) -> list[JsonObject]:
    uris = {row[side].get("ledgerDocumentUri") for row in rows for side in ("from", "to")} - {None}
    if len(uris) <= 1:
        return []
    message = "Only one ledger document URI is allowed per call."
    return [user_error(["input", "changes"], message, "MAXIMUM_LEDGER_DOCUMENT_URIS")]


def _level(world: World, row: dict[str, Any], index: int, version: str) -> Level | JsonObject:
    path = ["input", "changes", str(index)]
    place = {"inventoryItemId": row["inventoryItemId"], "locationId": row["from"]["locationId"]}
    found = level_or_error(world, place, path, version)
    if isinstance(found, dict) and found["code"] != "INVALID_INVENTORY_ITEM":
        found["field"] = [*path, "from", "locationId"]
    return found


def _stale(level: Level, row: dict[str, Any], index: int) -> list[JsonObject]:
    return [
        error
        for side in ("from", "to")
        for error in stale_errors(row[side], level.of(row[side]["name"]), ["input", "changes", str(index), side])
    ]
