"""Tracking: one company per fulfillment, many numbers; known companies give their links by themselves."""

from itertools import zip_longest
from typing import Any

from shopify_standin.model.shipping import Tracking

LINKS = {
    "UPS": "https://www.ups.com/WebTracking?loc=en_US&requester=ST&trackNums={}",
    "FedEx": "https://www.fedex.com/fedextrack/?trknbr={}",
    "USPS": "https://tools.usps.com/go/TrackConfirmAction_input?qtc_tLabels1={}",
    "Canada Post": "https://www.canadapost-postescanada.ca/track-reperage/en#/search?searchFor={}",
    "DHL Express": "https://www.dhl.com/en/express/tracking.html?AWB={}&brand=DHL",
    "Royal Mail": "https://www.royalmail.com/track-your-item#/tracking-results/{}",
}
"""Companies whose links the stand-in knows; Shopify knows some hundred."""


def tracking_from(given: dict[str, Any]) -> list[Tracking]:
    """The parcels that a `FulfillmentTrackingInput` tells of."""
    company = given.get("company")
    numbers = given.get("numbers") or ([given["number"]] if given.get("number") else [])
    urls = given.get("urls") or ([given["url"]] if given.get("url") else [])
    if not numbers and not urls:
        return [] if company is None else [Tracking(None, None, company)]
    return [
        Tracking(number, url or _known_link(company, number), company) for number, url in zip_longest(numbers, urls)
    ]


def _known_link(company: str | None, number: str | None) -> str | None:
    link = LINKS.get(company or "")
    return link.format(number) if link and number else None
