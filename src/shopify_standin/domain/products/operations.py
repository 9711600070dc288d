"""Product mutations with `synchronous: false`: answered with an operation, done a moment later."""

from shopify_standin.call import Call
from shopify_standin.errors import JsonObject, Refused
from shopify_standin.ids import parse_gid
from shopify_standin.model.goods import Product
from shopify_standin.model.products import ProductOperation
from shopify_standin.registry import RESOLVERS, Args, Fields, node, query
from shopify_standin.world import World

_MUTATIONS = {
    "ProductSetOperation": "productSet",
    "ProductDeleteOperation": "productDelete",
    "ProductDuplicateOperation": "productDuplicate",
}
_PAYLOAD_FIELD = {
    "ProductSetOperation": "productSetOperation",
    "ProductDeleteOperation": "productDeleteOperation",
    "ProductDuplicateOperation": "productDuplicateOperation",
}
KINDS = tuple(_MUTATIONS)


def later(world: World, kind: str, args: Args) -> JsonObject:
    """The payload of a mutation that will be done later."""
    made = ProductOperation(kind, world.ids.next(kind), {**args, "synchronous": True})
    world.product_operations.add(made)
    world.agenda.add(world.now() + world.settings.job_delay, run, made.id)
    return {"product": None, _PAYLOAD_FIELD[kind]: made, "userErrors": []}


def run(world: World, number: int) -> None:
    """Do what was asked for."""
    operation = world.product_operations[number]
    resolve = RESOLVERS["Mutation", _MUTATIONS[operation.kind]]
    try:
        operation.settle(resolve(world, None, operation.arguments))
    except Refused as refused:
        operation.settle({"userErrors": refused.errors})


@query("productOperation")
def product_operation(world: World, args: Args) -> ProductOperation | None:
    """One operation."""
    _, number = parse_gid(args["id"])
    return world.product_operations.get(number)


def _product_of(operation: ProductOperation, call: Call) -> Product | None:
    return call.world.products.get(operation.product_id)


def _new_product_of(operation: ProductOperation, call: Call) -> Product | None:
    return call.world.products.get(operation.new_product_id)


for _kind in KINDS:
    node(_kind, lambda world, number: world.product_operations.get(number))
    _fields = Fields(_kind)
    _fields.attributes("status", id="gid", userErrors="errors")
    _fields.field("product")(_product_of)
Fields("ProductDeleteOperation").attributes("deletedProductId")
Fields("ProductDuplicateOperation").field("newProduct")(_new_product_of)
