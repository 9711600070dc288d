"""Answers are read with every enum as plain text: Shopify adds values without a new version."""

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
    Turn every enum that an answer may hold, and every enum of a variable, into text.

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


def _without_enum(kind: GraphQLOutputType) -> GraphQLOutputType:
    if isinstance(kind, GraphQLNonNull):
        return GraphQLNonNull(_without_enum(kind.of_type))
    if isinstance(kind, GraphQLList):
        return GraphQLList(_without_enum(kind.of_type))
    return GraphQLString if isinstance(kind, GraphQLEnumType) else kind
