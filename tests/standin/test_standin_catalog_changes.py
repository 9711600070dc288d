"""Changing products, variants, options and collections that are there."""

from typing import Any

import pytest
from tests.standin.standin_asking import PRODUCT_SET, Shop

from shopify_standin.testing import RunningStandin

CREATE = """mutation($product: ProductCreateInput!) { productCreate(product: $product) {
  product { id options { id optionValues { id name } } variants(first: 1) { nodes { id } } }
  userErrors { message } } }"""
UPDATE_VARIANTS = """mutation($id: ID!, $variants: [ProductVariantsBulkInput!]!, $partly: Boolean) {
  productVariantsBulkUpdate(productId: $id, variants: $variants, allowPartialUpdates: $partly) {
    productVariants { price barcode } userErrors { field message code } } }"""
UPDATE_OPTION = """mutation($id: ID!, $option: OptionUpdateInput!, $add: [OptionValueCreateInput!], $gone: [ID!],
    $how: ProductOptionUpdateVariantStrategy) {
  productOptionUpdate(productId: $id, option: $option, optionValuesToAdd: $add, optionValuesToDelete: $gone,
    variantStrategy: $how) { product { variants(first: 9) { nodes { title } } } userErrors { code } } }"""
REORDER = """mutation($id: ID!, $options: [OptionReorderInput!]!) {
  productOptionsReorder(productId: $id, options: $options) {
  product { options { name } variants(first: 9) { nodes { title } } } userErrors { code } } }"""
NOWHERE = "gid://shopify/ProductVariant/1"


def made(shop: Shop, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = shop.do(CREATE, product={"title": "Shirt", **more})["product"]
    return found


def variants(payload: dict[str, Any]) -> list[str]:
    return [row["title"] for row in payload["product"]["variants"]["nodes"]]


def test_variants_are_updated_all_or_none_unless_partly_is_allowed(shop: Shop) -> None:
    product = made(shop)
    good = {"id": product["variants"]["nodes"][0]["id"], "price": "12.5", "barcode": "42"}
    bad = {"id": NOWHERE, "price": "1"}

    error = shop.errors(UPDATE_VARIANTS, id=product["id"], variants=[good, bad])[0]
    assert (error["field"], error["code"]) == (["variants", "1", "id"], "PRODUCT_VARIANT_DOES_NOT_EXIST")
    assert shop.ask("{ productVariants(first: 1) { nodes { price } } }")["productVariants"]["nodes"] == [
        {"price": "0.00"}
    ]

    payload = shop.ask(UPDATE_VARIANTS, id=product["id"], variants=[good, bad], partly=True)
    assert payload["productVariantsBulkUpdate"]["productVariants"] == [{"price": "12.50", "barcode": "42"}]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"price": "-1"}, "GREATER_THAN_OR_EQUAL_TO"),
        (
            {"inventoryQuantities": [{"locationId": "gid://shopify/Location/1", "availableQuantity": 1}]},
            "NO_INVENTORY_QUANTITIES_ON_VARIANTS_UPDATE",
        ),
    ],
)
def test_what_no_variant_can_become_is_refused(shop: Shop, given: dict[str, Any], code: str) -> None:
    product = made(shop)
    entry = {"id": product["variants"]["nodes"][0]["id"], **given}

    assert shop.errors(UPDATE_VARIANTS, id=product["id"], variants=[entry])[0]["code"] == code


def test_metafields_of_variants_are_set_or_the_variants_refused(shop: Shop) -> None:
    product = made(shop)
    number = product["variants"]["nodes"][0]["id"]
    field = {"namespace": "custom", "key": "bin", "type": "number_integer"}

    def updated(value: str) -> dict[str, Any]:
        entry = {"id": number, "price": "3", "metafields": [{**field, "value": value}]}
        answer = shop.ask(UPDATE_VARIANTS, id=product["id"], variants=[entry])
        found: dict[str, Any] = answer["productVariantsBulkUpdate"]
        return found

    read = '{ productVariants(first: 1) { nodes { price metafield(namespace: "custom", key: "bin") { value } } } }'
    assert updated("twelve")["userErrors"][0]["code"] == "INVALID_INPUT"
    assert shop.ask(read)["productVariants"]["nodes"] == [{"price": "0.00", "metafield": None}]
    assert updated("12")["userErrors"] == []
    assert shop.ask(read)["productVariants"]["nodes"] == [{"price": "3.00", "metafield": {"value": "12"}}]


