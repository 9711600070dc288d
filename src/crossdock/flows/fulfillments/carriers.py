"""Carriers in Shopify's spelling, and where packages can be followed that Shopify does not link."""

from collections.abc import Iterable, Mapping

from crossdock.model.connection import FulfillmentRules
from crossdock.model.request import Tracking

LINKED = (
    *("4PX", "ACS Courier", "Amazon", "Amazon Logistics UK", "An Post", "APC", "Asendia USA", "Australia Post"),
    *("BPost", "BPost International", "BRT", "Bring", "Canada Post", "Canpar", "China Post", "Chronopost"),
    *("Colis Privé", "Colissimo", "Correios", "Correos", "CTT", "CTT Express", "Cyprus Post", "Deutsche Post"),
    *("Deutsche Post (DE)", "Deutsche Post (EN)", "DHL", "DHL eCommerce", "DHL eCommerce Asia", "DHL Express"),
    *("DHL Parcel", "DPD", "DPD Ireland", "DPD Local", "DPD UK", "DX", "Estes", "Evri", "Fastway", "FedEx", "GLS"),
    *("GLS Italy", "Hermes", "Iceland Post", "Inpost", "Israel Post", "Japan Post (EN)", "Japan Post (JA)"),
    *("La Poste Colissimo", "Lasership", "Latvia Post", "Lietuvos Paštas", "Mondial Relay", "New Zealand Post"),
    *("NinjaVan", "OnTrac", "Österreichische Post", "Packeta", "Parcelforce", "Pitney Bowes", "Poste Italiane"),
    *("PostNL", "PostNord DK", "PostNord NO", "PostNord SE", "Purolator", "Royal Mail", "Sagawa (EN)", "Sagawa (JA)"),
    *("Sendle", "SEUR", "SF Express", "Singapore Post", "Speedy", "StarTrack", "Swiss Post", "Swiship", "TNT"),
    *("Toll IPEC", "Tuffnells", "UPS", "USPS", "Venipak", "Whistl", "Yamato (EN)", "Yamato (JA)", "Yodel"),
    *("YunExpress", "Zásilkovna"),
)
"""Carriers whose packages Shopify links by itself where they are spelled like this (Shopify docs, 2025-10)."""

SAME_AS = {
    "Austrian Post": "Österreichische Post",
    "Post AT": "Österreichische Post",
    "Bartolini": "BRT",
    "Belgian Post": "BPost",
    "DHL Germany": "DHL",
    "DHL DE": "DHL",
    "DHL Paket": "DHL",
    "DHL Parcel DE": "DHL",
    "DHL Worldwide Express": "DHL Express",
    "DPD DE": "DPD",
    "DPD Germany": "DPD",
    "DPD GB": "DPD UK",
    "Federal Express": "FedEx",
    "General Logistics Systems": "GLS",
    "GLS DE": "GLS",
    "GLS Germany": "GLS",
    "GLS IT": "GLS Italy",
    "Hermes DE": "Hermes",
    "Hermes UK": "Evri",
    "myHermes": "Evri",
    "NZ Post": "New Zealand Post",
    "PostNord Denmark": "PostNord DK",
    "PostNord Norway": "PostNord NO",
    "PostNord Sweden": "PostNord SE",
    "Post Italiane": "Poste Italiane",
    "Schweizerische Post": "Swiss Post",
    "Swisspost": "Swiss Post",
    "SingPost": "Singapore Post",
    "TNT Express": "TNT",
    "United Parcel Service": "UPS",
    "United States Postal Service": "USPS",
    "US Postal Service": "USPS",
}
"""Other names that systems have for them."""

FOLLOWED_AT = {
    "Nova Post": "https://novaposhta.ua/en/tracking/?cargo_number={number}",
    "Poczta Polska": "https://emonitoring.poczta-polska.pl/?numer={number}",
    "Posti": "https://www.posti.fi/en/tracking#/lahetys/{number}",
}
"""Where packages of carriers can be followed that Shopify does not link."""


def as_shopify_says(tracking: Tracking, rules: FulfillmentRules) -> Tracking:
    """
    Return the tracking in Shopify's words: the carrier as it spells it, and a URL where it would make none.

    Names are found whatever their case, blanks and punctuation; unknown ones stay as they are. What the rules say goes
    before what is known here, and a URL that the backend gave before both.
    """
    if tracking.carrier is None:
        return tracking
    carrier = _found(tracking.carrier, rules.carriers) or _NAMES.get(_folded(tracking.carrier)) or tracking.carrier
    url = tracking.url
    if url is None and tracking.number is not None:
        template = _found(carrier, rules.tracking_urls) or _found(tracking.carrier, rules.tracking_urls)
        template = template or _found(carrier, FOLLOWED_AT)
        url = template.replace("{number}", tracking.number) if template else None
    return Tracking(carrier, tracking.number, url)


def _folded(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _found(name: str, table: Mapping[str, str]) -> str | None:
    return next((value for known, value in table.items() if _folded(known) == _folded(name)), None)


def _by_folded(names: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    return {_folded(name): spelled for name, spelled in names}


_NAMES = _by_folded([*SAME_AS.items(), *((name, name) for name in (*LINKED, *FOLLOWED_AT))])
