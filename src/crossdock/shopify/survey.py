"""What is asked of a store while it is set up: what the token may do, what is sold, what cannot be shipped."""

from collections.abc import Sequence

from crossdock.model.catalog import Good
from crossdock.model.names import Barcode, InventoryItemId, Sku
from crossdock.shopify.generated.admin import Admin
from crossdock.shopify.generated.goods_on_sale import GoodsOnSaleProductVariantsNodes
from crossdock.shopify.mapping.text import filled

_ONLY_VARIANT = " - Default Title"  # what Shopify calls the variant of a product that has but one (recorded 2026-04)
_TO_SHIP = "status:open AND fulfillment_status:unshipped"


async def granted_scopes(admin: Admin) -> frozenset[str]:
    """Return the scopes of the token."""
    installation = (await admin.granted_scopes()).current_app_installation
    return frozenset(scope.handle for scope in installation.access_scopes)


async def goods(admin: Admin, at_most: int) -> Sequence[Good]:
    """Return the first variants by id, `at_most` of them, rounded up to a page of 250."""
    found: list[Good] = []
    after: str | None = None
    while True:
        page = (await admin.goods_on_sale(after)).product_variants
        found += [_good(node) for node in page.nodes]
        after = page.page_info.end_cursor
        if not page.page_info.has_next_page or after is None or len(found) >= at_most:
            return found


async def orders_without_address(admin: Admin) -> Sequence[str]:
    """Return the names of open orders that are to be shipped and have no address, among the 250 changed last."""
    nodes = (await admin.orders_to_ship(_TO_SHIP)).orders.nodes
    return [node.name for node in nodes if node.requires_shipping and node.shipping_address is None]


def _good(node: GoodsOnSaleProductVariantsNodes) -> Good:
    sku, barcode = filled(node.sku), filled(node.barcode)
    return Good(
        inventory_item=InventoryItemId(node.inventory_item.id),
        title=node.display_name.removesuffix(_ONLY_VARIANT),
        sku=Sku(sku) if sku else None,
        barcode=Barcode(barcode) if barcode else None,
        tracked=node.inventory_item.tracked,
        archived=node.product.status == "ARCHIVED",
    )
