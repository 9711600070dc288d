"""
What a bulk operation may ask: refused before anything is started.

The sentences for syntax, missing connections, operation type, several mutations and forbidden ones are recorded
(2026-04); the limits behind the others are documented, their wording is not.
"""

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    Source,
    TokenKind,
    parse,
    validate,
)
from graphql.language import Lexer

from shopify_standin.domain.bulk.survey import Survey
from shopify_standin.errors import Refused, user_error
from shopify_standin.house.static_errors import shape_static_error

MAX_CONNECTIONS = 5
MAX_DEPTH = 2
MAX_BYTES = 65_535
FORBIDDEN_MUTATIONS = frozenset({"bulkOperationRunMutation", "bulkOperationRunQuery", "bulkOperationCancel"})

AT_QUERY, AT_MUTATION = ["query"], ["mutation"]


def check_query(schema: GraphQLSchema, text: str) -> None:
    """Raise Refused where a query cannot run in bulk."""
    if len(text.encode()) > MAX_BYTES:
        raise _bad_query(f"Bulk queries cannot be longer than {MAX_BYTES} bytes.")
    try:
        document = parse(text)
    except GraphQLSyntaxError as error:
        raise _bad_query(f"Invalid bulk query: {_syntax_problem(error, text)}") from None
    operation = _operation(document)
    if operation.operation is not OperationType.QUERY:
        raise _bad_query("Invalid operation type. Only `query` operations are supported.")
    problems = validate(schema, document)
    if problems:
        raise _bad_query(f"Invalid bulk query: {shape_static_error(problems[0], document)['message']}")
    problem = _shape_problem(schema, document, operation)
    if problem:
        raise _bad_query(problem)


def _shape_problem(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) -> str | None:
    fields = _fields(operation)
    if len(fields) != 1:
        return "Bulk queries must contain exactly one top-level field."
    if fields[0].name.value in {"node", "nodes"}:
        return f"Bulk queries cannot contain the top-level field `{fields[0].name.value}`."
    survey = Survey(_fragments(document))
    survey.look(schema.query_type, operation.selection_set)
    if survey.connections == 0:
        return "Bulk queries must contain at least one connection."
    if survey.connections > MAX_CONNECTIONS:
        return f"Bulk queries cannot contain more than {MAX_CONNECTIONS} connections."
    if survey.deepest > MAX_DEPTH + 1:
        return f"Bulk queries cannot contain connections with a nesting depth greater than {MAX_DEPTH}."
    return survey.problem


def check_mutation(schema: GraphQLSchema, text: str) -> None:
    """Raise Refused where a mutation cannot run in bulk."""
    try:
        document = parse(text)
    except GraphQLSyntaxError as error:
        problem = f"Failed to parse the mutation - {_syntax_problem(error, text)}"
        raise Refused(user_error(None, problem, "INVALID_MUTATION")) from None
    operation = _operation(document)
    if operation.operation is not OperationType.MUTATION:
        message = "Invalid operation type. Only `mutation` operations are supported."
        raise Refused(user_error(None, message, "INVALID_MUTATION"))
    fields = _fields(operation)
    if len(fields) != 1:
        raise Refused(user_error(AT_MUTATION, "You must specify a single top level mutation."))
    if fields[0].name.value in FORBIDDEN_MUTATIONS:
        raise Refused(user_error(AT_MUTATION, "You must use an allowed mutation name."))
    problems = validate(schema, document)
    if problems:
        message = str(shape_static_error(problems[0], document)["message"])
        raise Refused(user_error(None, message, "INVALID_MUTATION"))
    survey = Survey(_fragments(document), nodes_allowed=True)
    survey.look(schema.mutation_type, operation.selection_set)
    if survey.connections > 1:
        raise Refused(user_error(AT_MUTATION, "Bulk mutations cannot contain more than 1 connection."))


def _bad_query(message: str) -> Refused:
    return Refused(user_error(AT_QUERY, message, "INVALID"))


def _operation(document: DocumentNode) -> OperationDefinitionNode:
    return next(d for d in document.definitions if isinstance(d, OperationDefinitionNode))


def _fields(operation: OperationDefinitionNode) -> list[FieldNode]:
    return [node for node in operation.selection_set.selections if isinstance(node, FieldNode)]


def _fragments(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    return {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}


def _syntax_problem(error: GraphQLSyntaxError, text: str) -> str:
    """A syntax error as the bulk mutations tell it; at the end of the text they point at the last word."""
    if "<EOF>" not in error.message:
        at = error.locations[0] if error.locations else (1, 1)
        return f"{error.message.removeprefix('Syntax Error: ').rstrip('.')} at [{at[0]}, {at[1]}]"
    last = _last_word(text)
    return "syntax error, unexpected end of file" + (f" at [{last[0]}, {last[1]}]" if last else "")


def _last_word(text: str) -> tuple[int, int] | None:
    lexer, found = Lexer(Source(text)), None
    try:
        while (token := lexer.advance()).kind is not TokenKind.EOF:
            found = (token.line, token.column)
    except GraphQLSyntaxError:
        return found
    return found
