"""`customers/*`: the REST customer; tags and consents have topics of their own (Shopify docs, 2026-07)."""

from shopify_standin.clock import iso
from shopify_standin.errors import JsonObject
from shopify_standin.model.customers import Consent, Customer
from shopify_standin.model.places import Address
from shopify_standin.webhooks.payloads.addresses import address_payload
from shopify_standin.world import World


def customer_payload(world: World, customer: Customer) -> JsonObject:
    """The whole customer."""
    addresses = [_address(customer, address) for address in customer.addresses]
    return {**customer_of_order(world, customer), "addresses": addresses}


def customer_of_order(world: World, customer: Customer) -> JsonObject:
    """The customer inside an order: only their first address."""
    default = customer.default_address
    return {
        "id": customer.id,
        "admin_graphql_api_id": customer.gid,
        "created_at": iso(customer.created_at),
        "updated_at": iso(customer.updated_at),
        "first_name": customer.first_name,
        "last_name": customer.last_name,
        "email": customer.email,
        "phone": customer.phone,
        "note": customer.note,
        "state": customer.state.lower(),
        "currency": world.shop.currency,
        "tax_exempt": customer.tax_exempt,
        "tax_exemptions": list(customer.tax_exemptions),
        "verified_email": True,
        "multipass_identifier": customer.multipass_identifier,
        "default_address": None if default is None else _address(customer, default),
    }


def _address(customer: Customer, address: Address) -> JsonObject:
    shown = {k: v for k, v in (address_payload(address) or {}).items() if k not in {"latitude", "longitude"}}
    return {
        "id": address.id,
        "customer_id": customer.id,
        **shown,
        "country_name": address.country,
        "default": address == customer.default_address,
    }


def _consent(consent: Consent) -> JsonObject:
    return {
        "state": consent.state.lower(),
        "opt_in_level": consent.level.lower(),
        "consent_updated_at": iso(consent.updated_at),
    }


def email_consent_payload(_world: World, customer: Customer) -> JsonObject:
    """`customers_email_marketing_consent/update`."""
    return {
        "customer_id": customer.id,
        "email_address": customer.email,
        "email_marketing_consent": _consent(customer.email_consent),
    }


def sms_consent_payload(_world: World, customer: Customer) -> JsonObject:
    """`customers_marketing_consent/update`."""
    consent = {**_consent(customer.sms_consent), "consent_collected_from": "other"}
    return {"id": customer.id, "phone": customer.phone, "sms_marketing_consent": consent}


def customer_gone(customer: Customer) -> JsonObject:
    """`customers/delete`."""
    return {"id": customer.id, "tax_exemptions": list(customer.tax_exemptions), "admin_graphql_api_id": customer.gid}


def merge_payload(kept: Customer, gone: Customer, job: str) -> JsonObject:
    """`customers/merge`."""
    return {
        "admin_graphql_api_customer_kept_id": kept.gid,
        "admin_graphql_api_customer_deleted_id": gone.gid,
        "admin_graphql_api_job_id": job,
        "status": "completed",
        "errors": [],
    }


def tags_payload(customer: Customer, tags: list[str], at: str | None) -> JsonObject:
    """`customer.tags_added` and `customer.tags_removed`."""
    return {"customerId": customer.gid, "tags": tags, "occurredAt": at}
