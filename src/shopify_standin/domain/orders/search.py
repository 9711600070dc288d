"""Which orders a search means, and in which order they come (filters as in Shopify's docs, 2026-07)."""

from collections.abc import Callable
from typing import Any

from shopify_standin.domain.orders.status import fulfillment_status
from shopify_standin.domain.returns.status import return_status
from shopify_standin.model.sales import Order
from shopify_standin.search import filters
from shopify_standin.search.search import Search
from shopify_standin.search.syntax import Term
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


def _methods(order: Order, world: World) -> set[str]:
    return {world.fulfillment_orders[n].method_type for n in order.fulfillment_order_ids}


def _codes(order: Order, _world: World) -> list[str]:
    return [given.code for given in order.discounts if given.code is not None]


def _units(order: Order, _world: World) -> int:
    return sum(line.quantity for line in order.lines)


def _weight(order: Order, _world: World) -> int:
    return sum(line.grams * line.quantity for line in order.lines)


def _integer(value: str) -> int | None:
    number = value.rsplit("/", 1)[-1]
    return int(number) if number.isdigit() else None


def _by_id(world: World, value: str) -> list[Order]:
    found = world.orders.get(_integer(value))
    return [found] if found else []


def _any_of(read: Callable[[Order, World], set[str]], **meanings: str) -> filters.Filter:
    """Like `choice`, of a field with several values at once."""

    def make(term: Term) -> filters.Test:
        wanted = meanings.get(term.value.casefold())
        if wanted is None:
            raise filters.BadValue(term.value)
        return lambda row, world: wanted in read(row, world)

    return make


def _nothing(term: Term) -> filters.Test:
    """A filter over something that no order of a stand-in has, as a chargeback."""
    return lambda _row, _world: term.value == "" and term.op == ":"


_FINANCIAL = (
    "AUTHORIZED", "EXPIRED", "PAID", "PARTIALLY_PAID", "PARTIALLY_REFUNDED", "PENDING", "REFUNDED", "VOIDED",
)  # fmt: skip
_ANY = ["UNFULFILLED", "PARTIALLY_FULFILLED", "FULFILLED", "IN_PROGRESS", "ON_HOLD", "SCHEDULED"]
_RETURNED = (
    "return_requested", "in_progress", "inspection_complete", "returned", "return_failed", "no_return",
)  # fmt: skip
_CHARGEBACKS = ("accepted", "charge_refunded", "lost", "needs_response", "under_review", "won")
_PROTECTION = ("fully_protected", "partially_protected", "not_protected", "pending", "not_eligible", "not_available")

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
        "return_status": filters.choice(
            lambda x, world: return_status(world, x), **{value: [value.upper()] for value in _RETURNED}
        ),
        "delivery_method": _any_of(
            _methods,
            **{
                "shipping": "SHIPPING",
                "pick-up": "PICK_UP",
                "retail": "RETAIL",
                "local": "LOCAL",
                "pickup-point": "PICKUP_POINT",
                "none": "NONE",
            },
        ),
        "chargeback_status": filters.choice(lambda _, __: None, **{value: [value] for value in _CHARGEBACKS}),
        "fraud_protection_level": filters.choice(
            lambda _, __: "not_available", **{value: [value] for value in _PROTECTION}
        ),
        "risk_level": filters.choice(
            lambda _, __: "none", **{value: [value] for value in ("high", "medium", "low", "none", "pending")}
        ),
        "created_at": filters.moment(lambda x, _: x.created_at),
        "updated_at": filters.moment(lambda x, _: x.updated_at),
        "processed_at": filters.moment(lambda x, _: x.processed_at),
        "current_total_price": filters.number(lambda x, _: x.current_total.shop),
        "subtotal_line_items_quantity": filters.number(_units),
        "total_weight": filters.number(_weight),
        "tag": filters.text(lambda x, _: x.tags),
        "tag_not": filters.absent(lambda x, _: x.tags),
        "email": filters.text(lambda x, _: x.email),
        "sku": filters.text(lambda x, _: [line.sku for line in x.lines]),
        "gateway": filters.text(lambda x, _: [t.gateway for t in x.transactions]),
        "discount_code": filters.text(_codes),
        "customer_id": filters.number(lambda x, _: x.customer_id),
        "fulfillment_location_id": filters.number(_locations),
        "reference_location_id": filters.number(_locations),
        "location_id": filters.number(_locations),
        "source_name": filters.text(lambda x, _: x.source_name),
        "source_identifier": filters.text(lambda x, _: x.source_identifier),
        "po_number": filters.text(lambda x, _: x.po_number),
        "confirmation_number": filters.text(lambda x, _: x.confirmation_number),
        "test": filters.truth(lambda x, _: x.test),
        "channel": filters.text(lambda x, _: x.source_name),
        "sales_channel": filters.text(lambda x, _: x.source_name),
        **dict.fromkeys(
            ("cart_token", "checkout_token", "channel_id", "credit_card_last4", "payment_id", "payment_provider_id"),
            _nothing,
        ),
    },
    filters.words(lambda x, world: [x.name, x.email, x.phone, *_customer(x, world), *(line.title for line in x.lines)]),
    {
        "id": _by_id,
        "customer_id": lambda world, value: world.orders.where("customer_id", _integer(value)),
    },
    has_metafields=True,
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
    "TOTAL_ITEMS_QUANTITY": _units,
    "PO_NUMBER": lambda x, _: x.po_number,
    "FINANCIAL_STATUS": lambda x, _: x.financial_status,
    "FULFILLMENT_STATUS": _shipping,
    "CUSTOMER_NAME": lambda x, world: "".join(_customer(x, world)) or None,
    "DESTINATION": lambda x, _: x.shipping_address.formatted_area if x.shipping_address else None,
}
