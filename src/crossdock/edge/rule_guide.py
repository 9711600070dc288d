"""What each rule means: the page of rules in the docs and the portal's form say the same, and a test compares them."""

from collections.abc import Mapping
from typing import Final

from crossdock.model.routing_rules import By

RULE_GUIDE: Final = {
    "orders.financial": "An order in one of these financial states goes to the backend. Shopify's spelling.",
    "orders.fulfillment": "The same for its fulfillment state.",
    "orders.required": (
        "Fields without which an order is held: `shipping_address`, `billing_address`, `email`, `phone`, `sku`."
    ),
    "orders.name": "How the request is called at the backend; `{name}` is Shopify's name of the order.",
    "orders.suffix": "Added from the second request of an order on.",
    "orders.test_orders": "Whether test orders go too.",
    "orders.placed_from": "Orders placed before are left alone.",
    "orders.given_up.on_give_up": (
        "What becomes on Shopify of units that the warehouse cancelled or shipped short: `ask` a person, or "
        "`cancel` them."
    ),
    "orders.given_up.restock": (
        "Whether Shopify may sell what is cancelled at once; without, the warehouse's stock decides."
    ),
    "orders.given_up.refund": "Whether the payment of an order that is cancelled whole goes back the way it came.",
    "orders.given_up.notify_customer": "Whether Shopify writes to the customer about it.",
    "orders.cash_on_delivery": (
        "Names of gateways that mean that the carrier collects, in any case. The shop chooses them."
    ),
    "orders.take_cash_on_delivery": (
        "Whether orders to be paid on delivery go to the backend though their payment is pending."
    ),
    "orders.hold_money": (
        "Whether an order whose money does not sum up waits for a person. Otherwise it goes, and its time "
        "line names the difference."
    ),
    "orders.reject_refused": (
        "Whether what a merchant requests of a fulfillment service, and what cannot be taken on, is rejected at once. "
        "Otherwise a person mends or rejects it."
    ),
    "orders.hold_risk": (
        "What Shopify's fraud analysis advises where an order waits for a person: `CANCEL`, `INVESTIGATE`. It goes on "
        "with `crossdock orders release`. What is advised later is asked about as a change."
    ),
    "orders.grace": (
        "How long an order rests before it goes to the warehouse, so that it may still be changed. Up to 7 days."
    ),
    "orders.follow_up": (
        "Whether the hub does without a person what is left to do about a change that came after the goods had left."
    ),
    "inventory.mode": "`absolute` sets levels, `delta` adds to them. Changed by `crossdock stock mode`.",
    "inventory.window": "Changes of one item within it are published together; what sells out goes at once. Up to 1 h.",
    "inventory.buffer": "Units kept back from every level.",
    "inventory.cap": "The most that a level shows.",
    "inventory.negative": "Where more was promised than there is: `show` it below zero, or publish `zero`.",
    "inventory.levels": (
        "A list of what one `sku`, one `location` or both have of their own: `buffer`, `cap`, `negative`. The "
        "narrowest wins."
    ),
    "inventory.sharing": "Where a warehouse serves several locations: `split` its stock, or `share` it, whole at each.",
    "inventory.weights": "How big each location's part is; 0 for none.",
    "inventory.drift": "Stock that was edited in Shopify: `revert` it, `accept` it, or `ask`.",
    "inventory.guard.items": (
        "Pushes that would empty more levels than this within an hour wait for `crossdock stock approve`."
    ),
    "inventory.guard.share": "So do those that would empty more than this share of the levels that have stock,",
    "inventory.guard.at_least": "but only from this many levels on.",
    "inventory.kits": "What an item is assembled from: `inventory.kits.GIFT-SET=MUG:2,LAMP:1`.",
    "fulfillments.notify_customer": (
        "Whether Shopify sends its shipping mail, and another where a tracking number is corrected."
    ),
    "fulfillments.show_holds": "Whether what is on hold at the backend is on hold in Shopify too, with its reason.",
    "fulfillments.report_progress": (
        "Whether Shopify shows that work has begun. An order can then neither be cancelled nor moved there "
        "until the work is taken back."
    ),
    "fulfillments.prepare_pickups": "Whether what customers collect is said to wait for them once it is packed.",
    "fulfillments.carriers": (
        "Which of Shopify's carriers a backend's name means: `fulfillments.carriers.PARCEL-24=DHL Express`."
    ),
    "fulfillments.tracking_urls": (
        "Where a carrier's packages can be followed: "
        "`fulfillments.tracking_urls.PARCEL-24=https://parcel.example/{number}`."
    ),
    "returns.approve": "Whether what customers request is approved without a person.",
    "returns.warehouse": "The warehouse to which everything comes back.",
    "returns.refund": "When money goes back: `none`, `at_receipt`, `at_inspection`.",
    "returns.refund_limit": "The largest refund that needs no person, in the shop's currency.",
    "returns.refund_shipping": "Whether the shipping goes back too.",
    "returns.create": "Whether goods that come back unannounced get a return in Shopify without a person.",
    "returns.close": "Whether a return is closed once everything of it is accounted for.",
    "returns.exchange": "When what a customer gets instead is sent: `by_hand`, `at_approval`, `at_receipt`, "
    "`at_inspection`.",
    "money.capture": (
        "When an authorized payment is captured: `off`, `first_package` (all that is owed, once a first package has "
        "left), `all_shipped`."
    ),
    "money.uncredited": (
        "A refund where the backend takes no credit documents: `note` it on the order's time line, or `ask` a person "
        "to book it."
    ),
    "money.refunds_from": "Refunds made before this time are left alone.",
    "money.refund_limit": (
        "How much of one order a backend may have refunded without a person, in the shop's currency; 0: each needs one."
    ),
    "routing.mode": "Whether the hub decides from where orders ship: `off`, `watch` (decide and follow Shopify), `on`.",
    "routing.steps": (
        "A list of steps, each with what it goes `by`: `prefer`, `stock`, `nearest`, `country`, `tag`, `capacity`."
    ),
    "routing.places": (
        "Of locations: `latitude`, `longitude`, `country`, `zip`, and `capacity`, the requests that it takes within "
        "24 hours."
    ),
    "routing.otherwise": ("An order for which the steps leave nobody: `follow` Shopify's assignment, or `hold` it."),
    "routing.if_refused": "The same where Shopify refuses the move.",
    "routing.reroute": "Whether what a warehouse refused, cancelled or shipped short is asked of the next.",
    "schedule.orders": (
        "Hours in which orders go to the warehouse: `06:00-20:00 Europe/Berlin`, or of some days, `Mo-Fr 06:00-20:00 "
        "Europe/Berlin`. What was sent is followed at any hour."
    ),
    "schedule.fulfillments": "Hours in which Shopify is told of packages.",
    "schedule.inventory": "Hours in which stock is published; outside of them Shopify sells by what it was told last.",
    "schedule.returns": "Hours in which returns are announced, processed and refunded.",
}
"""By the rule's name; what is between backticks is written as it stands."""

STEP_GUIDE: Final[Mapping[By, str]] = {
    By.PREFER: "These locations come first, in this order.",
    By.STOCK: (
        "Leaves those that have everything. With `split`, an order that nobody has whole is divided, into few parts."
    ),
    By.NEAREST: (
        "The nearest to the customer comes first: as the crow flies where `routing.places` and Shopify give "
        "coordinates, else by country and the beginning of the zip."
    ),
    By.COUNTRY: (
        "Leaves these locations where the order goes to one of these countries; with `outside`, where it goes to any "
        "other."
    ),
    By.TAG: "Leaves these locations where the order has one of these tags.",
    By.CAPACITY: "Leaves those that were asked for fewer requests within 24 hours than their capacity.",
}
"""What each step of routing does; the docs say the same."""
