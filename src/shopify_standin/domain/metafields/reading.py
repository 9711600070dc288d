"""Reading metafields through their owners."""

from typing import Any

from shopify_standin.call import Call
from shopify_standin.clock import iso
from shopify_standin.connections import connection
from shopify_standin.domain.metafields.namespaces import resolved
from shopify_standin.domain.metafields.owners import OWNER_TYPES, find_owner
from shopify_standin.domain.metafields.values import REFERENCES, json_value
from shopify_standin.domain.nodes import find
from shopify_standin.errors import JsonObject
from shopify_standin.model.metafields import Metafield, MetafieldDefinition
from shopify_standin.registry import Args, Fields, node
from shopify_standin.world import World

METAFIELD = Fields("Metafield")
METAFIELD.attributes(
    "namespace", "key", "type", "value", "ownerType", "compareDigest",
    id="gid", legacyResourceId="id",
)  # fmt: skip
node("Metafield", lambda world, number: world.metafields.get(number))


def metafield_of(world: World, owner: str, namespace: str | None, key: str) -> Metafield | None:
    """The metafield at one place; a key may carry its namespace before a dot."""
    if namespace is None and "." in key:
        namespace, key = key.rsplit(".", 1)
    return next(iter(world.metafields.where("place", (owner, resolved(namespace), key))), None)


def _one(source: Any, call: Call, args: Args) -> Metafield | None:
    return metafield_of(call.world, source.gid, args.get("namespace"), args["key"])


def _all(source: Any, call: Call, args: Args) -> JsonObject:
    rows = call.world.metafields.where("owner", source.gid)
    if args.get("namespace") is not None:
        namespace = resolved(args["namespace"])
        rows = [row for row in rows if row.namespace == namespace]
    if args.get("keys") is not None:
        wanted = set(args["keys"])
        rows = [row for row in rows if f"{row.namespace}.{row.key}" in wanted or row.key in wanted]
    return connection(rows, args)


for _type_name in OWNER_TYPES:
    _owner = Fields(_type_name)
    _owner.field("metafield")(_one)
    _owner.field("metafields")(_all)


@METAFIELD.field("jsonValue")
def json_of(row: Metafield) -> Any:
    """The value as JSON."""
    return json_value(row.type, row.value)


@METAFIELD.field("sizeInBytes")
def size(row: Metafield) -> int:
    """How long the value is."""
    return len(row.value.encode())


@METAFIELD.field("createdAt")
def created_at(row: Metafield) -> str | None:
    """When it was first set."""
    return iso(row.created_at)


@METAFIELD.field("updatedAt")
def updated_at(row: Metafield) -> str | None:
    """When it last changed."""
    return iso(row.updated_at)


@METAFIELD.field("owner")
def owner(row: Metafield, call: Call) -> Any:
    """What it belongs to."""
    return find_owner(call.world, row.owner)


@METAFIELD.field("definition")
def definition(row: Metafield, call: Call) -> MetafieldDefinition | None:
    """What it must be like, where that is laid down."""
    return definition_at(call.world, row.owner_type, row.namespace, row.key)


@METAFIELD.field("description")
def description(row: Metafield, call: Call) -> str | None:
    """The definition's description."""
    known = definition(row, call)
    return None if known is None else known.description


@METAFIELD.field("reference")
def reference(row: Metafield, call: Call) -> Any:
    """What the value names; null for values that name nothing."""
    return find(call.world, row.value) if row.type in REFERENCES else None


@METAFIELD.field("references")
def references(row: Metafield, call: Call, args: Args) -> JsonObject | None:
    """What the members of a list name; null for other values."""
    if row.type.removeprefix("list.") not in REFERENCES or not row.type.startswith("list."):
        return None
    found = [find(call.world, value) for value in json_value(row.type, row.value)]
    return connection([x for x in found if x is not None], args)


def definition_at(world: World, owner_type: str, namespace: str, key: str) -> MetafieldDefinition | None:
    """The definition of one kind of owner, namespace and key."""
    return next(iter(world.metafield_definitions.where("place", (owner_type, namespace, key))), None)
