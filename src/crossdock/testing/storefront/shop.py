"""The shop behind the fake storefront: what it is made of, and what its people and customers do in it."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from crossdock.kit.clock import Clock, SystemClock
from crossdock.model.catalog import Location, Variant
from crossdock.model.extras import Extras
from crossdock.model.names import (
    FulfillmentId,
    FulfillmentOrderId,
    FulfillmentOrderLineId,
    InventoryItemId,
    LocationId,
    OrderId,
    ReturnId,
    ReverseDeliveryId,
)
from crossdock.model.order import Order
from crossdock.model.returning import Return, ReturnTracking
from crossdock.model.stock import SetAvailable
from crossdock.ports.storefront import FulfillmentDraft
from crossdock.testing.storefront.catalog import Catalog
from crossdock.testing.storefront.fulfillment_orders import FulfillmentOrders
from crossdock.testing.storefront.levels import Levels
from crossdock.testing.storefront.moves import Moves
from crossdock.testing.storefront.orders import Orders
from crossdock.testing.storefront.outcomes import Outcomes
from crossdock.testing.storefront.packages import Packages
from crossdock.testing.storefront.returns import Returns
from crossdock.testing.storefront.reverse_deliveries import ReverseDeliveries
from crossdock.testing.storefront.sales import Sales
from crossdock.testing.storefront.service import Service
from crossdock.testing.storefront.subscriptions import Subscriptions
from crossdock.testing.storefront.till import Till
from crossdock.testing.storefront.withdrawals import Withdrawals


class FakeShop:
    """A shop without a web, as a test finds it: the counter at which it sells, and a look at whatever is kept."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        numbers = itertools.count(1)
        self._catalog = Catalog(self._clock)
        self._levels = Levels()
        self._orders = Orders(self._clock)
        self._extras: dict[OrderId, Extras] = {}
        self._sales = Sales(self._catalog, self._levels, self._orders, numbers)
        self._fulfillment_orders = FulfillmentOrders(self._orders, numbers)
        self._service = Service(self._orders, numbers)
        self._moves = Moves(self._catalog, self._levels, self._orders, numbers)
        self._packages = Packages(self._levels, self._orders, numbers)
        self._withdrawals = Withdrawals(self._levels, self._orders, numbers)
        self._returns = Returns(self._catalog, self._levels, self._orders, numbers)
        self._reverse_deliveries = ReverseDeliveries(self._returns, numbers)
        self._outcomes = Outcomes(self._orders, self._sales, self._returns, numbers)
        self._subscriptions = Subscriptions(numbers)
        self.till = Till(self._clock)
        """What customers paid, and what went back to them."""
        self.writes: list[Sequence[SetAvailable]] = []
        """Every batch of levels that was asked for, refused ones too."""
        # Lists of what was done, for a test to look into; each says at its own place what it holds.
        self.cancellations = self._withdrawals.begun
        self.prepared = self._fulfillment_orders.prepared
        self.replies = self._service.replies
        self.mails = self._packages.mails
        self.refunds = self._outcomes.refunds

    # --- goods ----------------------------------------------------------------------------------------------------

    def add_location(self, location: Location) -> None:
        """Open a location."""
        self._catalog.open_location(location)

    def open_service(self, id_: LocationId) -> None:
        """Let a location be a fulfillment service's; what ships from there has to be requested."""
        self._catalog.open_service(id_)

    def add_variant(self, variant: Variant, stock: Mapping[LocationId, int] | None = None) -> None:
        """Sell a variant, or change it; `stock` sets its levels."""
        self._catalog.put(variant)
        for location, units in (stock or {}).items():
            self._levels.stock((variant.inventory_item, location), units)

    def available(self, variant: Variant, location: LocationId) -> int:
        """Return what can still be sold."""
        return self._levels.available((variant.inventory_item, location))

    def committed(self, variant: Variant, location: LocationId) -> int:
        """Return what is sold and not fulfilled."""
        return self._levels.committed((variant.inventory_item, location))

    def poison(self, item: InventoryItemId, message: str) -> None:
        """Refuse every level of an item from now on."""
        self._levels.poison(item, message)

    # --- orders ---------------------------------------------------------------------------------------------------

    def now(self) -> datetime:
        """Return the store's time."""
        return self._clock.now()

    def put(self, order: Order) -> None:
        """Have an order, as it is given, whatever the stock."""
        self._orders.put(order)

    def order(self, id_: OrderId) -> Order:
        """Return an order as it stands."""
        return self._orders[id_]

    def forget(self, order: OrderId) -> None:
        """Show an order no longer."""
        self._orders.forget(order)

    def touch(self, order: OrderId, updated_at: datetime) -> None:
        """Say that an order changed at that time."""
        self._orders.put(replace(self._orders[order], updated_at=updated_at))

    def add_extras(self, order: OrderId, extras: Extras) -> None:
        """Have metafields, a customer and properties for an order."""
        self._extras[order] = extras

    def buy(self, location: LocationId, *wanted: tuple[Variant, int]) -> OrderId:
        """Let a customer buy and pay; all is to ship from one location, and available goes down to below zero."""
        return self._sales.buy(location, *wanted)

    def show_payments(self, id_: OrderId) -> None:
        """Let the order show what is in the till."""
        order = self._orders[id_]
        self._orders.change(replace(order, payments=self.till.shown(order)))

    def cancel(self, id_: OrderId, *, restock: bool = True) -> None:
        """Cancel an order and put what was not fulfilled back."""
        self._withdrawals.cancel(id_, restock=restock)

    def slow_down(self, *, slow: bool = True) -> None:
        """Let cancellations wait for `end_jobs`, or no longer."""
        self._withdrawals.slow = slow

    def end_jobs(self, *, well: bool = True) -> None:
        """Let what was begun come to its end; not `well` where Shopify gives up on it."""
        self._withdrawals.end_jobs(well=well)

    def edit(self, id_: OrderId, line: FulfillmentOrderLineId, remaining: int) -> None:
        """Let so many units of a line be still to ship; what is taken away is for sale again, what is added is not."""
        self._withdrawals.edit(id_, line, remaining)

    # --- what ships them ------------------------------------------------------------------------------------------

    def put_on_hold(self, id_: FulfillmentOrderId, reason: str, *, ours: bool = False) -> None:
        """Let a person, or this very app, put a hold on a fulfillment order; an app has one."""
        self._fulfillment_orders.hold(id_, reason, ours=ours)

    def assign_to_service(self, id_: FulfillmentOrderId) -> None:
        """Have a fulfillment service ship it, unrequested."""
        self._service.assign(id_)

    def request(self, id_: FulfillmentOrderId) -> None:
        """Let the merchant request a fulfillment order of the service."""
        self._service.request(id_)

    def call_back(self, id_: FulfillmentOrderId) -> None:
        """Let the merchant request the cancellation of what the service accepted."""
        self._service.call_back(id_)

    def draft(self, id_: FulfillmentId) -> FulfillmentDraft:
        """Return what a fulfillment was made of."""
        return self._packages.draft(id_)

    # --- returns --------------------------------------------------------------------------------------------------

    def send_back(
        self, id_: OrderId, units: int, *, status: str = "OPEN", instead: tuple[Variant, int] | None = None
    ) -> ReturnId:
        """
        Let a customer return so many units of an order's first fulfilled line; `status` as Shopify spells it.

        `instead` is what they want for it; whatever it is, a unit costs 10.
        """
        made = self._returns.send_back(id_, units, status)
        if instead is not None:
            self._outcomes.want(made, *instead)
        return made

    def returned(self, id_: ReturnId) -> Return:
        """Return a return as it stands."""
        return self._returns[id_]

    def turn(self, id_: ReturnId, status: str) -> None:
        """Let a return have this status."""
        self._returns.turn(id_, status)

    def shorten(self, id_: ReturnId, units: int) -> None:
        """Let a return be of so many units of its first line."""
        self._returns.shorten(id_, units)

    def label(self, id_: ReturnId, tracking: ReturnTracking) -> ReverseDeliveryId:
        """Let somebody at the shop send a label for a return, which is then on its way in one parcel."""
        return self._reverse_deliveries.label(id_, tracking)

    def unlabel(self, id_: ReturnId) -> None:
        """Let no parcel of a return be known any more."""
        self._reverse_deliveries.forget(id_)
