"""Addresses out of the address inputs of orders, customers and locations."""

from typing import Any

from shopify_standin.geography import country_code, province_code
from shopify_standin.model.places import Address


def address_from(given: dict[str, Any]) -> Address:
    """An address out of an address input of any kind; older ones name country and province in words."""
    country = given.get("countryCode") or country_code(given.get("country"))
    return Address(
        first_name=given.get("firstName"),
        last_name=given.get("lastName"),
        company=given.get("company"),
        address1=given.get("address1"),
        address2=given.get("address2"),
        city=given.get("city"),
        zip=given.get("zip"),
        province_code=given.get("provinceCode") or province_code(country, given.get("province")),
        country_code=country,
        phone=given.get("phone"),
    )
