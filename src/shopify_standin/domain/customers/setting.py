"""`customerSet`: make or change a customer named by id, e-mail, phone or custom id (refusals recorded 2026-04)."""

from shopify_standin.domain.customers.details import Given, describe, detail_errors, phone_number
from shopify_standin.domain.customers.reading import identified
from shopify_standin.domain.customers.telling import customer_changed
from shopify_standin.domain.customers.writing import keep, new_customer
from shopify_standin.domain.metafields.writing import set_inline
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.model.customers import Customer
from shopify_standin.registry import Args, mutation
from shopify_standin.world import World

_UNKNOWN = "Resource matching the identifier was not found."
_MISMATCH = "The identifier value does not match the value of the corresponding field in the input."


@mutation("customerSet")
def customer_set(world: World, args: Args) -> JsonObject:
    """Write a customer, new or known; lists given replace the whole list."""
    identifier, given = args.get("identifier") or {}, dict(args["input"])
    if given.get("id") is not None and not identifier:
        identifier = {"id": given["id"]}
    known = identified(world, identifier) if identifier else None
    if known is None and identifier.get("id") is not None:
        raise Refused(user_error(["input"], _UNKNOWN, "NOT_FOUND"))
    _complete(given, identifier)
    errors = detail_errors(world, given, known, ["input"])
    if errors:
        raise Refused(*errors)
    return {"customer": _written(world, known, given, identifier), "userErrors": []}


def _complete(given: Given, identifier: Given) -> None:
    """The identifier's e-mail or phone is the customer's; raises Refused where the input says another."""
    for name in ("email", "phone"):
        wanted = identifier.get(name)
        if wanted is None:
            continue
        said = given.get(name) or wanted
        given[name] = said
        same = phone_number(said) == phone_number(wanted) if name == "phone" else said.casefold() == wanted.casefold()
        if not same:
            raise Refused(user_error(["input", name], _MISMATCH, "INPUT_MISMATCH"))


def _written(world: World, known: Customer | None, given: Given, identifier: Given) -> Customer:
    if known is not None:
        describe(world, known, given)
        customer_changed(world, known)
        return known
    made = new_customer(world)
    describe(world, made, given)
    custom_id = identifier.get("customId")
    if custom_id is not None:
        errors = set_inline(world, made, [{**custom_id, "type": "id"}], ["identifier", "customId"])
        if errors:
            raise Refused(*errors)
    return keep(world, made)
