"""How answers are read: every enum as plain text, and nothing of a buyer in the errors about them."""

from ariadne_codegen.plugins.base import Plugin
from graphql import (
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLString,
)


class LenientEnums(Plugin):
    """
    Turn every enum that an answer may hold into text: Shopify adds values without a new version.

    The model keeps Shopify's spelling and lets unknown values pass; a generated enum would refuse the whole answer
    for one new status.
    """

    def process_schema(self, schema: GraphQLSchema) -> GraphQLSchema:
        """Replace enums in the fields of objects and interfaces; arguments and inputs keep theirs."""
        for kind in schema.type_map.values():
            if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
                for field in kind.fields.values():
                    field.type = _without_enum(field.type)
        return schema


class QuietErrors(Plugin):
    """Keep the input out of what Pydantic says of an answer that does not fit: it may be somebody's address."""

    def copy_code(self, copied_code: str) -> str:
        """Add the setting to the models' base class."""
        last = "protected_namespaces=(),"
        return copied_code.replace(last, f"{last}\n        hide_input_in_errors=True,")


def _without_enum(kind: GraphQLOutputType) -> GraphQLOutputType:
    if isinstance(kind, GraphQLNonNull):
        return GraphQLNonNull(_without_enum(kind.of_type))
    if isinstance(kind, GraphQLList):
        return GraphQLList(_without_enum(kind.of_type))
    return GraphQLString if isinstance(kind, GraphQLEnumType) else kind
