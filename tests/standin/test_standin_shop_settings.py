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
