"""What customers allow the shop to send them (refusals recorded 2025-01)."""

from typing import Any

from shopify_standin.clock import moment_from
from shopify_standin.domain.customers.telling import customer_changed
from shopify_standin.errors import ApiError, JsonObject, NotModelled, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.customers import Consent, Customer
from shopify_standin.registry import Args, mutation
from shopify_standin.world import World

NOT_TO_BE_SET = frozenset({"NOT_SUBSCRIBED", "REDACTED", "INVALID"})
NO_EMAIL = "An email address is required to set the email marketing consent state."
NO_PHONE = "A phone number is required to set the SMS consent state."


def consent_from(world: World, given: dict[str, Any]) -> Consent:
    """A consent as given; raises ApiError for a state that only Shopify sets."""
    state = given["marketingState"]
    if state in NOT_TO_BE_SET:
        raise ApiError(f"Cannot specify {state} as a marketing state input", "INVALID")
    place = given.get("sourceLocationId")
    return Consent(
        state,
        given.get("marketingOptInLevel") or "SINGLE_OPT_IN",
        moment_from(given.get("consentUpdatedAt")) or world.now(),
        None if place is None else number_of(place, "Location"),
    )


def consents_at_creation(world: World, given: dict[str, Any]) -> tuple[Consent, Consent]:
    """Consent by e-mail and by text message of a new customer; raises Refused where the address is missing."""
    if given.get("whatsAppMarketingConsent"):
        raise NotModelled("CustomerInput", "whatsAppMarketingConsent")
    errors: list[JsonObject] = []
    if given.get("emailMarketingConsent") and not given.get("email"):
        errors.append(user_error(["emailMarketingConsent"], NO_EMAIL))
    if given.get("smsMarketingConsent") and not given.get("phone"):
        errors.append(user_error(["smsMarketingConsent"], NO_PHONE))
    if errors:
        raise Refused(*errors)
    email, sms = given.get("emailMarketingConsent"), given.get("smsMarketingConsent")
    return (consent_from(world, email) if email else Consent(), consent_from(world, sms) if sms else Consent())


def refuse_consent(given: dict[str, Any]) -> None:
    """Raise Refused where an update carries consent, which has mutations of its own."""
    names = {
        "emailMarketingConsent": "customerEmailMarketingConsentUpdate",
        "smsMarketingConsent": "customerSmsMarketingConsentUpdate",
        "whatsAppMarketingConsent": "customerWhatsAppMarketingConsentUpdate",
    }
    for name, mutation_name in names.items():
        if given.get(name) is not None:
            message = f"To update {name}, please use the {mutation_name} Mutation instead"
            raise Refused(user_error([name], message))


@mutation("customerEmailMarketingConsentUpdate")
def email_consent_update(world: World, args: Args) -> JsonObject:
    """Note what was allowed by e-mail."""
    given = args["input"]
    customer = _customer(world, given["customerId"])
    if customer.email is None:
        raise Refused(user_error(["input", "emailMarketingConsent"], NO_EMAIL, "INVALID"))
    customer.email_consent = consent_from(world, given["emailMarketingConsent"])
    customer_changed(world, customer, "CUSTOMERS_EMAIL_MARKETING_CONSENT_UPDATE")
    return {"customer": customer, "userErrors": []}


@mutation("customerSmsMarketingConsentUpdate")
def sms_consent_update(world: World, args: Args) -> JsonObject:
    """Note what was allowed by text message."""
    given = args["input"]
    customer = _customer(world, given["customerId"])
    if customer.phone is None:
        raise Refused(user_error(["input", "smsMarketingConsent"], NO_PHONE, "INVALID"))
    customer.sms_consent = consent_from(world, given["smsMarketingConsent"])
    customer_changed(world, customer, "CUSTOMERS_MARKETING_CONSENT_UPDATE")
    return {"customer": customer, "userErrors": []}


def _customer(world: World, value: str) -> Customer:
    customer = world.customers.get(number_of(value, "Customer"))
    if customer is None:
        raise Refused(user_error(["input", "customerId"], "Customer does not exist", "INVALID"))
    return customer