def test_a_product_set_again_loses_the_variants_left_out(shop: Shop) -> None:
    def sized(*sizes: str) -> dict[str, Any]:
        return {
            "handle": "shirt",
            "title": "Shirt",
            "productOptions": [{"name": "Size", "values": [{"name": size} for size in sizes]}],
            "variants": [{"optionValues": [{"optionName": "Size", "name": size}], "sku": size} for size in sizes],
        }

    first = shop.do(PRODUCT_SET, input=sized("S", "M"))["product"]
    again = """mutation($input: ProductSetInput!) { productSet(input: $input, identifier: {handle: "shirt"}) {
      product { id variants(first: 9) { nodes { id sku } } } userErrors { message } } }"""
    second = shop.do(again, input=sized("M", "L"))["product"]

    assert second["id"] == first["id"]
    assert [row["sku"] for row in second["variants"]["nodes"]] == ["M", "L"]
    assert second["variants"]["nodes"][0]["id"] == first["variants"]["nodes"][1]["id"]


def test_variants_without_options_cannot_be_set(shop: Shop) -> None:
    variant = {"optionValues": [{"optionName": "Size", "name": "S"}]}

    assert shop.errors(PRODUCT_SET, input={"title": "x", "variants": [variant]})[0]["code"] == (
        "PRODUCT_OPTIONS_INPUT_MISSING"
    )


def test_a_deleted_product_takes_its_variants_along(shop: Shop) -> None:
    delete = "mutation($id: ID!) { productDelete(input: {id: $id}) { deletedProductId userErrors { message } } }"
    product = made(shop)["id"]

    assert shop.do(delete, id=product)["deletedProductId"] == product
    assert shop.ask("{ productVariantsCount { count } }")["productVariantsCount"]["count"] == 0
    assert shop.errors(delete, id=product) == [{"message": "Product does not exist"}]


def test_products_are_deleted_and_copied_in_the_background_too(shop: Shop, standin: RunningStandin) -> None:
    product = made(shop)["id"]
    copy = shop.do(
        """mutation($id: ID!) { productDuplicate(productId: $id, newTitle: "Copy", synchronous: false) {
          newProduct { id } productDuplicateOperation { id } userErrors { message } } }""",
        id=product,
    )
    assert copy["newProduct"] is None
    standin.advance(1)
    read = """query($id: ID!) { productOperation(id: $id) {
      ... on ProductDuplicateOperation { newProduct { title } } } }"""
    operation = copy["productDuplicateOperation"]["id"]
    assert shop.ask(read, id=operation)["productOperation"] == {"newProduct": {"title": "Copy"}}

    shop.do(
        """mutation($id: ID!) { productDelete(input: {id: $id}, synchronous: false) {
          productDeleteOperation { id } userErrors { message } } }""",
        id=product,
    )
    standin.advance(1)
    assert shop.ask("query($id: ID!) { product(id: $id) { id } }", id=product)["product"] is None


def test_a_value_added_under_management_brings_its_variants_and_a_deleted_one_takes_them(shop: Shop) -> None:
    product = made(shop, productOptions=[{"name": "Color", "values": [{"name": "Red"}]}])
    option = product["options"][0]
    change = {"id": product["id"], "option": {"id": option["id"]}}

    assert variants(shop.do(UPDATE_OPTION, **change, add=[{"name": "Blue"}], how="MANAGE")) == ["Red", "Blue"]
    red = option["optionValues"][0]["id"]
    assert shop.errors(UPDATE_OPTION, **change, gone=[red]) == [{"code": "OPTION_VALUE_HAS_VARIANTS"}]
    assert variants(shop.do(UPDATE_OPTION, **change, gone=[red], how="MANAGE")) == ["Blue"]


def test_reordered_options_and_values_reorder_the_variants(shop: Shop) -> None:
    options = [
        {"name": "Color", "values": [{"name": "Red"}, {"name": "Blue"}]},
        {"name": "Size", "values": [{"name": "S"}]},
    ]
    both = [
        {"optionValues": [{"optionName": "Color", "name": color}, {"optionName": "Size", "name": "S"}]}
        for color in ("Red", "Blue")
    ]
    product = shop.do(PRODUCT_SET, input={"title": "x", "productOptions": options, "variants": both})["product"]["id"]

    blue_first = [{"name": "Size"}, {"name": "Color", "values": [{"name": "Blue"}, {"name": "Red"}]}]
    payload = shop.do(REORDER, id=product, options=blue_first)

    assert [row["name"] for row in payload["product"]["options"]] == ["Size", "Color"]
    assert variants(payload) == ["S / Blue", "S / Red"]
    assert shop.errors(REORDER, id=product, options=[{"name": "Weight"}]) == [{"code": "OPTION_NAME_DOES_NOT_EXIST"}]
    assert shop.errors(REORDER, id=product, options=[{"name": "Size"}]) == [{"code": "MISSING_OPTION_NAME"}]


