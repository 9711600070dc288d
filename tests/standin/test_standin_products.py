from typing import Any

import pytest
from tests.standin.standin_asking import Shop

from shopify_standin.testing import RunningStandin

CREATE = """mutation($product: ProductCreateInput!) { productCreate(product: $product) {
  product { id handle status vendor options { id name values optionValues { id name hasVariants } }
    variants(first: 20) { nodes { id title } } } userErrors { field message } } }"""
READ = """query($id: ID!) { product(id: $id) {
  title handle options { name values } variants(first: 20) { nodes { title position sku } } } }"""
BULK_CREATE = """mutation(
  $id: ID!, $variants: [ProductVariantsBulkInput!]!, $strategy: ProductVariantsBulkCreateStrategy) {
  productVariantsBulkCreate(productId: $id, variants: $variants, strategy: $strategy) {
    productVariants { id title } userErrors { field message code } } }"""
OPTIONS_CREATE = """mutation($id: ID!, $options: [OptionCreateInput!]!, $how: ProductOptionCreateVariantStrategy) {
  productOptionsCreate(productId: $id, options: $options, variantStrategy: $how) {
    product { id } userErrors { field message code } } }"""
RED_AND_BLUE = [{"name": "Color", "values": [{"name": "Red"}, {"name": "Blue"}]}]


def created(shop: Shop, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = shop.do(CREATE, product={"title": "Shirt", **more})["product"]
    return made


def titles(shop: Shop, product: str) -> list[str]:
    return [row["title"] for row in shop.ask(READ, id=product)["product"]["variants"]["nodes"]]


def test_a_new_product_has_one_variant_of_the_first_values_and_lists_only_values_in_use(shop: Shop) -> None:
    made = created(shop, productOptions=RED_AND_BLUE)

    assert [row["title"] for row in made["variants"]["nodes"]] == ["Red"]
    assert made["options"][0]["values"] == ["Red"]
    assert [(v["name"], v["hasVariants"]) for v in made["options"][0]["optionValues"]] == [
        ("Red", True),
        ("Blue", False),
    ]


def test_a_title_gives_the_handle_and_a_handle_taken_is_refused_when_it_was_asked_for(shop: Shop) -> None:
    assert [created(shop)["handle"] for _ in range(2)] == ["shirt", "shirt-1"]

    error = shop.errors(CREATE, product={"title": "Other", "handle": "shirt"})[0]
    assert error["message"] == "Handle 'shirt' already in use. Please provide a new handle."


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"title": " "}, "Title can't be blank"),
        ({"title": "x" * 256}, "Title is too long (maximum is 255 characters)"),
        ({"title": "x", "productOptions": [{"name": "A / B", "values": [{"name": "c"}]}]},
         'Name cannot contain the character sequence " / "'),
    ],
)  # fmt: skip
def test_what_no_product_can_be_is_refused(shop: Shop, given: dict[str, Any], message: str) -> None:
    assert shop.errors(CREATE, product=given)[0]["message"] == message


def test_a_category_outside_the_taxonomy_is_a_top_level_error(shop: Shop) -> None:
    error = shop.refused(CREATE, product={"title": "x", "category": "gid://shopify/TaxonomyCategory/zz-1"})

    assert error["extensions"]["code"] == "INVALID_PRODUCT_TAXONOMY_NODE_ID"


def test_metafields_that_do_not_fit_leave_no_product_behind(shop: Shop) -> None:
    bad = {"namespace": "custom", "key": "count", "type": "number_integer", "value": "many"}

    assert shop.errors(CREATE, product={"title": "Shirt", "metafields": [bad]}) != []
    assert shop.ask("{ productsCount { count } }")["productsCount"]["count"] == 0


def test_bulk_created_variants_replace_the_default_one_unless_told_otherwise(shop: Shop) -> None:
    for strategy, kept in (("DEFAULT", 1), ("PRESERVE_STANDALONE_VARIANT", 2)):
        product = created(shop)["id"]
        variant = [{"optionValues": [{"optionName": "Title", "name": "Large"}]}]
        shop.do(BULK_CREATE, id=product, variants=variant, strategy=strategy)

        assert len(titles(shop, product)) == kept


