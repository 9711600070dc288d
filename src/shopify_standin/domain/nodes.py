"""`node` and `nodes`: any object by its global id."""

from typing import Any

from shopify_standin.call import Call
from shopify_standin.domain.orders.reach import only_in_reach
from shopify_standin.errors import InvalidId
from shopify_standin.ids import parse_gid
from shopify_standin.registry import NODES, Args, query
from shopify_standin.world import World


def find(world: World, value: str) -> Any:
    """The object with this id; None where there is none, or of a type that is not modelled."""
    if value.startswith("gid://shopify/Job/"):
        return world.jobs.get(value.rsplit("/", 1)[1])
    type_name, number = parse_gid(value)
    load = NODES.get(type_name)
    return None if load is None else load(world, number)


@query("node")
def node(world: World, args: Args, call: Call) -> Any:
    """One object."""
    return only_in_reach(call, find(world, args["id"]))


@query("nodes")
def nodes(world: World, args: Args, call: Call) -> list[Any]:
    """Several objects, in the order asked, null where there is none."""
    return [only_in_reach(call, find(world, value)) for value in args["ids"]]


@query("job")
def job(world: World, args: Args) -> Any:
    """Work left to the background."""
    if not args["id"].startswith("gid://shopify/Job/"):
        raise InvalidId
    return find(world, args["id"])
