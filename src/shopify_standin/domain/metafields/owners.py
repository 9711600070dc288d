"""What may own metafields: from a type's name to its `MetafieldOwnerType`, and from a global id to the object."""

from typing import Any

from shopify_standin.errors import InvalidId
from shopify_standin.ids import parse_gid
from shopify_standin.registry import NODES
from shopify_standin.world import World

OWNER_TYPES = {
    "AppInstallation": "API_PERMISSION",
    "Article": "ARTICLE",
    "Blog": "BLOG",
    "CartTransform": "CARTTRANSFORM",
    "Collection": "COLLECTION",
    "Company": "COMPANY",
    "CompanyLocation": "COMPANY_LOCATION",
    "Customer": "CUSTOMER",
    "DeliveryCustomization": "DELIVERY_CUSTOMIZATION",
    "DraftOrder": "DRAFTORDER",
    "FulfillmentConstraintRule": "FULFILLMENT_CONSTRAINT_RULE",
    "InventoryTransfer": "TRANSFER",
    "Location": "LOCATION",
    "Market": "MARKET",
    "Order": "ORDER",
    "Page": "PAGE",
    "PaymentCustomization": "PAYMENT_CUSTOMIZATION",
    "Product": "PRODUCT",
    "ProductVariant": "PRODUCTVARIANT",
    "SellingPlan": "SELLING_PLAN",
    "Shop": "SHOP",
    "Validation": "VALIDATION",
}


def find_owner(world: World, value: str) -> Any:
    """The object with this global id; None where there is none. Raises InvalidId for what can own nothing."""
    type_name, number = parse_gid(value)
    if type_name not in OWNER_TYPES:
        raise InvalidId(value)
    if type_name == "Shop":
        return world.shop if world.shop.id == number else None
    load = NODES.get(type_name)
    return None if load is None else load(world, number)
