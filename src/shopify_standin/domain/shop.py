"""The shop itself."""

from shopify_standin.clock import iso
from shopify_standin.errors import JsonObject
from shopify_standin.model.places import Shop
from shopify_standin.registry import RESOLVERS, Fields, query
from shopify_standin.schema import VERSIONS
from shopify_standin.world import World

SHOP = Fields("Shop")
SHOP.attributes(
    "name", "email", "taxesIncluded",
    id="gid", myshopifyDomain="domain", currencyCode="currency", contactEmail="email",
    orderNumberFormatPrefix="order_prefix", orderNumberFormatSuffix="order_suffix",
)  # fmt: skip
SHOP.constant(
    ianaTimezone="UTC", timezoneAbbreviation="UTC", timezoneOffset="+0000", timezoneOffsetMinutes=0,
    weightUnit="KILOGRAMS", unitSystem="METRIC_SYSTEM", checkoutApiSupported=True, setupRequired=False,
    taxShipping=False, description=None,
)  # fmt: skip

_PLAN_NAMES = {"standard": "Basic", "advanced": "Advanced", "plus": "Shopify Plus", "enterprise": "Enterprise"}


@query("shop")
def shop(world: World) -> Shop:
    """The one shop of this world."""
    return world.shop


@SHOP.field("plan")
def plan(shop: Shop) -> JsonObject:
    """Which sets the size of the bucket."""
    name = _PLAN_NAMES[shop.plan]
    return {
        "displayName": name,
        "publicDisplayName": name,
        "shopifyPlus": shop.plan in {"plus", "enterprise"},
        "partnerDevelopment": False,
    }


@SHOP.field("createdAt", "updatedAt")
def created_at(shop: Shop) -> str | None:
    """When the shop opened."""
    return iso(shop.created_at)


@SHOP.field("url")
def url(shop: Shop) -> str:
    """The shop's own address."""
    return f"https://{shop.domain}"


@SHOP.field("primaryDomain")
def primary_domain(shop: Shop) -> JsonObject:
    """The domain that customers see."""
    return {
        "id": f"gid://shopify/Domain/{shop.id}",
        "host": shop.domain,
        "url": f"https://{shop.domain}",
        "sslEnabled": True,
    }


@SHOP.field("enabledPresentmentCurrencies")
def presentment_currencies(shop: Shop) -> list[str]:
    """Currencies that customers may pay in."""
    return [shop.currency]


@query("publicApiVersions")
def public_api_versions(_world: World) -> list[JsonObject]:
    """The versions served here."""
    return [{"handle": v, "displayName": v, "supported": True} for v in VERSIONS]


_LISTS = (
    "assignedFulfillmentOrders", "collections", "customers", "fulfillmentOrders", "inventoryItems", "locations",
    "orders", "productVariants", "products",
)  # fmt: skip


def _enter_list(name: str) -> None:
    """Older callers find the lists of the root under the shop."""
    SHOP.field(name)(lambda _shop, call, args: RESOLVERS["QueryRoot", name](call.world, call, args))


for _name in _LISTS:
    _enter_list(_name)
