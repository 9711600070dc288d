"""
What a merchant requests of a fulfillment service, and what the service answers (Shopify docs, 2026-07).

At a service's location goods ship only once the merchant has requested it; the service accepts or rejects. The
merchant may request the cancellation of what was accepted; the service agrees, refuses, or closes it by itself.
"""

from dataclasses import dataclass
from enum import StrEnum

from crossdock.model.names import FulfillmentOrderId
from crossdock.model.order import FulfillmentOrder

_OPEN = frozenset({"OPEN", "IN_PROGRESS"})
_TO_SHIP = frozenset({"SUBMITTED", "ACCEPTED", "CANCELLATION_REJECTED"})


class Say(StrEnum):
    """What a service may answer."""

    ACCEPT = "accept"
    """It ships what was requested."""

    REJECT = "reject"
    """It does not."""

    AGREE = "agree"
    """What it had accepted is cancelled."""

    REFUSE = "refuse"
    """It ships, though the merchant asked for its cancellation."""

    CLOSE = "close"
    """It gives up what it had accepted."""


class Reason(StrEnum):
    """Why a request is rejected, in Shopify's spelling; those that the hub can tell apart."""

    INVALID_SKU = "INVALID_SKU"
    INCORRECT_ADDRESS = "INCORRECT_ADDRESS"
    INVENTORY_OUT_OF_STOCK = "INVENTORY_OUT_OF_STOCK"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer about one fulfillment order. `message` is for the merchant; `reason` goes with a rejection only."""

    fulfillment_order: FulfillmentOrderId
    say: Say
    message: str
    reason: Reason = Reason.OTHER


def is_to_ship(fo: FulfillmentOrder) -> bool:
    """Tell whether Shopify lets it ship: by its actions, and at a service's location because it was requested."""
    if fo.at_service:
        return fo.status in _OPEN and fo.request_status in _TO_SHIP
    return fo.can("CREATE_FULFILLMENT")


def awaits_word(fo: FulfillmentOrder) -> bool:
    """Tell whether a merchant waits to hear whether it is accepted."""
    return fo.at_service and fo.status in _OPEN and fo.request_status == "SUBMITTED"


def is_called_back(fo: FulfillmentOrder) -> bool:
    """Tell whether a merchant waits to hear whether it is cancelled."""
    return fo.at_service and fo.status in _OPEN and fo.request_status == "CANCELLATION_REQUESTED"


def was_given_back(fo: FulfillmentOrder) -> bool:
    """Tell whether the service has rejected or closed it, so that it may be requested anew."""
    return fo.at_service and fo.request_status in {"REJECTED", "CLOSED"}
