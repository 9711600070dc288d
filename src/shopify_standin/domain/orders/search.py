"""Which orders a search means, and in which order they come."""

from collections.abc import Callable
from typing import Any

from shopify_standin.domain.orders.status import fulfillment_status
from shopify_standin.model.sales import Order
from shopify_standin.search import filters
from shopify_standin.search.search import Search
from shopify_standin.world import World


def _state(order: Order, _world: World) -> str:
    if order.cancelled_at is not None:
        return "cancelled"
    return "closed" if order.closed else "open"


def _shipping(order: Order, world: World) -> str:
    return fulfillment_status(world, order, "2026-07")


def _customer(order: Order, world: World) -> list[str]:
    known = world.customers.get(order.customer_id)
    return [known.display_name] if known else []


def _locations(order: Order, world: World) -> list[int]:
    return [world.fulfillment_orders[n].assigned.location_id for n in order.fulfillment_order_ids]


def _integer(value: str) -> int | None:
    number = value.rsplit("/", 1)[-1]
    return int(number) if number.isdigit() else None


def _by_id(world: World, value: str) -> list[Order]:
    found = world.orders.get(_integer(value))
    return [found] if found else []


_FINANCIAL = (
    "AUTHORIZED", "EXPIRED", "PAID", "PARTIALLY_PAID", "PARTIALLY_REFUNDED", "PENDING", "REFUNDED", "VOIDED",
)  # fmt: skip
_ANY = ["UNFULFILLED", "PARTIALLY_FULFILLED", "FULFILLED", "IN_PROGRESS", "ON_HOLD", "SCHEDULED"]

ORDER_SEARCH = Search(
    {
        "id": filters.number(lambda x, _: x.id),
        "name": filters.text(lambda x, _: [x.name, x.name.lstrip("#")]),
        "status": filters.choice(
            _state,
            open=["open"],
            closed=["closed"],
            cancelled=["cancelled"],
            not_closed=["open", "cancelled"],
            any=["open", "closed", "cancelled"],
        ),
        "financial_status": filters.choice(
            lambda x, _: x.financial_status,
            any=[*_FINANCIAL, ""],
            unpaid=["PENDING", "AUTHORIZED", "PARTIALLY_PAID"],
            **{value.lower(): [value] for value in _FINANCIAL},
        ),
        "fulfillment_status": filters.choice(
            _shipping,
            any=_ANY,
            unshipped=["UNFULFILLED", "IN_PROGRESS", "ON_HOLD", "SCHEDULED"],
            unfulfilled=["UNFULFILLED", "PARTIALLY_FULFILLED", "IN_PROGRESS", "ON_HOLD", "SCHEDULED"],
            shipped=["FULFILLED"],
            fulfilled=["FULFILLED"],
            partial=["PARTIALLY_FULFILLED"],
            scheduled=["SCHEDULED"],
            on_hold=["ON_HOLD"],
            request_declined=[],
        ),
        "created_at": filters.moment(lambda x, _: x.created_at),
        "updated_at": filters.moment(lambda x, _: x.updated_at),
        "processed_at": filters.moment(lambda x, _: x.processed_at),
        "tag": filters.text(lambda x, _: x.tags),
        "tag_not": filters.absent(lambda x, _: x.tags),
        "email": filters.text(lambda x, _: x.email),
        "sku": filters.text(lambda x, _: [line.sku for line in x.lines]),
        "gateway": filters.text(lambda x, _: [t.gateway for t in x.transactions]),
        "customer_id": filters.number(lambda x, _: x.customer_id),
        "fulfillment_location_id": filters.number(_locations),
        "reference_location_id": filters.number(_locations),
        "location_id": filters.number(_locations),
        "source_name": filters.text(lambda x, _: x.source_name),
        "source_identifier": filters.text(lambda x, _: x.source_identifier),
        "po_number": filters.text(lambda x, _: x.po_number),
        "confirmation_number": filters.text(lambda x, _: x.confirmation_number),
        "test": filters.truth(lambda x, _: x.test),
        "return_status": filters.text(lambda _, __: "no_return"),
    },
    filters.words(lambda x, world: [x.name, x.email, x.phone, *_customer(x, world), *(line.title for line in x.lines)]),
    {
        "id": _by_id,
        "customer_id": lambda world, value: world.orders.where("customer_id", _integer(value)),
    },
)


ORDER_SORT: dict[str, Callable[[Order, World], Any] | None] = {
    "ID": None,
    "RELEVANCE": None,
    "ORDER_NUMBER": lambda x, _: x.number,
    "CREATED_AT": lambda x, _: x.created_at,
    "UPDATED_AT": lambda x, _: x.updated_at,
    "PROCESSED_AT": lambda x, _: x.processed_at,
    "TOTAL_PRICE": lambda x, _: x.total.shop,
    "CURRENT_TOTAL_PRICE": lambda x, _: x.current_total.shop,
    "TOTAL_ITEMS_QUANTITY": lambda x, _: sum(line.quantity for line in x.lines),
    "PO_NUMBER": lambda x, _: x.po_number,
    "FINANCIAL_STATUS": lambda x, _: x.financial_status,
    "FULFILLMENT_STATUS": _shipping,
    "CUSTOMER_NAME": lambda x, world: "".join(_customer(x, world)) or None,
    "DESTINATION": lambda x, _: x.shipping_address.formatted_area if x.shipping_address else None,
}
