"""What the transport must know of each operation beyond its text."""

from dataclasses import dataclass

from crossdock.ports.calls import Lane


@dataclass(frozen=True, slots=True)
class Operation:
    """
    How one operation is sent.

    `guess` is the cost that is reserved until Shopify has told the real one. `repeatable` says that sending it
    twice does no harm: reads, and writes that carry an idempotency key.
    """

    lane: Lane
    guess: float
    repeatable: bool = True


OPERATIONS = {
    "CreateFulfillment": Operation(Lane.TRACKING, guess=12, repeatable=False),
    "CorrectTracking": Operation(Lane.TRACKING, guess=50, repeatable=False),
    "CancelFulfillment": Operation(Lane.TRACKING, guess=12, repeatable=False),
    "ReportEvent": Operation(Lane.TRACKING, guess=12, repeatable=False),
    "FulfillmentEvents": Operation(Lane.TRACKING, guess=15),
    "Levels": Operation(Lane.STOCK, guess=25),
    "LevelsPage": Operation(Lane.STOCK, guess=40),
    "SetQuantities": Operation(Lane.STOCK, guess=12),
    "AdjustQuantities": Operation(Lane.STOCK, guess=12),
    "Orders": Operation(Lane.ORDERS, guess=250),
    "OrderExtras": Operation(Lane.ORDERS, guess=25),
    "LineExtras": Operation(Lane.ORDERS, guess=25),
    "OrderLinesPage": Operation(Lane.ORDERS, guess=80),
    "OrderShippingLinesPage": Operation(Lane.ORDERS, guess=30),
    "OrderRefunds": Operation(Lane.ORDERS, guess=45),
    "RefundLinesPage": Operation(Lane.ORDERS, guess=40),
    "OrderFulfillmentOrdersPage": Operation(Lane.ORDERS, guess=200),
    "FulfillmentOrderLinesPage": Operation(Lane.ORDERS, guess=40),
    "FulfillmentLinesPage": Operation(Lane.ORDERS, guess=30),
    "OrdersOfFulfillmentOrders": Operation(Lane.ORDERS, guess=5),
    "MoveFulfillmentOrder": Operation(Lane.ORDERS, guess=12, repeatable=False),
    "CancelOrder": Operation(Lane.ORDERS, guess=12, repeatable=False),
    "Job": Operation(Lane.ORDERS, guess=3),
    "BeginOrderEdit": Operation(Lane.ORDERS, guess=12, repeatable=False),
    "SetEditedQuantity": Operation(Lane.ORDERS, guess=12, repeatable=False),
    "CommitOrderEdit": Operation(Lane.ORDERS, guess=12, repeatable=False),
    "Hold": Operation(Lane.ORDERS, guess=12, repeatable=False),
    "ReleaseHold": Operation(Lane.ORDERS, guess=12, repeatable=False),
    "ReportProgress": Operation(Lane.ORDERS, guess=12, repeatable=False),
    "TakeProgressBack": Operation(Lane.ORDERS, guess=12, repeatable=False),
    "PreparedForPickup": Operation(Lane.ORDERS, guess=12, repeatable=False),
    "AcceptFulfillmentRequest": Operation(Lane.ORDERS, guess=12, repeatable=False),
    "RejectFulfillmentRequest": Operation(Lane.ORDERS, guess=12, repeatable=False),
    "AcceptCancellationRequest": Operation(Lane.ORDERS, guess=12, repeatable=False),
    "RejectCancellationRequest": Operation(Lane.ORDERS, guess=12, repeatable=False),
    "CloseFulfillmentOrder": Operation(Lane.ORDERS, guess=12, repeatable=False),
    "OrdersUpdated": Operation(Lane.ORDERS, guess=15),
    "CreateReverseDelivery": Operation(Lane.ORDERS, guess=12, repeatable=False),
    "TrackReverseDelivery": Operation(Lane.ORDERS, guess=12, repeatable=False),
    "ReturnsOfOrders": Operation(Lane.ORDERS, guess=20),
    "Returns": Operation(Lane.ORDERS, guess=300),
    "Returnable": Operation(Lane.ORDERS, guess=250),
    "ReturnOutcome": Operation(Lane.ORDERS, guess=15),
    "CreateReturn": Operation(Lane.ORDERS, guess=12, repeatable=False),
    "ApproveReturn": Operation(Lane.ORDERS, guess=12, repeatable=False),
    "Dispose": Operation(Lane.ORDERS, guess=12, repeatable=False),
    "ProcessReturn": Operation(Lane.ORDERS, guess=12, repeatable=False),
    "CloseReturn": Operation(Lane.ORDERS, guess=12, repeatable=False),
    "OrderSettlement": Operation(Lane.ORDERS, guess=150),
    "Capture": Operation(Lane.ORDERS, guess=20, repeatable=False),
    # Its key keeps a repeat from giving money back twice, but a repeat of a failed try has to be decided anew.
    "CreateRefund": Operation(Lane.ORDERS, guess=20, repeatable=False),
    "Variants": Operation(Lane.CATALOG, guess=5),
    "VariantsOfProducts": Operation(Lane.CATALOG, guess=15),
    "ProductVariantsPage": Operation(Lane.CATALOG, guess=15),
    "VariantsUpdated": Operation(Lane.CATALOG, guess=15),
    "Locations": Operation(Lane.CATALOG, guess=15),
    "Shop": Operation(Lane.CATALOG, guess=5),
    "GrantedScopes": Operation(Lane.CATALOG, guess=5),
    "GoodsOnSale": Operation(Lane.CATALOG, guess=50),
    "OrdersToShip": Operation(Lane.CATALOG, guess=30),
    "Subscriptions": Operation(Lane.CATALOG, guess=24),
    "Subscribe": Operation(Lane.CATALOG, guess=12, repeatable=False),
    "Unsubscribe": Operation(Lane.CATALOG, guess=12),
}
