"""`locations/*`: the REST location."""

from shopify_standin.clock import iso
from shopify_standin.errors import JsonObject
from shopify_standin.model.places import Location


def location_payload(place: Location) -> JsonObject:
    """The location as REST showed it."""
    address = place.address
    return {
        "id": place.id,
        "admin_graphql_api_id": place.gid,
        "name": place.name,
        "active": place.is_active,
        "legacy": place.service_id is not None,
        "address1": address.address1,
        "address2": address.address2,
        "city": address.city,
        "zip": address.zip,
        "province": address.province,
        "province_code": address.province_code,
        "country": address.country_code,
        "country_code": address.country_code,
        "country_name": address.country,
        "phone": address.phone,
        "created_at": iso(place.created_at),
        "updated_at": iso(place.updated_at),
    }