def test_a_collection_is_filled_emptied_renamed_and_deleted(shop: Shop) -> None:
    product = made(shop)["id"]
    made_collection = shop.do(
        """mutation { collectionCreate(input: {title: "Summer"}) { collection { id } userErrors { message } } }"""
    )["collection"]["id"]
    both = {"id": made_collection, "products": [product]}

    shop.do(
        """mutation($id: ID!, $products: [ID!]!) { collectionAddProducts(id: $id, productIds: $products) {
          userErrors { message } } }""",
        **both,
    )
    read = """query($id: ID!) { collection(id: $id) { title updatedAt productsCount { count } } }"""
    assert shop.ask(read, id=made_collection)["collection"]["productsCount"]["count"] == 1
    shop.do(
        """mutation($id: ID!, $products: [ID!]!) { collectionRemoveProducts(id: $id, productIds: $products) {
          userErrors { message } } }""",
        **both,
    )
    shop.do(
        """mutation($id: ID!) { collectionUpdate(input: {id: $id, title: "Autumn"}) { userErrors { message } } }""",
        id=made_collection,
    )
    told = shop.ask(read, id=made_collection)["collection"]
    assert (told["title"], told["productsCount"]["count"]) == ("Autumn", 0)
    shop.do(
        """mutation($id: ID!) { collectionDelete(input: {id: $id}) { deletedCollectionId userErrors { message } } }""",
        id=made_collection,
    )
    assert shop.ask(read, id=made_collection)["collection"] is None


def test_nothing_is_put_by_hand_into_a_smart_collection(shop: Shop) -> None:
    rules = {"appliedDisjunctively": True, "rules": [{"column": "TITLE", "relation": "CONTAINS", "condition": "shi"}]}
    made_collection = shop.do(
        """mutation($c: CollectionInput!) { collectionCreate(input: $c) { collection {
          id ruleSet { appliedDisjunctively } } userErrors { message } } }""",
        c={"title": "Shirts", "ruleSet": rules},
    )["collection"]
    product = made(shop)["id"]

    errors = shop.errors(
        """mutation($id: ID!, $products: [ID!]!) { collectionAddProducts(id: $id, productIds: $products) {
          userErrors { message } } }""",
        id=made_collection["id"],
        products=[product],
    )
    assert errors == [{"message": "Can't manually add products to a smart collection"}]
    read = "query($id: ID!, $product: ID!) { collection(id: $id) { hasProduct(id: $product) } }"
    assert shop.ask(read, id=made_collection["id"], product=product)["collection"] == {"hasProduct": True}


def test_products_are_found_by_every_name_they_have(shop: Shop) -> None:
    product = made(shop, vendor="Kite", productType="Top", tags=["b", "a"])["id"]

    told = shop.ask(
        """{ byHandle: productByHandle(handle: "shirt") { id }
          byIdentifier: productByIdentifier(identifier: {handle: "shirt"}) { id }
          productTags(first: 9) { nodes } productTypes(first: 9) { nodes } productVendors(first: 9) { nodes }
          products(first: 5, query: "vendor:Kite AND tag_not:c") { nodes { id } } }"""
    )
    assert told["byHandle"] == told["byIdentifier"] == {"id": product}
    assert told["productTags"]["nodes"] == ["a", "b"]
    assert (told["productTypes"]["nodes"], told["productVendors"]["nodes"]) == (["Top"], ["Kite"])
    assert told["products"]["nodes"] == [{"id": product}]


def test_a_root_of_the_taxonomy_is_named_and_what_lies_deeper_is_not_made_up(shop: Shop) -> None:
    made(shop, category="gid://shopify/TaxonomyCategory/ap")
    deep = made(shop, category="gid://shopify/TaxonomyCategory/ap-2-7")["id"]

    query = "{ products(first: 1) { nodes { category { name isRoot parentId level } } } }"
    assert shop.ask(query)["products"]["nodes"][0]["category"] == {
        "name": "Animals & Pet Supplies",
        "isRoot": True,
        "parentId": None,
        "level": 1,
    }
    read = "query($id: ID!) { product(id: $id) { category { level parentId } } }"
    assert shop.ask(read, id=deep)["product"]["category"] == {
        "level": 3,
        "parentId": "gid://shopify/TaxonomyCategory/ap-2",
    }
    named = shop.refused("query($id: ID!) { product(id: $id) { category { name } } }", id=deep)
    assert named["extensions"]["code"] == "NOT_MODELLED"
