"""What of a store's goods and orders would be held, found before they are. Pure but for the asking."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Protocol

from crossdock.edge.checks import Check, Verdict
from crossdock.kit.wording import counted
from crossdock.model.catalog import Good
from crossdock.model.connection import Connection, Field
from crossdock.model.flow import Flow

LOOKED_AT = 2500
"""How many variants are looked over: ten calls, while a person waits. The catalog flow looks at all of them."""

_NAMED = 3


class Survey(Protocol):
    """A store that can be looked over."""

    async def goods(self, at_most: int) -> Sequence[Good]:
        """Return what the store sells."""
        ...

    async def orders_without_address(self) -> Sequence[str]:
        """Return the names of open orders that are to be shipped nowhere."""
        ...


async def goods_and_orders(store: Survey, connection: Connection) -> list[Check]:
    """Look over what the store sells and what it has to ship, as far as the connection's flows concern it."""
    checks: list[Check] = []
    if Flow.CATALOG in connection.flows:
        checks += look_over(connection, await store.goods(LOOKED_AT))
    if Flow.ORDERS in connection.flows and Field.SHIPPING_ADDRESS in connection.rules.orders.required:
        checks.append(addresses(connection, await store.orders_without_address()))
    return checks


def look_over(connection: Connection, goods: Sequence[Good]) -> list[Check]:
    """Find what cannot be told apart, what cannot be found, and what is not sold."""
    about = f"Connection {connection.id}"
    return [_shared_skus(about, goods), _nameless(about, goods), _archived(about, goods)]


def addresses(connection: Connection, orders: Sequence[str]) -> Check:
    """Find orders that nobody could ship."""
    subject = f"Connection {connection.id}, addresses"
    if not orders:
        return Check(subject, Verdict.OK, "Every open order that is to be shipped has an address.")
    return Check(
        subject,
        Verdict.WARN,
        f"{counted(len(orders), 'open order')} to be shipped without a shipping address: {_some(orders)}.",
        "Fill in the address on the order in Shopify; it is held until then and goes on by itself.",
        "/holds",
    )


def _shared_skus(about: str, goods: Sequence[Good]) -> Check:
    subject = f"{about}, SKUs"
    by_sku: dict[str, list[Good]] = defaultdict(list)
    for good in goods:
        if good.sku:
            by_sku[good.sku].append(good)
    shared = [f"{sku} ({_some([one.title for one in some])})" for sku, some in by_sku.items() if len(some) > 1]
    if not shared:
        return Check(subject, Verdict.OK, "No two variants share a SKU.")
    return Check(
        subject,
        Verdict.WARN,
        f"{counted(len(shared), 'SKU')} on several variants: {_some(shared, '; ')}. Only one of them can be linked.",
        "Give each variant its own SKU in Shopify; what is held for it then goes on by itself.",
        "/holds",
    )


def _nameless(about: str, goods: Sequence[Good]) -> Check:
    subject = f"{about}, variants without a code"
    nameless = [good.title for good in goods if not good.sku and not good.barcode and not good.archived]
    if not nameless:
        return Check(subject, Verdict.OK, "Every variant has a SKU or a barcode.")
    return Check(
        subject,
        Verdict.WARN,
        f"{counted(len(nameless), 'variant')} with neither SKU nor barcode: {_some(nameless)}. No item can be found.",
        "Fill in the SKU in Shopify; orders with them are held until then.",
        "/holds",
    )


def _archived(about: str, goods: Sequence[Good]) -> Check:
    subject = f"{about}, archived products"
    archived = [good.title for good in goods if good.archived]
    if not archived:
        return Check(subject, Verdict.OK, "No product is archived.")
    return Check(
        subject,
        Verdict.WARN,
        f"{counted(len(archived), 'variant')} of archived products: {_some(archived)}. Shopify does not sell them, "
        "though their SKUs still count.",
        "Set the product to active in Shopify if it is to be sold, or delete it if it is not.",
    )


def _some(names: Sequence[str], between: str = ", ") -> str:
    rest = len(names) - _NAMED
    return between.join(names[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")
