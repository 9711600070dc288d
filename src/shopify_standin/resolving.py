"""Answer the fields of a validated document: by their resolvers, under the rules of the house."""

import logging
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLAbstractType,
    GraphQLEnumType,
    GraphQLResolveInfo,
    GraphQLSchema,
    execute,
)

from shopify_standin.call import Call
from shopify_standin.errors import JsonObject, NotModelled, Refused
from shopify_standin.house import keys, limits
from shopify_standin.house.access import check_access
from shopify_standin.house.inputs import check_inputs, check_list_arguments
from shopify_standin.house.presence import check_change_from_quantity
from shopify_standin.registry import IDEMPOTENT, RESOLVERS, Args
from shopify_standin.world import World

log = logging.getLogger(__name__)


class RefusedPayload(dict[str, Any]):
    """A mutation's payload after user errors: every other field is null, but for the shop, which is there anyway."""


def run_document(
    schema: GraphQLSchema, document: DocumentNode, call: Call, variables: JsonObject, operation_name: str | None = None
) -> ExecutionResult:
    """Execute one operation for `call`, which gathers what it costs."""
    result = execute(
        schema,
        document,
        root_value=call.world,
        context_value=call,
        variable_values=variables,
        operation_name=operation_name,
        field_resolver=_resolve,
        type_resolver=_type_name,
    )
    if not isinstance(result, ExecutionResult):  # pragma: no cover - no resolver is asynchronous
        raise TypeError("a resolver answered asynchronously")
    return result


def _resolve(source: Any, info: GraphQLResolveInfo, **args: Any) -> Any:
    parent, name, call = info.parent_type.name, info.field_name, info.context
    if call.grant.scopes is not None:
        check_access(call.grant, parent, name, info.return_type)
    if isinstance(source, dict):
        if name not in source and not (isinstance(source, RefusedPayload) or parent.endswith("UserError")):
            raise NotModelled(parent, name)
        value = source.get(name)
        if name == "code" and value is not None:
            value = _known_code(value, info)
    elif parent == "Mutation":
        value = _mutate(source, info, args)
    else:
        resolver = RESOLVERS.get((parent, name))
        if resolver is None:
            raise NotModelled(parent, name)
        if parent == "QueryRoot":
            limits.check_input_sizes(args)
            check_list_arguments(name, args)
        value = resolver(source, call, args)
    if value is not None:
        weight = call.weights[parent, name]
        if weight:
            call.spent += weight * len(value) if isinstance(value, list) else weight
    return value


def _known_code(value: str, info: GraphQLResolveInfo) -> str | None:
    """A user error's code; one that this mutation's errors do not have is left out, as Shopify leaves many out."""
    kind = info.return_type
    if not isinstance(kind, GraphQLEnumType) or value in kind.values:
        return value
    log.warning("%s has no code %s", kind.name, value)
    return None


def _mutate(world: World, info: GraphQLResolveInfo, args: Args) -> Any:
    """Run one mutation under the rules of the house; user errors become its payload."""
    name = info.field_name
    resolver = RESOLVERS.get(("Mutation", name))
    if resolver is None:
        raise NotModelled("Mutation", name)
    call: Call = info.context
    limits.check_input_sizes(args)
    check_inputs(name, info.parent_type.fields[name], args)
    check_change_from_quantity(info.field_nodes[0].name.value, args)
    try:
        if name in IDEMPOTENT:
            return keys.run_once(world, info, args, lambda: resolver(world, call, args))
        return resolver(world, call, args)
    except Refused as refused:
        errors = ("userErrors", *_error_lists(info))
        return RefusedPayload({"shop": world.shop, **dict.fromkeys(errors, refused.errors)})


def _error_lists(info: GraphQLResolveInfo) -> list[str]:
    payload = info.return_type
    fields = getattr(payload, "fields", {})
    return [name for name in fields if name.endswith("UserErrors")]


def _type_name(value: Any, _info: GraphQLResolveInfo, _kind: GraphQLAbstractType) -> str:
    if isinstance(value, dict):
        return str(value["__typename"])
    return str(value.TYPE)
