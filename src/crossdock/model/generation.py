"""
The keys of one fulfillment order's requests: the first is its id, those after it say which they are. Pure.

A backend that was stopped may be asked again: once a hold is released, or after the goods are to ship from elsewhere.
"""

from collections.abc import Collection

from crossdock.model.names import FulfillmentOrderId, RequestKey

_MARK = "#"


def fulfillment_order_of(key: RequestKey) -> FulfillmentOrderId:
    """Return the fulfillment order that a request was made for."""
    return FulfillmentOrderId(key.partition(_MARK)[0])


def next_key(fulfillment_order: FulfillmentOrderId, known: Collection[RequestKey]) -> RequestKey:
    """Return the key of a fulfillment order's next request; `known` are those that were used."""
    used = sum(fulfillment_order_of(key) == fulfillment_order for key in known)
    return RequestKey(f"{fulfillment_order}{_MARK}{used + 1}" if used else fulfillment_order)
