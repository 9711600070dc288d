"""What a query that cannot run is told: the codes, paths and sentences that Shopify uses (recorded 2026-04)."""

import re
from typing import Any, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputType,
    GraphQLSchema,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    Visitor,
    is_input_type,
    type_from_ast,
    visit,
)
from graphql.utilities import coerce_input_value

from shopify_standin.errors import JsonObject

_RULES: tuple[tuple[str, str, str], ...] = (
    (r"Cannot query field '(?P<fieldName>\w+)' on type '(?P<typeName>\w+)'", "undefinedField",
     "Field '{fieldName}' doesn't exist on type '{typeName}'"),
    (r"Unknown directive '@(?P<directiveName>\w+)'", "undefinedDirective", "Directive @{directiveName} is not defined"),
    (r"Variable '\$(?P<variableName>\w+)' is never used in operation '(?P<operation>\w+)'", "variableNotUsed",
     "Variable ${variableName} is declared by {operation} but not used"),
    (r"Variable '\$(?P<variableName>\w+)' is not defined by operation '(?P<operation>\w+)'", "variableNotDefined",
     "Variable ${variableName} is used by {operation} but not declared"),
    (r"Unknown argument '(?P<argumentName>\w+)' on field '\w+\.(?P<name>\w+)'", "argumentNotAccepted",
     "Field '{name}' doesn't accept argument '{argumentName}'"),
    (r"Field '(?P<name>\w+)' argument '(?P<arguments>\w+)' of type", "missingRequiredArguments",
     "Field '{name}' is missing required arguments: {arguments}"),
    (r"Field '(?P<name>\w+)' of type '(?P<type>[^']+)' must have a selection", "selectionMismatch",
     "Field must have selections (field '{name}' returns {type} but has no selections.)"),
    (r"Variable '\$(?P<variableName>\w+)' of type '(?P<typeName>[^']+)' used in position", "variableMismatch",
     "Type mismatch on variable ${variableName} ({typeName})"),
    (r"Field '[\w.]+' of required type '[^']+' was not provided", "missingRequiredInputObjectAttribute", ""),
    (r"Unknown fragment", "useAndDefineFragment", ""),
    (r"Fragment '\w+' is never used", "useAndDefineFragment", ""),
    (r"Expected value of type|cannot represent|does not exist in '", "argumentLiteralsIncompatible", ""),
    (r"is not defined by type", "argumentNotAccepted", ""),
)  # fmt: skip


def shape_static_error(error: GraphQLError, document: DocumentNode) -> JsonObject:
    """One validation error in Shopify's words, with its code and its path from the operation down."""
    shaped: JsonObject = {"message": error.message, "locations": error.formatted.get("locations", [])}
    if error.nodes:
        shaped["path"] = _path_to(error.nodes[0], document)
    for pattern, code, sentence in _RULES:
        match = re.search(pattern, error.message)
        if match:
            facts = match.groupdict()
            shaped["message"] = sentence.format(**facts) if sentence else error.message
            shaped["extensions"] = {"code": code, **{k: v for k, v in facts.items() if k != "operation"}}
            break
    return shaped


class _PathFinder(Visitor):
    def __init__(self, wanted: Node) -> None:
        super().__init__()
        self.wanted, self.found = wanted, list[str]()
        self._path: list[str] = []

    def enter(self, node: Node, *_: Any) -> None:
        step = _step(node)
        if step:
            self._path.append(step)
        if node is self.wanted:
            self.found = list(self._path)

    def leave(self, node: Node, *_: Any) -> None:
        if _step(node):
            self._path.pop()


def _step(node: Node) -> str | None:
    match node:
        case OperationDefinitionNode():
            return f"{node.operation.value} {node.name.value}" if node.name else node.operation.value
        case FragmentDefinitionNode():
            return f"fragment {node.name.value}"
        case InlineFragmentNode(type_condition=condition) if condition is not None:
            return f"... on {condition.name.value}"
        case FieldNode():
            return (node.alias or node.name).value
        case _:
            return None


def _path_to(node: Node, document: DocumentNode) -> list[str]:
    finder = _PathFinder(node)
    visit(document, finder)
    return finder.found


def invalid_variables(
    schema: GraphQLSchema, operation: OperationDefinitionNode, variables: JsonObject
) -> list[JsonObject]:
    """One INVALID_VARIABLE error per variable that does not fit its type."""
    errors: list[JsonObject] = []
    for definition in operation.variable_definitions:
        name = definition.variable.name.value
        kind = type_from_ast(schema, definition.type)
        if kind is None or not is_input_type(kind):
            continue
        given = variables.get(name)
        if name not in variables and (definition.default_value is not None or not str(kind).endswith("!")):
            continue
        problems: list[JsonObject] = []

        def note(path: list[str | int], value: Any, error: GraphQLError, into: list[JsonObject] = problems) -> None:
            into.append({"path": list(path), "explanation": _explain(schema, value, error)})

        coerce_input_value(given, cast("GraphQLInputType", kind), note)
        if not problems:
            continue
        detail = ", ".join(
            f"{'.'.join(map(str, p['path']))} ({p['explanation']})" if p["path"] else "" for p in problems
        )
        message = f"Variable ${name} of type {kind} was provided invalid value"
        loc = definition.loc
        errors.append(
            {
                "message": f"{message} for {detail}" if detail else message,
                "locations": [{"line": loc.start_token.line, "column": loc.start_token.column}] if loc else [],
                "extensions": {"code": "INVALID_VARIABLE", "value": given, "problems": problems},
            }
        )
    return errors


def _explain(schema: GraphQLSchema, value: Any, error: GraphQLError) -> str:
    unknown = re.match(r"Value '(.*)' does not exist in '(\w+)' enum", error.message)
    if unknown:
        kind = schema.get_type(unknown[2])
        names = ", ".join(kind.values) if isinstance(kind, GraphQLEnumType) else ""
        return f'Expected "{value}" to be one of: {names}'
    if "was not provided" in error.message or value is None:
        return "Expected value to not be null"
    undefined = re.match(r"Field '(\w+)' is not defined by type '(\w+)'", error.message)
    if undefined:
        return f"Field is not defined on {undefined[2]}"
    return error.message
