"""Which customers a search means, and in which order they come."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from shopify_standin.model.customers import Customer
from shopify_standin.model.sales import Order
from shopify_standin.search import filters
from shopify_standin.search.search import Search
from shopify_standin.world import World


def orders_of(customer: Customer, world: World) -> list[Order]:
    """Everything they ordered."""
    return world.orders.where("customer_id", customer.id)


def spent_by(customer: Customer, world: World) -> Decimal:
    """What they paid and did not get back, in the shop's money."""
    return sum((order.net_payment.shop for order in orders_of(customer, world)), Decimal(0))


def _last_order_at(customer: Customer, world: World) -> Any:
    return max((order.processed_at for order in orders_of(customer, world)), default=None)


def _countries(customer: Customer, _world: World) -> list[str | None]:
    home = customer.default_address
    return [] if home is None else [home.country, home.country_code]


def _id(customer: Customer, _world: World) -> int:
    return customer.id


_CREATED = filters.moment(lambda x, _: x.created_at)
_UPDATED = filters.moment(lambda x, _: x.updated_at)

CUSTOMER_SEARCH = Search(
    {
        "id": filters.number(_id),
        "accepts_marketing": filters.truth(lambda x, _: x.email_consent.state == "SUBSCRIBED"),
        "country": filters.text(_countries),
        "customer_date": _CREATED,
        "email": filters.text(lambda x, _: x.email),
        "first_name": filters.text(lambda x, _: x.first_name),
        "last_abandoned_order_date": filters.moment(lambda _, __: None),
        "last_name": filters.text(lambda x, _: x.last_name),
        "order_date": filters.moment(_last_order_at),
        "orders_count": filters.number(lambda x, world: len(orders_of(x, world))),
        "phone": filters.text(lambda x, _: x.phone),
        "state": filters.text(lambda x, _: x.state),
        "tag": filters.text(lambda x, _: x.tags),
        "tag_not": filters.absent(lambda x, _: x.tags),
        "total_spent": filters.number(spent_by),
        "updated_at": _UPDATED,
    },
    filters.words(lambda x, _: [x.display_name, x.email, x.phone, *x.tags]),
    {"email": lambda world, value: world.customers.where("email", value.casefold())},
)

CUSTOMER_COUNT_SEARCH = Search({"id": filters.number(_id), "created_at": _CREATED, "updated_at": _UPDATED}, None)
"""`customersCount` knows fewer filters, and no words without a field (recorded 2025-01)."""

CUSTOMER_SORT: dict[str, Callable[[Customer], Any] | None] = {
    "ID": None,
    "RELEVANCE": None,
    "CREATED_AT": lambda x: x.created_at,
    "UPDATED_AT": lambda x: x.updated_at,
    "NAME": lambda x: x.sorting_name,
    "LOCATION": lambda x: x.default_address.formatted_area if x.default_address else None,
}
