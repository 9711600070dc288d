"""`customers/*`: the REST customer."""

from shopify_standin.clock import iso
from shopify_standin.errors import JsonObject
from shopify_standin.model.customers import Consent, Customer
from shopify_standin.model.places import Address
from shopify_standin.webhooks.payloads.addresses import address_payload


def customer_payload(customer: Customer) -> JsonObject:
    """The whole customer."""
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
        "tags": ", ".join(customer.tags),
        "tax_exempt": customer.tax_exempt,
        "tax_exemptions": list(customer.tax_exemptions),
        "verified_email": True,
        "multipass_identifier": customer.multipass_identifier,
        "default_address": None if default is None else _address(customer, default),
        "addresses": [_address(customer, address) for address in customer.addresses],
        "email_marketing_consent": None if customer.email is None else _consent(customer.email_consent),
        "sms_marketing_consent": None
        if customer.phone is None
        else {**_consent(customer.sms_consent), "consent_collected_from": "OTHER"},
    }


def _address(customer: Customer, address: Address) -> JsonObject:
    shown = address_payload(address) or {}
    return {"id": address.id, "customer_id": customer.id, **shown, "default": address == customer.default_address}


def _consent(consent: Consent) -> JsonObject:
    return {
        "state": consent.state.lower(),
        "opt_in_level": consent.level.lower(),
        "consent_updated_at": iso(consent.updated_at),
    }


def email_consent_payload(customer: Customer) -> JsonObject:
    """`customers_email_marketing_consent/update`."""
    return {
        "customer_id": customer.id,
        "email_address": customer.email,
        "email_marketing_consent": _consent(customer.email_consent),
    }


def sms_consent_payload(customer: Customer) -> JsonObject:
    """`customers_marketing_consent/update`."""
    consent = {**_consent(customer.sms_consent), "consent_collected_from": "OTHER"}
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
