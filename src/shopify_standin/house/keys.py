"""
`@idempotent(key:)`: required on the mutations that register for it, remembered for 24 hours.

A repeat with equal arguments is answered with the first run's objects as they are today (Shopify docs, 2026-01
to 2026-10); how refusals are remembered is assumed: a first try with user errors counts as failed.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from graphql import FieldNode, GraphQLResolveInfo, StringValueNode, VariableNode

from shopify_standin.errors import ApiError, JsonObject, Refused, user_error
from shopify_standin.registry import Args
from shopify_standin.world import World

KEPT_FOR = timedelta(hours=24)


@dataclass(slots=True)
class Remembered:
    """One key's first use: by which mutation, with which arguments, and what it answered (None: it failed)."""

    mutation: str
    arguments: str
    at: datetime
    answer: JsonObject | None


def run_once(world: World, info: GraphQLResolveInfo, args: Args, run: Callable[[], Any]) -> Any:
    """Run a mutation under its key, or answer what the key already stands for; raises ApiError without a key."""
    key = idempotency_key(info)
    if key is None:
        raise ApiError("The @idempotent directive is required for this mutation but was not provided.", "BAD_REQUEST")
    now = world.clock.now()
    arguments = json.dumps(args, sort_keys=True, default=str)
    known = world.idempotency.get(key)
    if known is not None and now - known.at < KEPT_FOR:
        return _repeat(known, info.field_name, arguments)
    entry = world.idempotency[key] = Remembered(info.field_name, arguments, now, None)
    answer = run()
    if isinstance(answer, dict) and not any(answer[name] for name in answer if name.endswith("serErrors")):
        entry.answer = answer
    return answer


def _repeat(known: Remembered, mutation: str, arguments: str) -> JsonObject:
    if (known.mutation, known.arguments) != (mutation, arguments):
        raise Refused(
            user_error(
                None,
                "The same idempotency key cannot be used with different operation parameters.",
                "IDEMPOTENCY_KEY_PARAMETER_MISMATCH",
            )
        )
    if known.answer is None:
        raise Refused(
            user_error(
                None,
                "The previous attempt with this idempotency key failed. Use a new key.",
                "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED",
            )
        )
    return known.answer


def idempotency_key(info: GraphQLResolveInfo) -> str | None:
    """The key given on the field, or None; blank keys count as none."""
    node: FieldNode = info.field_nodes[0]
    for directive in node.directives:
        if directive.name.value != "idempotent":
            continue
        for argument in directive.arguments:
            if isinstance(argument.value, StringValueNode):
                return argument.value.value.strip() or None
            if isinstance(argument.value, VariableNode):
                return str(info.variable_values.get(argument.value.name.value) or "").strip() or None
    return None
