"""Money: exact decimals inside, Shopify's strings outside."""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from shopify_standin.errors import JsonObject

CENT = Decimal("0.01")


def decimal_text(amount: Decimal) -> str:
    """`Decimal` scalar as in MoneyV2: no needless zeros, but one decimal at least (`20.0`, recorded 2026-04)."""
    text = format(amount.normalize(), "f")
    return text if "." in text else f"{text}.0"


def money_text(amount: Decimal) -> str:
    """`Money` scalar as in prices: two decimals (`20.00`)."""
    return format(amount.quantize(CENT), "f")


SMALLEST = (
    dict.fromkeys(["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX"], Decimal(1))
    | dict.fromkeys(["VND", "VUV", "XAF", "XOF", "XPF"], Decimal(1))
    | dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], Decimal("0.001"))
)
"""The smallest unit of the currencies that have other than cents (ISO 4217)."""


@dataclass(frozen=True, slots=True)
class Bag:
    """An amount in the shop's currency and in the customer's; None for `currencies` means that both have cents."""

    shop: Decimal
    presentment: Decimal
    currencies: "Currencies | None" = field(default=None, compare=False)

    def __add__(self, other: "Bag") -> "Bag":
        return Bag(self.shop + other.shop, self.presentment + other.presentment, self.currencies or other.currencies)

    def __sub__(self, other: "Bag") -> "Bag":
        return Bag(self.shop - other.shop, self.presentment - other.presentment, self.currencies or other.currencies)

    def __mul__(self, times: int) -> "Bag":
        return Bag(self.shop * times, self.presentment * times, self.currencies)

    def part(self, ratio: Decimal) -> "Bag":
        """A share of it, rounded to the smallest unit of each currency; `ratio` 0.25 is a quarter."""
        known = self.currencies
        shop, presentment = (known.shop, known.presentment) if known else ("", "")
        return Bag(
            (self.shop * ratio).quantize(SMALLEST.get(shop, CENT), ROUND_HALF_UP),
            (self.presentment * ratio).quantize(SMALLEST.get(presentment, CENT), ROUND_HALF_UP),
            known,
        )

    def at_most(self, other: "Bag") -> "Bag":
        """The smaller of both."""
        return self if self.shop <= other.shop else other


NOTHING = Bag(Decimal(0), Decimal(0))


@dataclass(frozen=True, slots=True)
class Currencies:
    """The currencies in which an order's bags are read."""

    shop: str
    presentment: str

    def show(self, bag: Bag) -> JsonObject:
        """A `MoneyBag`."""
        return {
            "shopMoney": {"amount": decimal_text(bag.shop), "currencyCode": self.shop},
            "presentmentMoney": {"amount": decimal_text(bag.presentment), "currencyCode": self.presentment},
        }

    def rest(self, bag: Bag) -> JsonObject:
        """A `*_set` as webhooks carry it."""
        return {
            "shop_money": {"amount": money_text(bag.shop), "currency_code": self.shop},
            "presentment_money": {"amount": money_text(bag.presentment), "currency_code": self.presentment},
        }
