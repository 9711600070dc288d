"""Carriers go to Shopify as it spells them, with a URL where it would make none."""

import pytest

from crossdock.flows.fulfillments.carriers import FOLLOWED_AT, LINKED, SAME_AS, as_shopify_says
from crossdock.model.connection import FulfillmentRules
from crossdock.model.request import Tracking

NO_RULES = FulfillmentRules()


@pytest.mark.parametrize(
    ("backend", "shopify"),
    [
        ("ups", "UPS"),
        ("Fed-Ex", "FedEx"),
        ("DHL_EXPRESS", "DHL Express"),
        ("Dhl Paket", "DHL"),
        ("United Parcel Service", "UPS"),
        ("österreichische post", "Österreichische Post"),
        ("Parcel Pigeons", "Parcel Pigeons"),
    ],
)
def test_a_carrier_is_spelled_as_shopify_does_and_an_unknown_one_as_the_backend_does(
    backend: str, shopify: str
) -> None:
    assert as_shopify_says(Tracking(backend, "T-1"), NO_RULES) == Tracking(shopify, "T-1", None)


def test_every_other_name_means_a_carrier_that_shopify_links() -> None:
    assert {spelled for spelled in SAME_AS.values() if spelled not in LINKED} == set()
    assert not set(FOLLOWED_AT) & set(LINKED)


def test_a_carrier_that_shopify_does_not_link_gets_a_url() -> None:
    told = as_shopify_says(Tracking("POSTI", "JJFI1"), NO_RULES)

    assert told == Tracking("Posti", "JJFI1", "https://www.posti.fi/en/tracking#/lahetys/JJFI1")


def test_rules_go_before_what_is_known() -> None:
    rules = FulfillmentRules(
        carriers={"ups": "UPS Mail Innovations"},
        tracking_urls={"UPS Mail Innovations": "https://mi.example/{number}"},
    )

    assert as_shopify_says(Tracking("UPS", "1Z"), rules) == Tracking(
        "UPS Mail Innovations", "1Z", "https://mi.example/1Z"
    )


def test_the_backends_own_url_goes_before_the_rules() -> None:
    rules = FulfillmentRules(tracking_urls={"UPS": "https://ups.example/{number}"})

    assert as_shopify_says(Tracking("UPS", "1Z", "https://theirs.example/1Z"), rules).url == "https://theirs.example/1Z"


def test_without_a_number_there_is_nothing_to_follow() -> None:
    rules = FulfillmentRules(tracking_urls={"UPS": "https://ups.example/{number}"})

    assert as_shopify_says(Tracking("UPS"), rules) == Tracking("UPS")
    assert as_shopify_says(Tracking(), rules) == Tracking()
