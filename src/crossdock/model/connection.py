"""One store tied to one backend, and the rules that a person set for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from crossdock.kit.errors import UsageError
from crossdock.model.flow import Flow
from crossdock.model.money_rules import MoneyRules
from crossdock.model.names import ConnectionId, ItemCode, LocationId, ShopDomain, Sku, WarehouseCode
from crossdock.model.routing_rules import RoutingRules
from crossdock.model.schedule import ScheduleRules

_LONGEST_WINDOW = timedelta(hours=1)
_LONGEST_GRACE = timedelta(days=7)

RECOMMENDATIONS = frozenset({"ACCEPT", "CANCEL", "INVESTIGATE", "NONE"})
"""What Shopify's fraud analysis may say of an order (Shopify docs, 2026-07)."""


class Field(StrEnum):
    """A field of an order that a connection may demand before the order goes to the backend."""

    SHIPPING_ADDRESS = "shipping_address"
    BILLING_ADDRESS = "billing_address"
    EMAIL = "email"
    PHONE = "phone"
    SKU = "sku"


class OnGivenUp(StrEnum):
    """What is done on Shopify about units that the backend will not ship."""

    ASK = "ask"
    """Hold the order until a person says what."""

    CANCEL = "cancel"
    """Cancel the order where none of it ships, else take the units out of it."""


@dataclass(frozen=True, slots=True)
class GivenUpRules:
    """
    What becomes on Shopify of units that the backend cancelled or shipped short.

    `restock` lets Shopify offer them again at once; without it the next reading of the backend's stock decides.
    `refund` gives the customer's money back where the whole order is cancelled; `notify_customer` writes to them.
    """

    on_give_up: OnGivenUp = OnGivenUp.ASK
    restock: bool = False
    refund: bool = False
    notify_customer: bool = False


@dataclass(frozen=True, slots=True)
class OrderRules:
    """
    Which orders go to the backend, and how they are called there.

    `name` takes `{name}` (Shopify's order name), `suffix` takes `{n}` and is added from the second request of an
    order on. States are Shopify's spelling, upper case. Orders placed before `placed_from` are left alone.
    `cash_on_delivery` are the names of gateways that mean that the carrier collects; with `take_cash_on_delivery` such
    orders are taken though nobody has paid. `hold_money` holds an order whose money does not sum up, unsent.
    `reject_refused` rejects at once what is requested of a fulfillment service and cannot be taken on.
    `follow_up`: what is left to do about a change that came after the goods had left is done without a person.
    `hold_risk` are recommendations of Shopify's fraud analysis that hold an order until a person lets it go. An order
    rests for `grace` after it was placed, so that the customer may still change it.
    """

    financial: frozenset[str] = frozenset({"PAID", "PARTIALLY_REFUNDED"})
    fulfillment: frozenset[str] = frozenset(
        {
            "UNFULFILLED",
            "PARTIALLY_FULFILLED",
            "OPEN",
            "IN_PROGRESS",
            "PENDING_FULFILLMENT",
            "REQUEST_DECLINED",
            # A part of such an order may be free to go; its fulfillment orders say which.
            "ON_HOLD",
            "SCHEDULED",
        }
    )
    required: frozenset[Field] = frozenset({Field.SHIPPING_ADDRESS, Field.SKU})
    name: str = "{name}"
    suffix: str = "-{n}"
    test_orders: bool = True
    placed_from: datetime | None = None
    given_up: GivenUpRules = field(default_factory=GivenUpRules)
    cash_on_delivery: frozenset[str] = frozenset({"Cash on Delivery (COD)", "Cash on Delivery", "COD"})
    take_cash_on_delivery: bool = False
    hold_money: bool = False
    reject_refused: bool = False
    hold_risk: frozenset[str] = frozenset({"CANCEL"})
    grace: timedelta = timedelta()
    follow_up: bool = False

    def __post_init__(self) -> None:
        """Refuse a rest that cannot be, and a recommendation that Shopify does not give."""
        if not timedelta() <= self.grace <= _LONGEST_GRACE:
            raise UsageError(
                f"orders.grace cannot be {self.grace.total_seconds():g} s. Give 0 s to {_LONGEST_GRACE.days} days."
            )
        unknown = sorted(self.hold_risk - RECOMMENDATIONS)
        if unknown:
            known = ", ".join(sorted(RECOMMENDATIONS))
            raise UsageError(f"orders.hold_risk cannot be {unknown[0]!r}. Shopify recommends one of: {known}.")


class StockMode(StrEnum):
    """How a figure is written to Shopify."""

    ABSOLUTE = "absolute"
    """Set the level to the figure, if Shopify still holds what we believe."""

    DELTA = "delta"
    """Add the difference to the last figure, so that what others add or take away in Shopify stays."""


class Negative(StrEnum):
    """What is published where more was promised than there is."""

    SHOW = "show"
    """The figure as it is, below zero."""

    ZERO = "zero"
    """Nothing less than 0."""


