"""What a selection holds that bulk operations count or cannot do: its connections, how deep they lie, what is odd."""

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    InlineFragmentNode,
    SelectionSetNode,
    get_named_type,
)

NO_ID = (
    "The parent 'node' field for a nested connection must select the 'id' field without an alias and must be of "
    "'ID' return type. Connection fields without 'id': {}."
)


@dataclass
class Survey:
    """Walks a selection; `problem` is the first thing found that bulk queries cannot do."""

    fragments: dict[str, FragmentDefinitionNode]
    nodes_allowed: bool = False
    connections: int = 0
    deepest: int = 0
    problem: str | None = None

    def look(
        self,
        kind: GraphQLNamedType | None,
        selection: SelectionSetNode | None,
        depth: int = 0,
        *,
        in_list: bool = False,
    ) -> None:
        """Walk what is selected of `kind`, which lies inside `depth` connections."""
        if not isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            return
        for field in self._fields(selection):
            definition = kind.fields.get(field.name.value)
            if definition is not None:
                self._field(definition.type, field, depth, in_list)

    def _fields(self, selection: SelectionSetNode | None) -> Iterator[FieldNode]:
        """The fields selected, also through fragments."""
        for node in selection.selections if selection else ():
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, InlineFragmentNode):
                yield from self._fields(node.selection_set)
            elif isinstance(node, FragmentSpreadNode):
                yield from self._fields(self.fragments[node.name.value].selection_set)

    def _field(self, returned: GraphQLOutputType, node: FieldNode, depth: int, in_list: bool) -> None:
        kind = get_named_type(returned)
        if isinstance(kind, GraphQLObjectType) and kind.name.endswith("Connection"):
            self._connection(kind, node, depth, in_list)
        else:
            self.look(kind, node.selection_set, depth, in_list=in_list or _is_list(returned))

    def _connection(self, kind: GraphQLObjectType, node: FieldNode, depth: int, in_list: bool) -> None:
        self.connections += 1
        self.deepest = max(self.deepest, depth + 1)
        if in_list:
            self._note("Queries that contain a connection field within a list field are not currently supported.")
        row_kind = get_named_type(kind.fields["nodes"].type)
        for part in self._fields(node.selection_set):
            if part.name.value == "nodes":
                if not self.nodes_allowed:
                    self._note("Selecting via 'nodes' is not supported. Use 'edges { node { ... } }' instead.")
                self._rows(row_kind, part, node, depth)
            elif part.name.value == "edges":
                for inner in self._fields(part.selection_set):
                    if inner.name.value == "node":
                        self._rows(row_kind, inner, node, depth)

    def _rows(self, kind: GraphQLNamedType, rows: FieldNode, connection: FieldNode, depth: int) -> None:
        before = self.connections
        self.look(kind, rows.selection_set, depth + 1)
        if self.connections > before and not self.nodes_allowed and not self._selects_id(rows.selection_set):
            self._note(NO_ID.format(connection.name.value))

    def _selects_id(self, selection: SelectionSetNode | None) -> bool:
        return any(field.name.value == "id" and field.alias is None for field in self._fields(selection))

    def _note(self, problem: str) -> None:
        self.problem = self.problem or problem


def _is_list(kind: GraphQLOutputType) -> bool:
    while isinstance(kind, GraphQLNonNull):
        kind = kind.of_type
    return isinstance(kind, GraphQLList)
