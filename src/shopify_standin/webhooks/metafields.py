"""The metafields that a subscription asked for beside the payload."""

from shopify_standin.clock import iso
from shopify_standin.errors import JsonObject
from shopify_standin.model.notices import Subscription
from shopify_standin.world import World


def metafields_of(world: World, content: JsonObject, subscription: Subscription) -> list[JsonObject]:
    """Those of the payload's object whose namespace, or whose namespace and key, the subscription names."""
    owner = content.get("admin_graphql_api_id")
    wanted = {(entry["namespace"], entry["key"]) for entry in subscription.metafields}
    return [
        {
            "id": row.id,
            "admin_graphql_api_id": row.gid,
            "namespace": row.namespace,
            "key": row.key,
            "value": row.value,
            "type": row.type,
            "created_at": iso(row.created_at),
            "updated_at": iso(row.updated_at),
        }
        for row in world.metafields.where("owner", owner)
        if row.namespace in subscription.metafield_namespaces or (row.namespace, row.key) in wanted
    ]
