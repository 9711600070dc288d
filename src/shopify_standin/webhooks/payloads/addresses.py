"""Addresses inside payloads."""

from shopify_standin.errors import JsonObject
from shopify_standin.model.places import Address


def address_payload(address: Address | None) -> JsonObject | None:
    """An address as REST showed it."""
    if address is None:
        return None
    return {
        "first_name": address.first_name,
        "last_name": address.last_name,
        "name": address.name,
        "company": address.company,
        "address1": address.address1,
        "address2": address.address2,
        "city": address.city,
        "province": address.province,
        "province_code": address.province_code,
        "country": address.country,
        "country_code": address.country_code,
        "zip": address.zip,
        "phone": address.phone,
        "latitude": None,
        "longitude": None,
    }
