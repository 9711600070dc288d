from typing import Any

import pytest
from tests.standin.standin_asking import ORDER_CREATE, Shop

CREATE = """mutation($input: CustomerInput!) { customerCreate(input: $input) {
  customer { id email displayName tags defaultAddress { formattedArea } } userErrors { field message } } }"""
SET = """mutation($identifier: CustomerSetIdentifiers, $input: CustomerSetInput!) {
  customerSet(identifier: $identifier, input: $input) { customer { id displayName } userErrors { field message code } }
}"""
DELETE = (
    """mutation($id: ID!) { customerDelete(input: {id: $id}) { deletedCustomerId userErrors { field message } } }"""
)
FIND = "query($words: String!) { customers(first: 10, query: $words, sortKey: NAME) { nodes { displayName } } }"
ADDRESS = """mutation($id: ID!, $address: MailingAddressInput!, $default: Boolean) {
  customerAddressCreate(customerId: $id, address: $address, setAsDefault: $default) { address { id }
  userErrors { message } } }"""


def made(shop: Shop, **given: Any) -> dict[str, Any]:
    customer: dict[str, Any] = shop.do(CREATE, input=given)["customer"]
    return customer


def test_an_email_address_belongs_to_one_customer(shop: Shop) -> None:
    made(shop, email="ada@example.com")

    errors = shop.errors(CREATE, input={"email": "ADA@example.com"})

    assert errors == [{"field": ["email"], "message": "Email has already been taken"}]


@pytest.mark.parametrize(
    ("given", "path"),
    [({"email": "ada at home"}, ["email"]), ({"phone": "12"}, ["phone"]), ({"note": "nobody"}, None)],
)
def test_nobody_is_made_of_nothing(shop: Shop, given: dict[str, str], path: list[str] | None) -> None:
    errors = shop.errors(CREATE, input=given)

    assert [error["field"] for error in errors] == [path]


def test_consent_cannot_be_slipped_into_an_update(shop: Shop) -> None:
    ada = made(shop, email="ada@example.com")
    update = "mutation($input: CustomerInput!) { customerUpdate(input: $input) { userErrors { field message } } }"

    given = {"id": ada["id"], "emailMarketingConsent": {"marketingState": "SUBSCRIBED"}}
    errors = shop.errors(update, input=given)

    assert errors[0]["field"] == ["emailMarketingConsent"]


def test_setting_makes_a_customer_once(shop: Shop) -> None:
    by_email = {"email": "ada@example.com"}

    first = shop.do(SET, identifier=by_email, input={"firstName": "Ada"})["customer"]
    second = shop.do(SET, identifier=by_email, input={"firstName": "Ada", "lastName": "King"})["customer"]

    assert second == {"id": first["id"], "displayName": "Ada King"}


def test_an_order_by_email_makes_its_customer(shop: Shop) -> None:
    price = {"shopMoney": {"amount": "1.00", "currencyCode": "USD"}}
    lines = [{"title": "Mug", "quantity": 1, "priceSet": price}]
    shop.do(ORDER_CREATE, order={"email": "ada@example.com", "lineItems": lines})

    query = '{ customers(first: 1, query: "email:ada@example.com") { nodes { id numberOfOrders canDelete } } }'
    ada = shop.ask(query)["customers"]["nodes"][0]
    errors = shop.errors(DELETE, id=ada["id"])

    assert (ada["numberOfOrders"], ada["canDelete"]) == ("1", False)
    assert errors[0]["message"] == "Customer can't be deleted because they have associated orders"


def test_searches_combine_country_state_and_tags(shop: Shop) -> None:
    ottawa = {"city": "Ottawa", "provinceCode": "ON", "countryCode": "CA"}
    seattle = {"city": "Seattle", "provinceCode": "WA", "countryCode": "US"}
    made(shop, firstName="Ada", tags=["vip"], addresses=[ottawa])
    made(shop, firstName="Bob", tags=["vip"], addresses=[seattle])
    made(shop, firstName="Cy", tags=["new"], addresses=[ottawa])

    def found(query: str) -> list[str]:
        return [row["displayName"] for row in shop.ask(FIND, words=query)["customers"]["nodes"]]

    assert found("country:Canada tag:vip") == ["Ada"]
    assert found("(tag:vip OR tag:new) state:DISABLED") == ["Ada", "Bob", "Cy"]
    assert found("tag:vip -country:CA") == ["Bob"]


def test_the_default_address_is_the_first_until_another_is_chosen(shop: Shop) -> None:
    ada = made(shop, firstName="Ada")
    query = "query($id: ID!) { customer(id: $id) { defaultAddress { formattedArea } } }"
    towns = []
    for city, default in (("Ottawa", None), ("Hull", False), ("Toronto", True)):
        address = {"city": city, "provinceCode": "ON", "countryCode": "CA"}
        shop.do(ADDRESS, id=ada["id"], address=address, default=default)
        towns.append(shop.ask(query, id=ada["id"])["customer"]["defaultAddress"]["formattedArea"])

    assert towns == ["Ottawa ON, Canada", "Ottawa ON, Canada", "Toronto ON, Canada"]


def test_paging_goes_on_past_a_customer_who_is_gone(shop: Shop) -> None:
    people = [made(shop, firstName=name) for name in ("Ada", "Bob", "Cy")]
    page = "query($after: String) { customers(first: 2, after: $after, sortKey: NAME) { nodes { displayName }\n"
    page += "pageInfo { endCursor } } }"
    first = shop.ask(page, after=None)["customers"]
    shop.do(DELETE, id=people[1]["id"])

    second = shop.ask(page, after=first["pageInfo"]["endCursor"])["customers"]

    assert [row["displayName"] for row in second["nodes"]] == ["Cy"]