def test_a_variant_that_is_there_cannot_be_made_again(shop: Shop) -> None:
    product = created(shop, productOptions=RED_AND_BLUE)["id"]

    red = [{"optionValues": [{"optionName": "Color", "name": "Red"}]}]
    error = shop.errors(BULK_CREATE, id=product, variants=red)[0]
    assert error["message"] == "The variant 'Red' already exists. Please change at least one option value."


def test_variants_can_be_reordered_and_deleted_but_not_all(shop: Shop) -> None:
    product = created(shop, productOptions=RED_AND_BLUE)["id"]
    shop.do(BULK_CREATE, id=product, variants=[{"optionValues": [{"optionName": "Color", "name": "Blue"}]}])
    ids = [row["id"] for row in shop.ask("{ productVariants(first: 5) { nodes { id } } }")["productVariants"]["nodes"]]

    shop.do(
        """mutation($id: ID!, $positions: [ProductVariantPositionInput!]!) {
          productVariantsBulkReorder(productId: $id, positions: $positions) { userErrors { message } } }""",
        id=product,
        positions=[{"id": ids[1], "position": 1}],
    )
    assert titles(shop, product) == ["Blue", "Red"]

    delete = """mutation($id: ID!, $gone: [ID!]!) { productVariantsBulkDelete(productId: $id, variantsIds: $gone) {
      userErrors { code } } }"""
    assert shop.errors(delete, id=product, gone=ids) == [{"code": "CANNOT_DELETE_LAST_VARIANT"}]
    shop.do(delete, id=product, gone=ids[:1])
    assert shop.ask(READ, id=product)["product"]["variants"]["nodes"][0]["position"] == 1


def test_an_option_can_be_added_with_every_combination(shop: Shop) -> None:
    product = created(shop, productOptions=RED_AND_BLUE)["id"]

    size = [{"name": "Size", "values": [{"name": "S"}, {"name": "L"}]}]
    shop.do(OPTIONS_CREATE, id=product, options=size, how="CREATE")

    assert sorted(titles(shop, product)) == ["Blue / L", "Blue / S", "Red / L", "Red / S"]
    assert shop.errors(OPTIONS_CREATE, id=product, options=size)[0]["code"] == "OPTION_ALREADY_EXISTS"


def test_a_renamed_value_renames_its_variants(shop: Shop) -> None:
    made = created(shop, productOptions=RED_AND_BLUE)
    option = made["options"][0]

    shop.do(
        """mutation($id: ID!, $option: OptionUpdateInput!, $values: [OptionValueUpdateInput!]) {
          productOptionUpdate(productId: $id, option: $option, optionValuesToUpdate: $values) {
            userErrors { message } } }""",
        id=made["id"],
        option={"id": option["id"], "name": "Shade"},
        values=[{"id": option["optionValues"][0]["id"], "name": "Crimson"}],
    )

    read = shop.ask(READ, id=made["id"])["product"]
    assert read["options"] == [{"name": "Shade", "values": ["Crimson"]}]
    assert titles(shop, made["id"]) == ["Crimson"]


def test_deleting_the_last_option_leaves_the_default_one(shop: Shop) -> None:
    made = created(shop, productOptions=RED_AND_BLUE)

    shop.do(
        """mutation($id: ID!, $options: [ID!]!) { productOptionsDelete(productId: $id, options: $options) {
          deletedOptionsIds userErrors { message } } }""",
        id=made["id"],
        options=[made["options"][0]["id"]],
    )

    assert shop.ask(READ, id=made["id"])["product"]["options"] == [{"name": "Title", "values": ["Default Title"]}]


def test_a_set_in_the_background_is_told_by_its_operation(shop: Shop, standin: RunningStandin) -> None:
    standin.control("settings", job_delay=60)
    query = """mutation($input: ProductSetInput!) { productSet(input: $input, synchronous: false) {
      product { id } productSetOperation { id status } userErrors { message } } }"""
    payload = shop.do(query, input={"title": "Later"})
    assert (payload["product"], payload["productSetOperation"]["status"]) == (None, "CREATED")

    standin.advance(61)

    read = "query($id: ID!) { productOperation(id: $id) { status product { title } } }"
    told = shop.ask(read, id=payload["productSetOperation"]["id"])["productOperation"]
    assert told == {"status": "COMPLETE", "product": {"title": "Later"}}


