"""Metafield definitions: reading, making, changing, pinning and deleting them (refusals assumed, 2026-07)."""

from typing import Any

from shopify_standin.call import Call
from shopify_standin.connections import connection
from shopify_standin.domain.metafields.namespaces import is_foreign, resolved
from shopify_standin.domain.metafields.reading import definition_at
from shopify_standin.domain.metafields.values import TYPES
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.metafields import MetafieldDefinition
from shopify_standin.registry import Args, Fields, mutation, node, query
from shopify_standin.world import World

DEFINITION = Fields("MetafieldDefinition")
DEFINITION.attributes("namespace", "key", "name", "description", "ownerType", "pinnedPosition", id="gid")
DEFINITION.constant(standardTemplate=None, validationStatus="ALL_VALID", constraints=None)
node("MetafieldDefinition", lambda world, number: world.metafield_definitions.get(number))

_UNKNOWN = "Definition not found."
_CAPABILITIES = {
    "uniqueValues": "unique_values",
    "adminFilterable": "admin_filterable",
    "smartCollectionCondition": "smart_collection_condition",
    "analyticsQueryable": "analytics_queryable",
    "cartToOrderCopyable": "cart_to_order_copyable",
}
"""Capability → what of a definition it turns on."""


@query("metafieldDefinition")
def metafield_definition(world: World, args: Args) -> MetafieldDefinition | None:
    """One definition, by its place or its id."""
    return _named(world, args.get("id"), args.get("identifier"))


@query("metafieldDefinitions")
def metafield_definitions(world: World, args: Args) -> JsonObject:
    """The definitions for one kind of owner."""
    rows = [row for row in world.metafield_definitions if row.owner_type == args["ownerType"]]
    if args.get("namespace") is not None:
        rows = [row for row in rows if row.namespace == resolved(args["namespace"])]
    if args.get("key") is not None:
        rows = [row for row in rows if row.key == args["key"]]
    if args["pinnedStatus"] != "ANY":
        rows = [row for row in rows if (row.pinned_position is not None) == (args["pinnedStatus"] == "PINNED")]
    key = {"NAME": lambda x: x.name, "PINNED_POSITION": lambda x: x.pinned_position}.get(args["sortKey"])
    return connection(rows, args, key)


@DEFINITION.field("type")
def type_of(row: MetafieldDefinition) -> JsonObject:
    """The type of its values."""
    return {"name": row.type, "supportsDefinitionMigrations": False}


@DEFINITION.field("validations")
def validations(row: MetafieldDefinition) -> list[JsonObject]:
    """What a value must meet."""
    return [{"name": name, "type": row.type, "value": value} for name, value in row.validations]


@DEFINITION.field("capabilities")
def capabilities(row: MetafieldDefinition) -> JsonObject:
    """What can be done with its values."""
    return {
        "uniqueValues": {"enabled": row.unique_values or row.type == "id", "eligible": True},
        "adminFilterable": {"enabled": row.admin_filterable, "eligible": True, "status": "NOT_FILTERABLE"},
        "smartCollectionCondition": {"enabled": row.smart_collection_condition, "eligible": True},
        "analyticsQueryable": {"enabled": row.analytics_queryable, "eligible": True},
        "cartToOrderCopyable": {"enabled": row.cart_to_order_copyable, "eligible": True},
    }


@DEFINITION.field("access")
def access(row: MetafieldDefinition) -> JsonObject:
    """Who may see and write its values."""
    return {
        "admin": row.admin_access,
        "storefront": row.storefront_access,
        "customerAccount": row.customer_account_access,
    }


@DEFINITION.field("metafields")
def metafields(row: MetafieldDefinition, args: Args, call: Call) -> JsonObject:
    """All values under it."""
    return connection(_values(call.world, row), args)


@DEFINITION.field("metafieldsCount")
def metafields_count(row: MetafieldDefinition, call: Call) -> int:
    """How many values there are."""
    return len(_values(call.world, row))


def _values(world: World, row: MetafieldDefinition) -> list[Any]:
    return [x for x in world.metafields if (x.owner_type, x.namespace, x.key) == row.place]


@mutation("metafieldDefinitionCreate")
def metafield_definition_create(world: World, args: Args) -> JsonObject:
    """Lay down what the values of one place must be like."""
    given = args["definition"]
    namespace = resolved(given.get("namespace"))
    errors = _new_errors(world, given, namespace)
    if errors:
        return {"createdDefinition": None, "userErrors": errors}
    made = MetafieldDefinition(
        world.ids.next("MetafieldDefinition"), given["ownerType"], namespace, given["key"], given["name"], given["type"]
    )
    _describe(made, given)
    if given.get("pin"):
        made.pinned_position = _next_pin(world, made.owner_type)
    return {"createdDefinition": world.metafield_definitions.add(made), "userErrors": []}


