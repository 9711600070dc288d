"""
What a query costs before it runs.

The function is fitted to recorded answers (2026-04), not published: a connection costs `2 + g(rows)` times
its rows' cost, with `g` growing by the logarithm of the page size. Treat it as near, not exact.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    InlineFragmentNode,
    IntValueNode,
    NamedTypeNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_leaf_type,
)

FREE_TYPES = frozenset(
    {"MoneyBag", "MoneyV2", "PageInfo", "CustomerEmailMarketingConsentState", "CustomerSmsMarketingConsentState"}
)
FREE_FIELDS = frozenset({"defaultAddress"})
"""Objects that cost nothing under this name, though others of their type do (recorded 2025-01)."""
DEAR_ROWS = {"StoreCreditAccount": 6}
"""Types of which a row in a connection costs more than one (recorded 2026-04)."""
MUTATION_COST = 10
DEARER_MUTATIONS = {
    "refundCreate": 20,
    "orderCapture": 20,
    "fulfillmentTrackingInfoUpdate": 50,
    "fulfillmentTrackingInfoUpdateV2": 50,
    "productCreateMedia": 20,
    "fileCreate": 20,
    "deliveryProfileUpdate": 100,
    "storeCreditAccountCredit": 15,
    "storeCreditAccountDebit": 15,
}

MUTATIONS_OF_VARIANTS = frozenset({"productVariantsBulkCreate", "productVariantsBulkUpdate"})

Composite = GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType


def row_weight(rows: int) -> int:
    """How much `rows` rows weigh: 1→1, 10→4, 50→7, 250→11."""
    return max(1, math.floor(2 * math.log(rows))) if rows > 0 else 1


class CostModel:
    """Prices the operations of one document against one schema."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self._schema = schema
        self._fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}

    def price(self, operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> int:
        """Points that the bucket must hold before `operation` starts."""
        self._variables = variables
        root = self._schema.get_root_type(operation.operation)
        if root is None:
            return 0
        if operation.operation is not OperationType.MUTATION:
            return self._children(root, [operation.selection_set])
        return sum(self._mutation(root, fields) for fields in self._grouped(root, [operation.selection_set]).values())

    def _mutation(self, root: GraphQLObjectType, nodes: list[FieldNode]) -> int:
        definition = root.fields.get(nodes[0].name.value)
        if definition is None:
            return 0
        base = DEARER_MUTATIONS.get(nodes[0].name.value, MUTATION_COST)
        payload = get_named_type(definition.type)
        if not isinstance(payload, GraphQLObjectType):
            return base
        inside = 0
        for fields in self._grouped(payload, _selections(nodes)).values():
            member = payload.fields.get(fields[0].name.value)
            if member is None or fields[0].name.value.endswith("serErrors"):
                continue
            kind = get_named_type(member.type)
            if kind.name.endswith("Connection"):
                inside += self._field(member, fields)
            elif isinstance(kind, Composite):
                inside += self._children(kind, _selections(fields))
        return base + inside + self._variants(nodes[0])

    def _variants(self, node: FieldNode) -> int:
        """Lists of variants cost a point for each five (recorded 2025-01: 3 → 1, 1,499 → 300)."""
        if node.name.value not in MUTATIONS_OF_VARIANTS:
            return 0
        for argument in node.arguments:
            if argument.name.value == "variants":
                value = argument.value
                given = self._variables.get(value.name.value) if isinstance(value, VariableNode) else None
                rows = len(given) if isinstance(given, list) else len(getattr(value, "values", ()))
                return round(rows / 5)
        return 0

    def _field(self, definition: GraphQLField, nodes: list[FieldNode]) -> int:
        kind = get_named_type(definition.type)
        if is_leaf_type(kind) or kind.name in FREE_TYPES or not isinstance(kind, Composite):
            return 0
        if kind.name == "Count":
            return 10
        if kind.name.endswith("Connection") and isinstance(kind, GraphQLObjectType):
            return self._connection(kind, nodes)
        own = 0 if nodes[0].name.value in FREE_FIELDS else 1
        return own + self._children(kind, _selections(nodes))

    def _connection(self, kind: GraphQLObjectType, nodes: list[FieldNode]) -> int:
        per_row = other = 0
        for name, fields in self._by_name(kind, _selections(nodes)).items():
            if name == "nodes":
                node = get_named_type(kind.fields["nodes"].type)
                per_row += DEAR_ROWS.get(node.name, 1) + self._composite_children(node, _selections(fields))
            elif name == "edges":
                edge = get_named_type(kind.fields["edges"].type)
                if not isinstance(edge, GraphQLObjectType):
                    continue
                for part, parts in self._by_name(edge, _selections(fields)).items():
                    if part == "node":
                        node = get_named_type(edge.fields["node"].type)
                        per_row += DEAR_ROWS.get(node.name, 1) + self._composite_children(node, _selections(parts))
                    elif part in edge.fields:
                        per_row += self._field(edge.fields[part], parts)
            elif name in kind.fields:
                other += self._field(kind.fields[name], fields)
        return 2 + row_weight(self._rows(nodes[0])) * per_row + other

    def _composite_children(self, kind: object, selections: list[SelectionSetNode]) -> int:
        return self._children(kind, selections) if isinstance(kind, Composite) else 0

    def _children(self, kind: Composite, selections: list[SelectionSetNode]) -> int:
        """The cost of what is selected; on an abstract type the dearest of its possible types counts."""
        if isinstance(kind, GraphQLObjectType):
            return self._sum(kind, self._grouped(kind, selections))
        concrete = [
            self._sum(possible, self._grouped(possible, selections))
            for possible in self._named_possibilities(kind, selections)
        ]
        shared = 0
        if isinstance(kind, GraphQLInterfaceType):
            shared = self._sum(kind, self._grouped(kind, selections))
        return max([shared, *concrete])

    def _named_possibilities(
        self, kind: GraphQLInterfaceType | GraphQLUnionType, selections: list[SelectionSetNode]
    ) -> list[GraphQLObjectType]:
        names = {name for selection in selections for name in self._conditions(selection)}
        return [t for t in self._schema.get_possible_types(kind) if t.name in names]

    def _conditions(self, selection_set: SelectionSetNode) -> Iterable[str]:
        for node in selection_set.selections:
            if isinstance(node, FragmentSpreadNode):
                fragment = self._fragments.get(node.name.value)
                if fragment:
                    yield fragment.type_condition.name.value
                    yield from self._conditions(fragment.selection_set)
            elif isinstance(node, InlineFragmentNode):
                condition = _condition(node)
                if condition is not None:
                    yield condition
                yield from self._conditions(node.selection_set)

    def _sum(self, kind: GraphQLObjectType | GraphQLInterfaceType, grouped: Mapping[str, list[FieldNode]]) -> int:
        return sum(
            self._field(kind.fields[nodes[0].name.value], nodes)
            for nodes in grouped.values()
            if nodes[0].name.value in kind.fields
        )

    def _by_name(self, kind: Composite, selections: list[SelectionSetNode]) -> dict[str, list[FieldNode]]:
        return {nodes[0].name.value: nodes for nodes in self._grouped(kind, selections).values()}

    def _grouped(self, kind: Composite, selections: list[SelectionSetNode]) -> dict[str, list[FieldNode]]:
        found: dict[str, list[FieldNode]] = {}
        for selection in selections:
            self._collect(kind, selection, found)
        return found

    def _collect(self, kind: Composite, selection: SelectionSetNode, into: dict[str, list[FieldNode]]) -> None:
        for node in selection.selections:
            if isinstance(node, FieldNode):
                into.setdefault((node.alias or node.name).value, []).append(node)
            elif isinstance(node, InlineFragmentNode):
                condition = _condition(node)
                if condition is None or self._covers(condition, kind):
                    self._collect(kind, node.selection_set, into)
            elif isinstance(node, FragmentSpreadNode):
                fragment = self._fragments.get(node.name.value)
                if fragment and self._covers(fragment.type_condition.name.value, kind):
                    self._collect(kind, fragment.selection_set, into)

    def _covers(self, condition: str, kind: Composite) -> bool:
        if condition == kind.name:
            return True
        wider = self._schema.get_type(condition)
        return (
            isinstance(wider, GraphQLInterfaceType | GraphQLUnionType)
            and isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
            and self._schema.is_sub_type(wider, kind)
        )

    def _rows(self, node: FieldNode) -> int:
        for argument in node.arguments:
            if argument.name.value in {"first", "last"}:
                if isinstance(argument.value, IntValueNode):
                    return int(argument.value.value)
                if isinstance(argument.value, VariableNode):
                    value = self._variables.get(argument.value.name.value)
                    if isinstance(value, int):
                        return value
        return 1


def _condition(node: InlineFragmentNode) -> str | None:
    """The type named by `... on Type`; graphql-core's types hide that it may be missing."""
    condition: NamedTypeNode | None = node.type_condition
    return None if condition is None else condition.name.value


def _selections(nodes: list[FieldNode]) -> list[SelectionSetNode]:
    return [node.selection_set for node in nodes if node.selection_set]


class ActualWeights(dict[tuple[str, str], int]):
    """Points per object that a field really answered with; found once per field and kept."""

    def __init__(self, schema: GraphQLSchema) -> None:
        super().__init__()
        self._schema = schema

    def __missing__(self, key: tuple[str, str]) -> int:
        weight = self[key] = self._weigh(*key)
        return weight

    def _weigh(self, parent_name: str, field_name: str) -> int:
        parent = self._schema.get_type(parent_name)
        if not isinstance(parent, GraphQLObjectType) or field_name not in parent.fields:
            return 0
        if parent_name == "Mutation":
            return DEARER_MUTATIONS.get(field_name, MUTATION_COST)
        kind = get_named_type(parent.fields[field_name].type)
        if is_leaf_type(kind) or kind.name in FREE_TYPES or kind.name.endswith(("Connection", "Edge")):
            return 0
        if parent_name.endswith("Payload") or kind.name == "MailingAddressValidationResult":
            return 0
        return 10 if kind.name == "Count" else 1
