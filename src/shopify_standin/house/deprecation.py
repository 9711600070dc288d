"""`X-Shopify-API-Deprecated-Reason`: which deprecated fields a request uses (Shopify changelog, 2025-04)."""

from typing import Any

from graphql import DocumentNode, FieldNode, GraphQLSchema, TypeInfo, TypeInfoVisitor, Visitor, visit


class _Finder(Visitor):
    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self.types, self.found = types, dict[str, str]()

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        definition, parent = self.types.get_field_def(), self.types.get_parent_type()
        if definition and parent and definition.deprecation_reason:
            self.found[f"{parent.name}.{node.name.value}"] = definition.deprecation_reason


def deprecated_reason(schema: GraphQLSchema, document: DocumentNode) -> str | None:
    """One sentence for each deprecated field, joined by semicolons; None without any. Its wording is assumed."""
    types = TypeInfo(schema)
    finder = _Finder(types)
    visit(document, TypeInfoVisitor(types, finder))
    said = (f"{name}: {' '.join(reason.split())}" for name, reason in finder.found.items())
    return "; ".join(said) or None
