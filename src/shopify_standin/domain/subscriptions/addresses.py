"""
Where webhooks may go: HTTPS, Google Pub/Sub or Amazon EventBridge.

The messages are recorded (2026-04), but for those on the last two, which are assumed. Plain `http://` is refused
as Shopify refuses it, but for loopback addresses: tests have no certificates.
"""

import ipaddress
import re
from urllib.parse import urlsplit

SHOPIFY_HOSTS = (".myshopify.com", ".shopify.com", ".shopifycloud.com", ".shopifypreview.com")
_ARN = re.compile(r"^arn:aws:events:[a-z0-9-]+::event-source/aws\.partner/shopify\.com/[^/]+/.+$")
_PUBSUB = re.compile(r"^pubsub://[^:/]+:[^:/]+$")


def problem_of(address: str) -> str | None:
    """Why an address cannot be subscribed; None where it can."""
    if not address:
        return "Address can't be blank"
    if address.startswith("arn:"):
        return None if _ARN.match(address) else "Address is not a valid AWS ARN"
    if address.startswith("pubsub:"):
        return None if _PUBSUB.match(address) else "Address is not a valid GCP pub/sub address"
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme == "http" and not _is_loopback(host):
        return "Address protocol http:// is not supported"
    if parts.scheme not in {"http", "https"} or not host:
        return "Address is invalid"
    if f".{host}".endswith(SHOPIFY_HOSTS):
        return "Address cannot be a Shopify or an internal domain"
    return None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
