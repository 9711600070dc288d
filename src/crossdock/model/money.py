"""Amounts with their currency, exact: decimals only, never a float."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

_PLACES = (
    dict.fromkeys(["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV"], 0)
    | dict.fromkeys(["XAF", "XOF", "XPF"], 0)
    | dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3)
    | dict.fromkeys(["CLF", "UYW"], 4)
)
"""Decimals of the currencies that have other than two (ISO 4217, 2026)."""


def places(currency: str) -> int:
    """Return how many decimals the currency has; two where it is not known to have others."""
    return _PLACES.get(currency, 2)


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount in one currency; shop money unless a name says otherwise."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        """Write it with the currency's decimals, or with more where it has more: nothing is rounded away."""
        shown = max(places(self.currency), _decimals(self.amount))
        return f"{self.amount:.{shown}f} {self.currency}"


@dataclass(frozen=True, slots=True)
class Currencies:
    """The currencies of one order: the shop's, in which books are kept, and the customer's."""

    shop: str
    presentment: str


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount of an order in its two currencies; each is Shopify's own figure, neither is converted by us."""

    shop: Decimal = Decimal(0)
    presentment: Decimal = Decimal(0)

    def __add__(self, other: "Amount") -> "Amount":
        """Add in both currencies."""
        return Amount(self.shop + other.shop, self.presentment + other.presentment)

    def __sub__(self, other: "Amount") -> "Amount":
        """Take away in both currencies."""
        return Amount(self.shop - other.shop, self.presentment - other.presentment)

    def __mul__(self, times: int) -> "Amount":
        """Multiply by a number of units."""
        return Amount(self.shop * times, self.presentment * times)

    def __bool__(self) -> bool:
        """Tell whether it is anything in either currency."""
        return bool(self.shop or self.presentment)

    def written(self, currencies: Currencies) -> str:
        """Write it as a person reads it: the shop's money, and the customer's behind it where that is another."""
        shop = str(Money(self.shop, currencies.shop))
        if currencies.shop == currencies.presentment:
            return shop
        return f"{shop} ({Money(self.presentment, currencies.presentment)})"


NOTHING = Amount()


def total(amounts: Sequence[Amount]) -> Amount:
    """Return the sum."""
    return sum(amounts, NOTHING)


def payable(net: Amount, tax: Amount, duties: Amount, *, taxes_included: bool, duties_included: bool) -> Amount:
    """Return what a customer pays for something: taxes and duties come on top unless prices contain them."""
    return net + (NOTHING if taxes_included else tax) + (NOTHING if duties_included else duties)


def divided(whole: Amount, weights: Sequence[int | Decimal], currencies: Currencies) -> tuple[Amount, ...]:
    """
    Divide an amount by weights so that the parts sum to it exactly, in each currency by itself.

    By largest remainder: each part is its share rounded down to the currency's smallest unit, and what is left goes,
    unit by unit, to the parts that lost most, the earlier first. Weights are not negative; where all are zero, the
    first part is the whole. Raises ValueError where there is no part.
    """
    if not weights:
        raise ValueError("An amount cannot be divided among no parts.")
    heavy = [index for index, weight in enumerate(weights) if weight] or [0]
    if not whole or len(heavy) == 1:
        return tuple(whole if index == heavy[0] else NOTHING for index in range(len(weights)))
    shop = _divided(whole.shop, weights, currencies.shop)
    presentment = _divided(whole.presentment, weights, currencies.presentment)
    return tuple(map(Amount, shop, presentment))


def _divided(whole: Decimal, weights: Sequence[int | Decimal], currency: str) -> list[Decimal]:
    # Shopify's own figure may be finer than the currency, as prices for each unit may be; then so are the parts.
    exponent = -max(places(currency), _decimals(whole))
    smallest = int(abs(whole).scaleb(-exponent))
    heavy = _whole_numbers(weights)
    divisor = sum(heavy)
    shares = [divmod(smallest * weight, divisor) for weight in heavy]
    parts = [share for share, _ in shares]
    left = smallest - sum(parts)
    if left:
        for index in sorted(range(len(parts)), key=lambda index: -shares[index][1])[:left]:
            parts[index] += 1
    sign = -1 if whole < 0 else 1
    return [Decimal(sign * part).scaleb(exponent) for part in parts]


def _whole_numbers(weights: Sequence[int | Decimal]) -> list[int]:
    """The same weights in proportion, without decimals."""
    finest = max((_decimals(weight) for weight in weights if isinstance(weight, Decimal)), default=0)
    return [int(weight * 10**finest) for weight in weights]


def _decimals(amount: Decimal) -> int:
    """How many decimals an amount needs; Shopify writes `20.0` and means 20."""
    exponent = amount.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
