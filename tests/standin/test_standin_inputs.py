"""No input is ignored in silence, and no mutation breaks on a call that names nothing."""

import pytest
from tests.standin.standin_asking import Shop
from tests.standin.standin_bare_calls import bare_call
from tests.standin.standin_inputs import inputs_of, words_read_by

from shopify_standin.domain import enter_all
from shopify_standin.house.inputs import NOT_MODELLED, NOT_MODELLED_ARGUMENTS
from shopify_standin.registry import IDEMPOTENT, RESOLVERS
from shopify_standin.schema import VERSIONS, load_schema

enter_all()
VERSION = "2026-07"
MODELLED = sorted(name for kind, name in RESOLVERS if kind == "Mutation")
OUTSIDE = {"appUninstall", "appRevokeAccessScopes"}
"""Mutations that end the caller's token."""

UNSEEN = {
    "bulkOperationRunMutation.clientIdentifier": "nothing shows it again",
    "fulfillmentOrderAcceptFulfillmentRequest.estimatedShippedAt": "nothing shows it again",
    "fulfillmentOrderRejectFulfillmentRequest.lineItems": "nothing shows it again",
    "fulfillmentOrderRejectFulfillmentRequest.reason": "nothing shows it again",
    "fulfillmentServiceCreate.fulfillmentOrdersOptIn": "all services work with fulfillment orders",
    "fulfillmentServiceUpdate.fulfillmentOrdersOptIn": "all services work with fulfillment orders",
    "inventoryActivate.stockAtLegacyLocation": "no location is of the legacy kind",
    "orderCancel.notifyCustomer": "no mail is sent",
    "orderEditSetQuantity.locationId": "Shopify no longer supports it",
    "productDuplicate.includeTranslations": "products have no translations",
    "returnCancel.notifyCustomer": "no mail is sent",
    "reverseDeliveryCreateWithShipping.notifyCustomer": "no mail is sent",
    "reverseDeliveryShippingUpdate.notifyCustomer": "no mail is sent",
    **dict.fromkeys(
        ("EmailInput.bcc", "EmailInput.customMessage", "EmailInput.from", "EmailInput.subject"), "no mail is sent"
    ),
    "FulfillmentOrderHoldInput.notifyMerchant": "no mail is sent",
    "IncomingRequestLineItemInput.fulfillmentOrderLineItemId": "nothing shows it again",
    "OrderCreateOptionsInput.sendReceipt": "no mail is sent",
    "ProductUpdateInput.deleteConflictingConstrainedMetafields": "no definition has constraints",
    "RefundInput.notify": "no mail is sent",
    "ReturnApproveRequestInput.notifyCustomer": "no mail is sent",
    "ReturnApproveRequestInput.unprocessed": "lines are always processed by `returnProcess`",
    "ReturnDeclineRequestInput.notifyCustomer": "no mail is sent",
    "ReturnInput.notifyCustomer": "Shopify ignores it",
    "ReturnInput.unprocessed": "lines are always processed by `returnProcess`",
    "ReturnProcessInput.notifyCustomer": "no mail is sent",
    "ReturnRefundInput.notifyCustomer": "no mail is sent",
    "StagedUploadInput.fileSize": "the file itself tells its size",
    "StoreCreditAccountCreditInput.notify": "no mail is sent",
}
"""Inputs that change nothing an app could see here, with the reason."""

REFUSED_WHOLE = {
    "CustomerEmailMarketingConsentInput": {"customerUpdate"},
    "CustomerSmsMarketingConsentInput": {"customerUpdate"},
    "CustomerMarketingConsentInput": {"customerCreate", "customerUpdate"},
    "InventoryLevelInput": {"productVariantsBulkUpdate"},
}
"""Input types that these mutations refuse as a whole, whatever is in them."""


@pytest.mark.parametrize("name", MODELLED)
def test_each_input_of_a_mutation_is_read_or_refused_by_name(name: str) -> None:
    schema = load_schema(VERSION)
    assert schema.mutation_type
    field = schema.mutation_type.fields.get(name)
    if field is None:
        pytest.skip(f"{VERSION} has no {name}")
    read = words_read_by(RESOLVERS["Mutation", name])

    arguments = {f"{name}.{argument}" for argument in field.args if argument not in read}
    refused = {f"{name}.{argument}" for argument in NOT_MODELLED_ARGUMENTS.get(name, ())}
    ignored = {
        f"{kind}.{part}"
        for kind, part in inputs_of(name, field)
        if part not in read and name not in REFUSED_WHOLE.get(kind, ())
    }

    assert (arguments - refused) | ignored <= UNSEEN.keys()


def test_each_refused_input_is_in_some_version_of_the_schema() -> None:
    schemas = [load_schema(version) for version in VERSIONS]

    for name, fields in NOT_MODELLED.items():
        known = {part for schema in schemas for part in getattr(schema.type_map.get(name), "fields", ())}
        assert fields <= known, name
    for name, arguments in NOT_MODELLED_ARGUMENTS.items():
        found = [schema.mutation_type.fields[name].args for schema in schemas if schema.mutation_type]
        assert all(arguments <= args.keys() for args in found), name


def test_an_input_that_is_not_modelled_is_refused_by_its_name_before_anything_changes(shop: Shop) -> None:
    query = "mutation($product: ProductCreateInput!) { productCreate(product: $product) { product { id } } }"

    error = shop.refused(query, product={"title": "Cup", "claimOwnership": {"bundles": True}})

    assert error["message"] == "shopify-standin does not model ProductCreateInput.claimOwnership yet"
    assert error["extensions"]["code"] == "NOT_MODELLED"
    assert shop.ask("{ productsCount { count } }") == {"productsCount": {"count": 0}}


def test_an_input_that_says_nothing_is_no_reason_to_refuse(shop: Shop) -> None:
    query = """mutation($input: CollectionInput!) {
      collectionUpdate(input: $input) { collection { id } userErrors { field message } } }"""

    errors = shop.errors(query, input={"id": "gid://shopify/Collection/999", "redirectNewHandle": False})

    assert [error["field"] for error in errors] == [["id"]]


@pytest.mark.parametrize("name", [name for name in MODELLED if name not in OUTSIDE])
def test_no_mutation_breaks_on_ids_that_name_nothing(shop: Shop, name: str) -> None:
    schema = load_schema(VERSION)
    assert schema.mutation_type
    if name not in schema.mutation_type.fields:
        pytest.skip(f"{VERSION} has no {name}")
    query, variables = bare_call(schema, name, idempotent=name in IDEMPOTENT)

    answer = shop.standin.graphql(query, variables, VERSION)

    codes = {(error.get("extensions") or {}).get("code") for error in answer.get("errors", ())}
    assert not codes & {"INTERNAL_SERVER_ERROR", "INVALID_VARIABLE", "NOT_MODELLED", "BAD_REQUEST"}, answer["errors"]


def test_a_saved_search_narrows_nothing_in_silence(shop: Shop) -> None:
    error = shop.refused('{ orders(first: 1, savedSearchId: "gid://shopify/SavedSearch/1") { nodes { id } } }')

    assert error["message"] == "shopify-standin does not model QueryRoot.orders(savedSearchId:) yet"
