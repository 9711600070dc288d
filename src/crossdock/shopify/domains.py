"""Which hosts may be called at all: a host from input is never trusted before it looks like a shop."""

import re

from crossdock.kit.errors import UsageError
from crossdock.model.names import ShopDomain

# Shopify docs, authentication, 2026.
_SHOP = re.compile(r"[a-z0-9][a-z0-9-]*\.myshopify\.com")


def shop_domain(text: str) -> ShopDomain:
    """
    Return `text` as a shop's domain, in lower case.

    Raises UsageError where it is none; then nothing may be sent there.
    """
    domain = text.strip().lower()
    if not _SHOP.fullmatch(domain):
        raise UsageError(
            f"{text!r} is not the domain of a Shopify store. It should look like acme.myshopify.com; "
            "it stands in the store's admin under Settings > Domains."
        )
    return ShopDomain(domain)