class Sharing(StrEnum):
    """What several locations that one warehouse serves are offered of its stock."""

    SPLIT = "split"
    """Each a part; the parts together are never more than there is."""

    SHARE = "share"
    """Each the whole; two customers may buy the same unit at two locations before the other hears of it."""


class OnDrift(StrEnum):
    """What is done where Shopify's stock was changed by somebody else, and no sale explains it."""

    ACCEPT = "accept"
    """Leave it until the figure itself changes."""

    REVERT = "revert"
    """Publish the figure again."""

    ASK = "ask"
    """Hold the item until a person says which of the two."""


@dataclass(frozen=True, slots=True)
class LevelRule:
    """
    What one SKU, one location, or one SKU at one location has of its own, in units.

    What is None comes from the next wider rule: SKU and location, then SKU, then location, then the connection's own.
    """

    sku: Sku | None = None
    location: LocationId | None = None
    buffer: int | None = None
    cap: int | None = None
    negative: Negative | None = None

    def __post_init__(self) -> None:
        """Refuse a rule that is about nothing, says nothing, or says what cannot be."""
        if self.sku is None and self.location is None:
            raise UsageError("A rule in inventory.levels names no sku and no location. Give it one of them, or both.")
        if self.buffer is None and self.cap is None and self.negative is None:
            raise UsageError(f"The rule in inventory.levels for {self.scope} says nothing. Give it a buffer or a cap.")
        _at_least(0, self.buffer, f"The buffer for {self.scope} in inventory.levels", "units")
        _at_least(0, self.cap, f"The cap for {self.scope} in inventory.levels", "units")

    @property
    def scope(self) -> str:
        """What it is about, as a person would say it."""
        return " at ".join(part for part in (self.sku, self.location) if part is not None)


@dataclass(frozen=True, slots=True)
class MassChange:
    """
    How many items one push may empty before a person is asked, as a wrong import or a broken feed would.

    More than `items`, or more than the `share` (0 to 1) of the items that have stock at Shopify; the share counts
    only from `at_least` emptied items on, so that a small shop may sell out.
    """

    items: int = 100
    share: float = 0.3
    at_least: int = 10

    def __post_init__(self) -> None:
        """Refuse bounds that cannot be."""
        _at_least(0, self.items, "inventory.guard.items", "items")
        _at_least(1, self.at_least, "inventory.guard.at_least", "items")
        if not 0 <= self.share <= 1:
            raise UsageError(f"inventory.guard.share cannot be {self.share}. Give a share of the items from 0 to 1.")

    def stops(self, emptied: int, stocked: int) -> bool:
        """Say whether emptying this many of the items that have stock needs a person's word first."""
        return emptied > self.items or (emptied >= self.at_least and emptied > self.share * stocked)


