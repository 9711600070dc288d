"""Money: exact decimals inside, Shopify's strings outside."""

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Bag:
    """An amount in the shop's currency and in the customer's."""

    shop: Decimal
    presentment: Decimal

    def __add__(self, other: "Bag") -> "Bag":
        return Bag(self.shop + other.shop, self.presentment + other.presentment)

    def __sub__(self, other: "Bag") -> "Bag":
        return Bag(self.shop - other.shop, self.presentment - other.presentment)

    def __mul__(self, times: int) -> "Bag":
        return Bag(self.shop * times, self.presentment * times)

    def part(self, ratio: Decimal) -> "Bag":
        """A share of it, rounded to cents; `ratio` 0.25 is a quarter."""
        shop, presentment = self.shop * ratio, self.presentment * ratio
        return Bag(shop.quantize(CENT, ROUND_HALF_UP), presentment.quantize(CENT, ROUND_HALF_UP))

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
