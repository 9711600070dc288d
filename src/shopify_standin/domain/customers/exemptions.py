"""Tax exemptions of customers: added, removed or replaced."""

from shopify_standin.domain.customers.telling import customer_changed
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.customers import Customer
from shopify_standin.registry import Args, mutation
from shopify_standin.world import World


@mutation("customerAddTaxExemptions")
def add(world: World, args: Args) -> JsonObject:
    """Add exemptions; those there already stay."""
    customer = _customer(world, args["customerId"])
    return _written(world, customer, [*customer.tax_exemptions, *args["taxExemptions"]])


@mutation("customerRemoveTaxExemptions")
def remove(world: World, args: Args) -> JsonObject:
    """Remove exemptions; those not there are no error."""
    customer = _customer(world, args["customerId"])
    return _written(world, customer, [x for x in customer.tax_exemptions if x not in args["taxExemptions"]])


@mutation("customerReplaceTaxExemptions")
def replace(world: World, args: Args) -> JsonObject:
    """Have these exemptions and no others."""
    return _written(world, _customer(world, args["customerId"]), args["taxExemptions"])


def _written(world: World, customer: Customer, exemptions: list[str]) -> JsonObject:
    customer.tax_exemptions = list(dict.fromkeys(exemptions))
    customer_changed(world, customer)
    return {"customer": customer, "userErrors": []}


def _customer(world: World, value: str) -> Customer:
    customer = world.customers.get(number_of(value, "Customer"))
    if customer is None:
        raise Refused(user_error(["customerId"], "Customer does not exist"))
    return customer
