"""What a definition demands of a value beyond its type (sentences recorded 2025-01; those on lengths assumed)."""

import json
import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from shopify_standin.model.metafields import MetafieldDefinition
from shopify_standin.world import World

TAKEN = "Value has already been taken."
_COMPARED: dict[str, Callable[[str], Any]] = {
    "number_integer": Decimal,
    "number_decimal": Decimal,
    "date": date.fromisoformat,
    "date_time": datetime.fromisoformat,
}


def violation(world: World, definition: MetafieldDefinition, owner: str, value: str) -> str | None:
    """What is wrong with a normalised value of `owner`, or None."""
    if (definition.unique_values or definition.type == "id") and _taken(world, definition, owner, value):
        return TAKEN
    rules = dict(definition.validations)
    kind = definition.type.removeprefix("list.")
    entries = json.loads(value) if definition.type.startswith("list.") else [value]
    for entry in entries:
        reason = _broken(kind, rules, entry if isinstance(entry, str) else json.dumps(entry))
        if reason is not None:
            return reason
    return None


def _taken(world: World, definition: MetafieldDefinition, owner: str, value: str) -> bool:
    same = world.metafields.where("meaning", (*definition.place, value))
    return any(row.owner != owner for row in same)


def _broken(kind: str, rules: dict[str, str], value: str) -> str | None:
    if kind == "rating":
        return _rating_broken(rules, value)
    for rule, least in (("min", True), ("max", False)):
        if rule in rules and _beyond(kind, value, rules[rule], least=least):
            return f"Value has a {rule}imum of {_said(kind, rules[rule])}."
    if "regex" in rules and not re.search(rules["regex"], value):
        return "Value is not the correct format."
    if "choices" in rules:
        choices = json.loads(rules["choices"])
        if value not in choices:
            return f"Value does not exist in provided choices: {json.dumps(choices)}."
    return None


def _beyond(kind: str, value: str, bound: str, *, least: bool) -> bool:
    read = _COMPARED.get(kind)
    if read is None:
        return len(value) < int(bound) if least else len(value) > int(bound)
    have, limit = read(value), read(bound)
    if isinstance(limit, datetime) and limit.tzinfo is None:
        limit = limit.replace(tzinfo=have.tzinfo)
    return bool(have < limit if least else have > limit)


def _said(kind: str, bound: str) -> str:
    if kind != "date_time":
        return bound
    at = datetime.fromisoformat(bound)
    return at.strftime("%Y-%m-%d %H:%M:%S ") + (at.strftime("%z") or "+0000")


def _rating_broken(rules: dict[str, str], value: str) -> str | None:
    given = json.loads(value)
    for rule, key in (("scale_min", "scale_min"), ("scale_max", "scale_max")):
        if rule in rules and Decimal(rules[rule]) != Decimal(given[key]):
            return "Value min and max on the rating value must be the same as the min and max on the definition."
    return None