def test_counting_by_words_fails_open_and_says_so(shop: Shop, standin: Any) -> None:
    made(shop, firstName="Ada")

    answer = standin.graphql('{ customersCount(query: "bob") { count } }')

    warning = answer["extensions"]["search"][0]["warnings"][0]
    assert answer["data"]["customersCount"] == {"count": 1}
    assert warning["code"] == "missing_named_field"


def test_two_customers_become_one_with_all_their_orders(shop: Shop) -> None:
    one = made(shop, email="ada@example.com", firstName="Ada", tags=["vip"])
    two = made(shop, phone="+16135550127", lastName="King", tags=["erp"])
    price = {"shopMoney": {"amount": "1.00", "currencyCode": "USD"}}
    lines = [{"title": "Mug", "quantity": 1, "priceSet": price}]
    shop.do(ORDER_CREATE, order={"customerId": two["id"], "lineItems": lines})

    merge = """mutation($one: ID!, $two: ID!) { customerMerge(customerOneId: $one, customerTwoId: $two) {
      resultingCustomerId job { id } userErrors { message } } }"""
    kept = shop.do(merge, one=one["id"], two=two["id"])["resultingCustomerId"]

    query = "query($id: ID!) { customer(id: $id) { displayName email phone tags numberOfOrders } }"
    assert kept == one["id"]
    assert shop.ask(query, id=kept)["customer"] == {
        "displayName": "Ada King",
        "email": "ada@example.com",
        "phone": "+16135550127",
        "tags": ["erp", "vip"],
        "numberOfOrders": "1",
    }
    assert shop.ask(query, id=two["id"])["customer"] is None


def test_who_is_to_get_a_gift_card_cannot_be_deleted_before(shop: Shop) -> None:
    ada = made(shop, email="ada@example.com")
    create = """mutation($input: GiftCardCreateInput!) { giftCardCreate(input: $input) {
      giftCard { id balance { amount } } userErrors { field message code } } }"""
    recipient = {"id": ada["id"], "sendNotificationAt": "2999-01-01T00:00:00Z"}
    shop.do(create, input={"initialValue": "25.00", "recipientAttributes": recipient})

    errors = shop.errors(DELETE, id=ada["id"])

    message = "Customer can't be deleted because they are the recipient of an unsent scheduled gift card"
    assert errors == [{"field": ["id"], "message": message}]


def test_a_gift_card_is_spent_and_no_further(shop: Shop) -> None:
    create = """mutation { giftCardCreate(input: {initialValue: "25.00"}) {
      giftCard { id initialValue { currencyCode } } userErrors { message } } }"""
    card = shop.do(create)["giftCard"]
    debit = """mutation($id: ID!, $money: MoneyInput!) { giftCardDebit(id: $id, debitInput: {debitAmount: $money}) {
      giftCardDebitTransaction { amount { amount } giftCard { balance { amount } } }
      userErrors { field message code } } }"""
    money = {"amount": "20.00", "currencyCode": card["initialValue"]["currencyCode"]}

    spent = shop.do(debit, id=card["id"], money=money)["giftCardDebitTransaction"]
    refused = shop.errors(debit, id=card["id"], money=money)

    assert spent == {"amount": {"amount": "-20.0"}, "giftCard": {"balance": {"amount": "5.0"}}}
    assert refused[0]["code"] == "INSUFFICIENT_FUNDS"


def test_tax_exemptions_are_added_once_and_replaced_whole(shop: Shop) -> None:
    ada = made(shop, firstName="Ada")
    change = """mutation($id: ID!, $kinds: [TaxExemption!]!) { VERB(customerId: $id, taxExemptions: $kinds) {
      customer { taxExemptions } userErrors { message } } }"""

    def after(verb: str, *kinds: str) -> list[str]:
        payload = shop.do(change.replace("VERB", verb), id=ada["id"], kinds=list(kinds))
        found: list[str] = payload["customer"]["taxExemptions"]
        return found

    assert after("customerAddTaxExemptions", "CA_BC_RESELLER_EXEMPTION") == ["CA_BC_RESELLER_EXEMPTION"]
    assert after("customerAddTaxExemptions", "CA_BC_RESELLER_EXEMPTION") == ["CA_BC_RESELLER_EXEMPTION"]
    assert after("customerReplaceTaxExemptions", "CA_STATUS_CARD_EXEMPTION") == ["CA_STATUS_CARD_EXEMPTION"]
    assert after("customerRemoveTaxExemptions", "CA_STATUS_CARD_EXEMPTION") == []


def test_where_marketing_was_allowed_is_kept(shop: Shop) -> None:
    made = shop.do(
        """mutation($input: CustomerInput!) { customerCreate(input: $input) { customer {
          defaultEmailAddress { marketingState sourceLocation { id } } emailMarketingConsent { sourceLocation { id } } }
          userErrors { message } } }""",
        input={
            "email": "ada@example.com",
            "emailMarketingConsent": {"marketingState": "SUBSCRIBED", "sourceLocationId": shop.location()},
        },
    )["customer"]

    place = {"id": shop.location()}
    assert made["defaultEmailAddress"] == {"marketingState": "SUBSCRIBED", "sourceLocation": place}
    assert made["emailMarketingConsent"] == {"sourceLocation": place}