def test_a_duplicate_has_the_variants_and_not_the_stock(shop: Shop) -> None:
    shop.variant("MUG", default=7)
    product = shop.ask("{ products(first: 1) { nodes { id } } }")["products"]["nodes"][0]["id"]

    made = shop.do(
        """mutation($id: ID!) { productDuplicate(productId: $id, newTitle: "Copy") {
          newProduct { title totalInventory variants(first: 1) { nodes { sku } } } userErrors { message } } }""",
        id=product,
    )["newProduct"]

    assert made == {"title": "Copy", "totalInventory": 0, "variants": {"nodes": [{"sku": "MUG"}]}}


COLLECT = """mutation($collection: CollectionInput!) { collectionCreate(input: $collection) {
  collection { id handle products(first: 5) { nodes { title } } } userErrors { message } } }"""


def test_a_collection_picked_by_hand_is_joined_and_left(shop: Shop) -> None:
    made = shop.do(COLLECT, collection={"title": "Summer"})["collection"]
    product = created(shop, collectionsToJoin=[made["id"]])["id"]

    read = "query($id: ID!) { product(id: $id) { collections(first: 5) { nodes { handle } } } }"
    assert shop.ask(read, id=product)["product"]["collections"]["nodes"] == [{"handle": "summer"}]
    shop.do(
        """mutation($product: ProductUpdateInput!) { productUpdate(product: $product) { userErrors { message } } }""",
        product={"id": product, "collectionsToLeave": [made["id"]]},
    )
    assert shop.ask(read, id=product)["product"]["collections"]["nodes"] == []


def test_a_smart_collection_holds_what_its_rules_pick(shop: Shop) -> None:
    created(shop, tags=["warm"])
    created(shop, tags=["cold"])
    rules = {"appliedDisjunctively": False, "rules": [{"column": "TAG", "relation": "EQUALS", "condition": "warm"}]}

    made = shop.do(COLLECT, collection={"title": "Warm", "ruleSet": rules})["collection"]

    assert [row["title"] for row in made["products"]["nodes"]] == ["Shirt"]


def test_a_product_is_on_sale_where_it_was_published(shop: Shop) -> None:
    product = created(shop)["id"]
    place = shop.ask("{ publications(first: 1) { nodes { id name } } }")["publications"]["nodes"][0]
    read = """query($id: ID!, $place: ID!) { product(id: $id) { publishedOnPublication(publicationId: $place)
      resourcePublicationsCount { count } } }"""
    before = shop.ask(read, id=product, place=place["id"])["product"]

    shop.do(
        """mutation($id: ID!, $input: [PublicationInput!]!) { publishablePublish(id: $id, input: $input) {
          userErrors { message } } }""",
        id=product,
        input=[{"publicationId": place["id"]}],
    )

    after = shop.ask(read, id=product, place=place["id"])["product"]
    assert before == {"publishedOnPublication": False, "resourcePublicationsCount": {"count": 0}}
    assert after == {"publishedOnPublication": True, "resourcePublicationsCount": {"count": 1}}


def test_what_changed_since_a_moment_is_found_after_every_kind_of_change(shop: Shop, standin: RunningStandin) -> None:
    mug = shop.variant("MUG", default=9)
    other = shop.variant("LID", default=9)
    order = shop.order((mug, 1))
    shop.order((other, 1))
    standin.advance(3600)
    since = standin.look("clock")["now"][:19] + "Z"
    query = f"updated_at:>='{since}'"

    tag = 'mutation($id: ID!) { tagsAdd(id: $id, tags: ["seen"]) { userErrors { message } } }'
    shop.do(tag, id=order)
    shop.do(
        """mutation($id: ID!, $input: InventoryItemInput!) { inventoryItemUpdate(id: $id, input: $input) {
          userErrors { message } } }""",
        id=mug.item,
        input={"cost": "2.00"},
    )

    found = shop.ask(
        """query($q: String!) { orders(first: 9, query: $q) { nodes { id } } products(first: 9, query: $q) {
          nodes { title } } productVariants(first: 9, query: $q) { nodes { sku } }
          inventoryItems(first: 9, query: $q) { nodes { sku } } }""",
        q=query,
    )
    assert found["orders"]["nodes"] == [{"id": order}]
    assert found["products"]["nodes"] == [{"title": "Product MUG"}]
    assert found["productVariants"]["nodes"] == [{"sku": "MUG"}]
    assert found["inventoryItems"]["nodes"] == [{"sku": "MUG"}]
