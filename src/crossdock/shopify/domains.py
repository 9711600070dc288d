"""Which hosts may be called at all: a host from input is never trusted before it looks like a shop."""

import re
from urllib.parse import urlsplit

from crossdock.kit.errors import UsageError
from crossdock.model.names import ShopDomain

# Shopify docs, authentication, 2026.
_SHOP = re.compile(r"[a-z0-9][a-z0-9-]*\.myshopify\.com")
_HANDLE = re.compile(r"[a-z0-9][a-z0-9-]*")
_ADMIN = "admin.shopify.com"


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


def shop_addressed(text: str) -> ShopDomain:
    """
    Return the shop that an address leads to, as a person copies it: a domain, the admin's address, any page's.

    `https://admin.shopify.com/store/acme/orders` and `https://acme.myshopify.com/admin` are acme.myshopify.com; so is
    `acme` alone. Raises UsageError where it is another host's: Shopify alone knows whose shop stands there.
    """
    written = text.strip().lower()
    try:
        parts = urlsplit(written if "://" in written else f"https://{written}")
        host = parts.hostname or ""
    except ValueError:
        return shop_domain(text)
    if host == _ADMIN:
        _, store, handle, *_ = [*parts.path.split("/"), "", "", ""]
        if store == "store" and _HANDLE.fullmatch(handle):
            return ShopDomain(f"{handle}.myshopify.com")
        raise UsageError(
            f"{text.strip()!r} does not say which store. Open the store there and copy the address again: it then "
            f"looks like {_ADMIN}/store/acme."
        )
    if _HANDLE.fullmatch(host):
        return ShopDomain(f"{host}.myshopify.com")
    if "." in host and not host.endswith(".myshopify.com"):
        raise UsageError(
            f"{host} is where customers find the store, and says nothing of which one it is at Shopify. Open the "
            f"store's admin and copy the address from there ({_ADMIN}/store/acme), or the name that ends in "
            "myshopify.com under Settings > Domains."
        )
    return shop_domain(host or text)
