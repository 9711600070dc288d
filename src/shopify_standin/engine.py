"""Parse, validate, price and execute one GraphQL request against one shop."""

import logging
import uuid
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    IntValueNode,
    OperationDefinitionNode,
    parse,
    validate,
)

from shopify_standin.call import Call, Caller
from shopify_standin.domain import enter_all
from shopify_standin.errors import ApiError, JsonObject
from shopify_standin.house import limits
from shopify_standin.house.cost import ActualWeights, CostModel
from shopify_standin.house.deprecation import deprecated_reason
from shopify_standin.house.static_errors import invalid_variables, shape_static_error
from shopify_standin.resolving import run_document
from shopify_standin.schema import load_schema
from shopify_standin.world import World

log = logging.getLogger(__name__)

DOCUMENTS_KEPT = 2_000


@dataclass(slots=True)
class Prepared:
    """A query text, parsed, checked, and priced for the page sizes seen so far."""

    document: DocumentNode | None
    errors: list[JsonObject] = field(default_factory=list)
    operations: dict[str | None, OperationDefinitionNode] = field(default_factory=dict)
    costs: CostModel | None = None
    deprecated: str | None = None
    """What the answer's header says of deprecated fields."""
    prices: dict[tuple[Any, ...], int] = field(default_factory=dict)
    """Price by operation name, the numbers among the variables and the lengths of lists: nothing else moves it."""


class Engine:
    """Answers requests of one API version."""

    def __init__(self, version: str) -> None:
        self.version = version
        self.schema = load_schema(version)
        self.weights = ActualWeights(self.schema)
        self._prepared: OrderedDict[str, Prepared] = OrderedDict()

    def prepare(self, text: str) -> Prepared:
        """The parsed and validated form of a query text; kept, since clients repeat themselves."""
        known = self._prepared.get(text)
        if known is None:
            known = self._prepared[text] = self._prepare(text)
            if len(self._prepared) > DOCUMENTS_KEPT:
                self._prepared.popitem(last=False)
        return known

    def _prepare(self, text: str) -> Prepared:
        try:
            document = parse(text)
        except GraphQLError as error:
            return Prepared(None, [_with_locations(error)])
        errors = validate(self.schema, document)
        if errors:
            return Prepared(document, [shape_static_error(error, document) for error in errors])
        operations = {
            (d.name.value if d.name else None): d
            for d in document.definitions
            if isinstance(d, OperationDefinitionNode)
        }
        costs = CostModel(self.schema, document)
        return Prepared(document, [], operations, costs, deprecated_reason(self.schema, document))

    def price(self, prepared: Prepared, operation: OperationDefinitionNode, variables: JsonObject) -> int:
        """Points that the operation asks for."""
        numbers = tuple(
            (k, v if isinstance(v, int) else len(v)) for k, v in sorted(variables.items()) if isinstance(v, int | list)
        )
        key = (operation.name.value if operation.name else None, numbers)
        if key not in prepared.prices:
            if prepared.costs is None or len(prepared.prices) > DOCUMENTS_KEPT:
                return 0
            prepared.prices[key] = prepared.costs.price(operation, _with_defaults(operation, variables))
        return prepared.prices[key]

    def answer(
        self,
        world: World,
        caller: Caller,
        text: str,
        variables: JsonObject,
        operation_name: str | None,
    ) -> JsonObject:
        """The JSON answer to one request, with `extensions.cost`."""
        prepared = self.prepare(text)
        if prepared.errors or prepared.document is None:
            return {"errors": prepared.errors}
        operation = _choose(prepared, operation_name)
        if operation is None:
            return {"errors": [{"message": f"No operation named {operation_name!r}"}]}
        requested = self.price(prepared, operation, variables)
        if requested > limits.MAX_QUERY_COST:
            return {"errors": [limits.too_costly(requested)]}
        bucket = world.bucket(caller.grant.app.client_id)
        name = operation_label(operation)
        if not bucket.take(requested, world.now()):
            world.counters.note_throttle(name, bucket.level, world.now())
            return limits.throttled(requested, bucket.status())
        call = Call(world, self.version, self.weights, caller)
        result = run_document(self.schema, prepared.document, call, variables, operation_name)
        actual = min(call.spent, requested) if requested else call.spent
        bucket.give_back(requested - actual)
        world.counters.note_call(name, actual, bucket.level, world.now())
        return self._shape(result, operation, variables, call, (requested, actual, bucket.status()))

    def _shape(
        self,
        result: ExecutionResult,
        operation: OperationDefinitionNode,
        variables: JsonObject,
        call: Call,
        cost: tuple[int, int, JsonObject],
    ) -> JsonObject:
        answer: JsonObject = {}
        errors = result.errors
        if errors and result.data is None and all(error.path is None for error in errors):
            # Nothing ran: the variables did not fit their types.
            shaped = invalid_variables(self.schema, operation, variables)
            return {"errors": shaped or [_with_locations(error) for error in errors]}
        answer["data"] = result.data
        if errors:
            answer["errors"] = [_with_locations(error) for error in errors]
        requested, actual, status = cost
        answer["extensions"] = {
            "cost": {"requestedQueryCost": requested, "actualQueryCost": actual, "throttleStatus": status}
        }
        if call.searches:
            answer["extensions"]["search"] = call.searches
        return answer


@cache
def engine_for(version: str) -> Engine:
    """The one engine of a version in this process."""
    enter_all()
    return Engine(version)


def _choose(prepared: Prepared, name: str | None) -> OperationDefinitionNode | None:
    if name:
        return prepared.operations.get(name)
    return next(iter(prepared.operations.values())) if len(prepared.operations) == 1 else None


def operation_label(operation: OperationDefinitionNode) -> str:
    """What an operation is called in counters and faults: its name, else its first root field."""
    if operation.name:
        return operation.name.value
    first = operation.selection_set.selections[0]
    name = getattr(first, "name", None)
    return str(name.value) if name else "anonymous"


def _with_defaults(operation: OperationDefinitionNode, variables: JsonObject) -> JsonObject:
    defaults = {
        d.variable.name.value: int(d.default_value.value)
        for d in operation.variable_definitions
        if isinstance(d.default_value, IntValueNode)
    }
    return {**defaults, **variables}


def _with_locations(error: GraphQLError) -> JsonObject:
    if error.original_error is None or isinstance(error.original_error, ApiError):
        return dict(error.formatted)
    request = str(uuid.uuid4())
    log.error("request %s failed inside the stand-in", request, exc_info=error.original_error)
    return {
        "message": f"Internal error. Looks like something went wrong on our end.\nRequest ID: {request}",
        "path": error.path,
        "extensions": {"code": "INTERNAL_SERVER_ERROR", "requestId": request},
    }
