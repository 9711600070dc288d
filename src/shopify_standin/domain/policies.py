"""Shop policies: reading them and `shopPolicyUpdate` (answers recorded 2026-04, the refusal's words assumed)."""

from shopify_standin.call import Call
from shopify_standin.clock import iso
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.model.places import Shop
from shopify_standin.model.policies import ShopPolicy
from shopify_standin.registry import Args, Fields, mutation, node
from shopify_standin.world import World

BODY_LIMIT = 512 * 1024

node("ShopPolicy", lambda world, number: world.policies.get(number))

SHOP = Fields("Shop")
POLICY = Fields("ShopPolicy")
POLICY.attributes("title", "body", "type", "url", id="gid")
POLICY.constant(translations=[])


@mutation("shopPolicyUpdate")
def shop_policy_update(world: World, args: Args) -> JsonObject:
    """Write the policy of a type, which is made at its first writing."""
    given = args["shopPolicy"]
    if len(given["body"].encode()) > BODY_LIMIT:
        raise Refused(user_error(["shopPolicy", "body"], "Body is too big (maximum is 512 KB)", "TOO_BIG"))
    now = world.now()
    known = next((x for x in world.policies if x.type == given["type"]), None)
    if known is None:
        number = world.ids.next("ShopPolicy")
        known = world.policies.add(ShopPolicy(number, given["type"], "", world.shop.id, now, now))
    known.body, known.updated_at = given["body"], now
    return {"shopPolicy": known, "userErrors": []}


@SHOP.field("shopPolicies")
def shop_policies(_shop: Shop, call: Call) -> list[ShopPolicy]:
    """All that were written, by type."""
    return sorted(call.world.policies, key=lambda policy: policy.type)


@POLICY.field("createdAt")
def created_at(policy: ShopPolicy) -> str | None:
    """When it was first written."""
    return iso(policy.created_at)


@POLICY.field("updatedAt")
def updated_at(policy: ShopPolicy) -> str | None:
    """When it was last written."""
    return iso(policy.updated_at)
