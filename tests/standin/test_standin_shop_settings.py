from tests.standin.standin_asking import Shop

POLICY = """mutation($given: ShopPolicyInput!) { shopPolicyUpdate(shopPolicy: $given) {
  shopPolicy { id title body } userErrors { field code } } }"""
CARRIER = """mutation($input: DeliveryCarrierServiceCreateInput!) { carrierServiceCreate(input: $input) {
  carrierService { id formattedName active } userErrors { field message code } } }"""


def test_a_policy_is_written_once_per_type(shop: Shop) -> None:
    first = shop.do(POLICY, given={"type": "REFUND_POLICY", "body": "<p>None</p>"})["shopPolicy"]

    again = shop.do(POLICY, given={"type": "REFUND_POLICY", "body": "<p>Some</p>"})["shopPolicy"]

    found = shop.ask("{ shop { shopPolicies { type body } } }")["shop"]["shopPolicies"]
    assert again == {"id": first["id"], "title": "Refund policy", "body": "<p>Some</p>"}
    assert found == [{"type": "REFUND_POLICY", "body": "<p>Some</p>"}]


def test_a_policy_has_a_limit(shop: Shop) -> None:
    errors = shop.errors(POLICY, given={"type": "LEGAL_NOTICE", "body": "x" * (512 * 1024 + 1)})

    assert errors == [{"field": ["shopPolicy", "body"], "code": "TOO_BIG"}]


def test_a_carrier_service_has_a_name_of_its_own(shop: Shop) -> None:
    given = {"name": "Rates", "callbackUrl": "https://rates.test/x", "active": True, "supportsServiceDiscovery": False}
    made = shop.do(CARRIER, input=given)["carrierService"]

    errors = shop.errors(CARRIER, input=given)

    found = shop.ask('{ carrierServices(first: 5, query: "active:true") { nodes { id } } }')["carrierServices"]
    assert made["formattedName"] == "Rates (Rates provided by app)"
    assert errors[0]["code"] == "CARRIER_SERVICE_CREATE_FAILED"
    assert found == {"nodes": [{"id": made["id"]}]}


def test_the_shop_is_where_its_first_location_is(shop: Shop) -> None:
    found = shop.ask("{ shop { shopAddress { city countryCodeV2 } } businessEntities { primary address { city } } }")

    assert found["shop"]["shopAddress"] == {"city": "Ottawa", "countryCodeV2": "CA"}
    assert found["businessEntities"] == [{"primary": True, "address": {"city": "Ottawa"}}]


def test_the_one_delivery_profile_ships_everything_from_where_online_orders_are_fulfilled(shop: Shop) -> None:
    variant = shop.variant("MUG")
    shop.another_location("Back room")

    query = """query($variant: ID!) { productVariant(id: $variant) { deliveryProfile { id name } }
      deliveryProfiles(first: 5) { nodes { id default originLocationCount productVariantsCount { count }
        profileItems(first: 5) { nodes { product { title } variants(first: 2) { nodes { id } } } }
        profileLocationGroups { locationGroup { id locations(first: 5) { nodes { name } } }
          countriesInAnyZone { zone country { code { countryCode restOfWorld } } }
          locationGroupZones(first: 5) { nodes { zone { name } methodDefinitions(first: 5) { nodes { name active
            rateProvider { ... on DeliveryRateDefinition { price { amount currencyCode } } } } } } } } } } }"""
    found = shop.ask(query, variant=variant.id)
    (profile,) = found["deliveryProfiles"]["nodes"]
    (group,) = profile["profileLocationGroups"]
    free = {"price": {"amount": "0.0", "currencyCode": "CAD"}}

    assert found["productVariant"]["deliveryProfile"] == {"id": profile["id"], "name": "General profile"}
    assert (profile["default"], profile["originLocationCount"], profile["productVariantsCount"]) == (
        True,
        2,
        {"count": 1},
    )
    assert profile["profileItems"]["nodes"][0]["variants"]["nodes"] == [{"id": variant.id}]
    assert group["locationGroup"]["locations"]["nodes"] == [{"name": "Back room"}, {"name": "Shop location"}]
    assert [x["country"]["code"] for x in group["countriesInAnyZone"]] == [
        {"countryCode": "CA", "restOfWorld": False},
        {"countryCode": None, "restOfWorld": True},
    ]
    assert [(x["zone"]["name"], x["methodDefinitions"]["nodes"]) for x in group["locationGroupZones"]["nodes"]] == [
        ("Domestic", [{"name": "Standard", "active": True, "rateProvider": free}]),
        ("International", [{"name": "International", "active": True, "rateProvider": free}]),
    ]
    assert shop.ask("query($id: ID!) { node(id: $id) { __typename } }", id=profile["id"]) == {
        "node": {"__typename": "DeliveryProfile"}
    }


def test_the_lists_of_the_root_are_the_shops_too(shop: Shop) -> None:
    variant = shop.variant("MUG")

    found = shop.ask("{ shop { productVariants(first: 5) { nodes { id } } locations(first: 5) { nodes { name } } } }")

    assert found["shop"] == {
        "productVariants": {"nodes": [{"id": variant.id}]},
        "locations": {"nodes": [{"name": "Shop location"}]},
    }