@dataclass(frozen=True, slots=True)
class InventoryRules:
    """
    How stock is published.

    `window`: changes of one item within it are published together; what sells out is published at once.
    `buffer` is kept back from every level, in units. `cap` is the most that a level shows, in units; None for no cap.
    `levels` holds what single SKUs and locations have of their own. `weights` says how big a location's part is
    where a warehouse serves several: 1 for those not named, 0 for none. `kits` says of each kit's item which items
    it is assembled from, in units a kit.
    """

    mode: StockMode = StockMode.ABSOLUTE
    window: timedelta = timedelta(seconds=30)
    buffer: int = 0
    cap: int | None = None
    negative: Negative = Negative.SHOW
    levels: tuple[LevelRule, ...] = ()
    sharing: Sharing = Sharing.SPLIT
    weights: Mapping[LocationId, int] = field(default_factory=dict)
    drift: OnDrift = OnDrift.REVERT
    guard: MassChange = field(default_factory=MassChange)
    kits: Mapping[ItemCode, Mapping[ItemCode, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse numbers that cannot be, two rules for one level, and kits that cannot be assembled."""
        if not timedelta() <= self.window <= _LONGEST_WINDOW:
            raise UsageError(
                f"inventory.window cannot be {self.window.total_seconds():g} s. Give 0 s to "
                f"{_LONGEST_WINDOW.total_seconds():g} s: stock that waits longer is sold twice."
            )
        _at_least(0, self.buffer, "inventory.buffer", "units")
        _at_least(0, self.cap, "inventory.cap", "units")
        for location, weight in self.weights.items():
            _at_least(0, weight, f"inventory.weights of {location}", "parts")
        seen: set[tuple[Sku | None, LocationId | None]] = set()
        for rule in self.levels:
            if (rule.sku, rule.location) in seen:
                raise UsageError(f"inventory.levels has two rules for {rule.scope}. Make them one.")
            seen.add((rule.sku, rule.location))
        for kit, components in self.kits.items():
            _refuse_kit(kit, components, self.kits)


@dataclass(frozen=True, slots=True)
class FulfillmentRules:
    """
    How shipments are told to Shopify. `notify_customer` lets Shopify send its shipping mail.

    `carriers` says which of Shopify's carriers a backend's name means; `tracking_urls` where packages of a carrier can
    be followed, with `{number}` in place of the tracking number. `show_holds`: what is on hold at the backend is so in
    Shopify too. `report_progress`: Shopify shows that work has begun; an order can then neither be cancelled nor moved
    there until it is taken back (Shopify docs, 2026-04). `prepare_pickups`: what customers collect is said to wait for
    them once it is packed.
    """

    notify_customer: bool = False
    show_holds: bool = True
    report_progress: bool = False
    prepare_pickups: bool = False
    carriers: Mapping[str, str] = field(default_factory=dict)
    tracking_urls: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse URLs that nobody could follow."""
        for carrier, url in self.tracking_urls.items():
            if not url.startswith(("https://", "http://")) or "{number}" not in url:
                raise UsageError(
                    f"fulfillments.tracking_urls of {carrier} cannot be {url!r}. "
                    "Give an address with {number} in it: https://carrier.example/follow/{number}."
                )


class RefundAt(StrEnum):
    """When money goes back for units that came back."""

    NONE = "none"
    """A person refunds in Shopify."""

    AT_RECEIPT = "at_receipt"
    """As soon as they arrive, whatever inspection finds."""

    AT_INSPECTION = "at_inspection"
    """Once somebody has looked at them."""


class ExchangeAt(StrEnum):
    """When a customer is sent what they get instead of what they send back."""

    BY_HAND = "by_hand"
    """A person processes the exchange in Shopify."""

    AT_APPROVAL = "at_approval"
    """As soon as the return is open, before anything came back; where money would go back, as at_receipt."""

    AT_RECEIPT = "at_receipt"
    """Once all of it has arrived."""

    AT_INSPECTION = "at_inspection"
    """Once somebody has looked at all of it."""


@dataclass(frozen=True, slots=True)
class ReturnRules:
    """
    How returns are handled.

    `approve`: what customers request is approved without a person. `warehouse` is where everything comes back; None
    for the one that it left from. `refund_limit` is the largest refund that needs no person, in the shop's currency;
    None for no limit. `refund_shipping`: the shipping goes back too. `create`: goods that come back unannounced get a
    return in Shopify without a person. `close`: a return of which everything is accounted for is closed. `exchange`:
    when what a customer gets instead is sent; such a return is processed whole, and only the difference is paid.
    """

    approve: bool = False
    warehouse: WarehouseCode | None = None
    refund: RefundAt = RefundAt.NONE
    refund_limit: Decimal | None = None
    refund_shipping: bool = False
    create: bool = False
    close: bool = True
    exchange: ExchangeAt = ExchangeAt.BY_HAND

    def __post_init__(self) -> None:
        """Refuse a limit that cannot be."""
        if self.refund_limit is not None and self.refund_limit < 0:
            raise UsageError(f"returns.refund_limit cannot be {self.refund_limit}. Give an amount of 0 or more.")


@dataclass(frozen=True, slots=True)
class Rules:
    """All that a person may set for one connection."""

    orders: OrderRules = field(default_factory=OrderRules)
    inventory: InventoryRules = field(default_factory=InventoryRules)
    fulfillments: FulfillmentRules = field(default_factory=FulfillmentRules)
    returns: ReturnRules = field(default_factory=ReturnRules)
    money: MoneyRules = field(default_factory=MoneyRules)
    routing: RoutingRules = field(default_factory=RoutingRules)
    schedule: ScheduleRules = field(default_factory=ScheduleRules)


@dataclass(frozen=True, slots=True)
class Connection:
    """
    One store tied to one backend. `warehouses` maps each Shopify location to the warehouses that serve it.

    Until it is `started`, it is being set up, and the hub does nothing for it.
    """

    id: ConnectionId
    store: ShopDomain
    backend: str
    flows: frozenset[Flow]
    rules: Rules
    warehouses: Mapping[LocationId, tuple[WarehouseCode, ...]]
    shadow_since: datetime | None = None
    """Since when it writes nothing on either side, and only notes what it would; None where it writes."""
    started: bool = True


def _at_least(least: int, number: int | None, name: str, unit: str) -> None:
    if number is not None and number < least:
        raise UsageError(f"{name} cannot be {number}. Give {least} {unit} or more.")


def _refuse_kit(kit: ItemCode, components: Mapping[ItemCode, int], kits: Mapping[ItemCode, object]) -> None:
    if not components:
        raise UsageError(f"inventory.kits says of {kit} that it has no components. Name them, or leave it out.")
    for component, units in components.items():
        _at_least(1, units, f"inventory.kits: the units of {component} in {kit}", "units")
        if component in kits:
            raise UsageError(
                f"inventory.kits: {component} is a kit and a component of {kit}. Name what {component} is made of."
            )