def _new_errors(world: World, given: JsonObject, namespace: str) -> list[JsonObject]:
    if is_foreign(namespace):
        message = "Access to this namespace is not allowed."
        return [user_error(["definition", "namespace"], message, "RESERVED_NAMESPACE_KEY")]
    if given["type"] not in TYPES:
        message = f"Type name {given['type']} is not a valid type."
        return [user_error(["definition", "type"], message, "INCLUSION")]
    if len(given["key"]) < 2:
        return [user_error(["definition", "key"], "Key is too short (minimum is 2 characters)", "TOO_SHORT")]
    if definition_at(world, given["ownerType"], namespace, given["key"]) is not None:
        owner = given["ownerType"].capitalize()
        message = f"Key is in use for {owner} metafields on the '{namespace}' namespace."
        return [user_error(["definition", "key"], message, "TAKEN")]
    return []


def _describe(row: MetafieldDefinition, given: JsonObject) -> None:
    row.name = given.get("name") or row.name
    row.description = given.get("description", row.description)
    if given.get("validations") is not None:
        row.validations = [(entry["name"], entry["value"]) for entry in given["validations"]]
    if given.get("useAsCollectionCondition") is not None:
        row.smart_collection_condition = given["useAsCollectionCondition"]
    for name, power in (given.get("capabilities") or {}).items():
        if power is not None:
            setattr(row, _CAPABILITIES[name], power["enabled"])
    rights = given.get("access") or {}
    row.admin_access = rights.get("admin", row.admin_access)
    row.storefront_access = rights.get("storefront") or row.storefront_access
    row.customer_account_access = rights.get("customerAccount") or row.customer_account_access


@mutation("metafieldDefinitionUpdate")
def metafield_definition_update(world: World, args: Args) -> JsonObject:
    """Change what a definition says; its place and type stay."""
    given = args["definition"]
    row = _wanted(world, None, given, ["definition"])
    _describe(row, given)
    if given.get("pin") is not None:
        row.pinned_position = _next_pin(world, row.owner_type) if given["pin"] else None
    return {"updatedDefinition": row, "userErrors": [], "validationJob": None}


@mutation("metafieldDefinitionDelete")
def metafield_definition_delete(world: World, args: Args) -> JsonObject:
    """Delete a definition, and its values where asked."""
    row = _wanted(world, args.get("id"), args.get("identifier"), ["id"])
    if args.get("deleteAllAssociatedMetafields"):
        for value in _values(world, row):
            world.metafields.remove(value.id)
    world.metafield_definitions.remove(row.id)
    place = {"ownerType": row.owner_type, "namespace": row.namespace, "key": row.key}
    return {"deletedDefinitionId": row.gid, "deletedDefinition": place, "userErrors": []}


@mutation("metafieldDefinitionPin")
def metafield_definition_pin(world: World, args: Args) -> JsonObject:
    """Show it first in the admin."""
    row = _wanted(world, args.get("definitionId"), args.get("identifier"), ["definitionId"])
    row.pinned_position = row.pinned_position or _next_pin(world, row.owner_type)
    return {"pinnedDefinition": row, "userErrors": []}


@mutation("metafieldDefinitionUnpin")
def metafield_definition_unpin(world: World, args: Args) -> JsonObject:
    """No longer show it first."""
    row = _wanted(world, args.get("definitionId"), args.get("identifier"), ["definitionId"])
    row.pinned_position = None
    return {"unpinnedDefinition": row, "userErrors": []}


def _next_pin(world: World, owner_type: str) -> int:
    taken = [row.pinned_position or 0 for row in world.metafield_definitions if row.owner_type == owner_type]
    return max(taken, default=0) + 1


def _wanted(world: World, value: str | None, place: JsonObject | None, path: list[str]) -> MetafieldDefinition:
    row = _named(world, value, place)
    if row is None:
        raise Refused(user_error(path, _UNKNOWN, "NOT_FOUND"))
    return row


def _named(world: World, value: str | None, place: JsonObject | None) -> MetafieldDefinition | None:
    if value is not None:
        return world.metafield_definitions.get(number_of(value, "MetafieldDefinition"))
    if place is None:
        return None
    return definition_at(world, place["ownerType"], resolved(place.get("namespace")), place["key"])
