from typing import Any

import pytest
from tests.standin.standin_asking import Shop
from tests.standin.standin_hooks import subscribe

from shopify_standin.receiving import Receiver
from shopify_standin.testing import RunningStandin

FRONT, BACK = "https://img.example.com/front.png", "https://img.example.com/back.jpg?v=2"
CREATE = """mutation($product: ProductCreateInput!, $media: [CreateMediaInput!]) {
  productCreate(product: $product, media: $media) { product { id variants(first: 1) { nodes { id } }
    media(first: 5) { nodes { id status alt preview { image { url } } } } } userErrors { field message } } }"""
READ = """query($id: ID!) { product(id: $id) { mediaCount { count } featuredMedia { id }
  media(first: 5) { nodes { id alt status mediaContentType ... on MediaImage { mimeType image { url altText } } } }
  images(first: 5) { nodes { url } }
  variants(first: 5) { nodes { image { url } media(first: 1) { nodes { id } } } } } }"""
APPEND = """mutation($id: ID!, $pairs: [ProductVariantAppendMediaInput!]!) {
  productVariantAppendMedia(productId: $id, variantMedia: $pairs) {
    productVariants { id image { url } } userErrors { field code } } }"""
FILE_UPDATE = """mutation($files: [FileUpdateInput!]!) { fileUpdate(files: $files) {
  files { id alt } userErrors { field code } } }"""


def image(source: str, alt: str | None = None) -> dict[str, Any]:
    return {"originalSource": source, "alt": alt, "mediaContentType": "IMAGE"}


def shown(shop: Shop, product: str) -> dict[str, Any]:
    found: dict[str, Any] = shop.ask(READ, id=product)["product"]
    return found


@pytest.fixture
def mug(shop: Shop, standin: RunningStandin) -> dict[str, Any]:
    """A product with two images that are ready."""
    made: dict[str, Any] = shop.do(CREATE, product={"title": "Mug"}, media=[image(FRONT, "front"), image(BACK)])
    standin.advance(2)
    product: dict[str, Any] = made["product"]
    return product


def test_an_image_is_uploaded_first_and_can_be_seen_a_moment_later(shop: Shop, standin: RunningStandin) -> None:
    made = shop.do(CREATE, product={"title": "Mug"}, media=[image(FRONT, "front")])["product"]
    before = made["media"]["nodes"][0]
    standin.advance(2)

    after = shown(shop, made["id"])
    assert (before["status"], before["preview"]) == ("UPLOADED", {"image": None})
    assert after["media"]["nodes"] == [
        {
            "id": before["id"],
            "alt": "front",
            "status": "READY",
            "mediaContentType": "IMAGE",
            "mimeType": "image/png",
            "image": {"url": FRONT, "altText": "front"},
        }
    ]
    assert (after["images"]["nodes"], after["mediaCount"]) == ([{"url": FRONT}], {"count": 1})


def test_a_product_without_a_readable_address_for_its_image_is_not_made(shop: Shop) -> None:
    errors = shop.errors(CREATE, product={"title": "Mug"}, media=[image("front.png")])

    assert errors == [{"field": ["media", "0", "originalSource"], "message": "Image URL is invalid"}]
    assert shop.ask("{ productsCount { count } }") == {"productsCount": {"count": 0}}


def test_other_media_than_images_is_refused_by_name(shop: Shop) -> None:
    clip = {"originalSource": "https://img.example.com/a.mp4", "mediaContentType": "VIDEO"}

    error = shop.refused(CREATE, product={"title": "Mug"}, media=[clip])

    assert error["message"] == "shopify-standin does not model MediaContentType.VIDEO yet"


def test_a_variant_shows_one_image_of_its_product(shop: Shop, mug: dict[str, Any]) -> None:
    variant, (_, back) = mug["variants"]["nodes"][0]["id"], mug["media"]["nodes"]
    pair = [{"variantId": variant, "mediaIds": [back["id"]]}]

    appended = shop.do(APPEND, id=mug["id"], pairs=pair)["productVariants"]
    again = shop.errors(APPEND, id=mug["id"], pairs=pair)

    assert appended == [{"id": variant, "image": {"url": BACK}}]
    assert [error["code"] for error in again] == ["PRODUCT_VARIANT_ALREADY_HAS_MEDIA"]


def test_new_variants_choose_among_the_images_that_come_with_them(shop: Shop, mug: dict[str, Any]) -> None:
    create = """mutation($id: ID!, $variants: [ProductVariantsBulkInput!]!, $media: [CreateMediaInput!]) {
      productVariantsBulkCreate(productId: $id, variants: $variants, media: $media) {
        productVariants { media(first: 1) { nodes { ... on MediaImage { originalSource { url } } } } }
        userErrors { field code } } }"""
    source = "https://img.example.com/blue.png"
    blue = {"optionValues": [{"optionName": "Title", "name": "Blue"}], "mediaSrc": [source]}

    nowhere = shop.errors(create, id=mug["id"], variants=[blue], media=[])
    made = shop.do(create, id=mug["id"], variants=[blue], media=[image(source)])["productVariants"]

    assert [error["field"] for error in nowhere] == [["variants", "0"]]
    assert made == [{"media": {"nodes": [{"originalSource": {"url": source}}]}}]
    assert shown(shop, mug["id"])["mediaCount"] == {"count": 3}


def test_setting_a_products_files_leaves_just_these(shop: Shop, mug: dict[str, Any]) -> None:
    query = """mutation($input: ProductSetInput!, $identifier: ProductSetIdentifiers) {
      productSet(input: $input, identifier: $identifier) { product { media(first: 5) { nodes { id alt } } }
        userErrors { field message } } }"""
    _, back = mug["media"]["nodes"]
    files = [{"originalSource": "https://img.example.com/new.png"}, {"id": back["id"], "alt": "back"}]

    found = shop.do(query, identifier={"id": mug["id"]}, input={"title": "Mug", "files": files})["product"]

    new, kept = found["media"]["nodes"]
    assert kept == {"id": back["id"], "alt": "back"}
    assert new["id"] not in {node["id"] for node in mug["media"]["nodes"]}


def test_images_are_put_in_another_order_and_deleted(shop: Shop, mug: dict[str, Any]) -> None:
    front, back = (node["id"] for node in mug["media"]["nodes"])
    move = """mutation($id: ID!, $moves: [MoveInput!]!) { productReorderMedia(id: $id, moves: $moves) {
      job { done } mediaUserErrors { code } userErrors { message } } }"""
    delete = """mutation($id: ID!, $gone: [ID!]!) { productDeleteMedia(productId: $id, mediaIds: $gone) {
      deletedMediaIds mediaUserErrors { code } userErrors { message } } }"""

    shop.do(move, id=mug["id"], moves=[{"id": back, "newPosition": "0"}])
    featured = shown(shop, mug["id"])["featuredMedia"]
    shop.do(delete, id=mug["id"], gone=[back])

    assert featured == {"id": back}
    assert [node["id"] for node in shown(shop, mug["id"])["media"]["nodes"]] == [front]


def test_a_file_is_changed_once_it_is_ready_and_put_on_products(
    shop: Shop, standin: RunningStandin, mug: dict[str, Any]
) -> None:
    create = "mutation($files: [FileCreateInput!]!) { fileCreate(files: $files) { files { id } userErrors { code } } }"
    made = shop.do(create, files=[{"originalSource": "https://img.example.com/a.webp", "filename": "side.webp"}])
    (side,) = made["files"]
    change = [{"id": side["id"], "alt": "side", "referencesToAdd": [mug["id"]]}]

    early = shop.errors(FILE_UPDATE, files=change)
    standin.advance(2)
    shop.do(FILE_UPDATE, files=change)

    found = shop.ask('{ files(first: 5, query: "filename:side.webp") { nodes { id alt fileStatus } } }')["files"]
    assert [error["code"] for error in early] == ["NON_READY_STATE"]
    assert found["nodes"] == [{"id": side["id"], "alt": "side", "fileStatus": "READY"}]
    assert shown(shop, mug["id"])["mediaCount"] == {"count": 3}


def test_a_deleted_file_is_gone_from_products_and_variants(shop: Shop, mug: dict[str, Any]) -> None:
    front, back = (node["id"] for node in mug["media"]["nodes"])
    variant = mug["variants"]["nodes"][0]["id"]
    shop.do(APPEND, id=mug["id"], pairs=[{"variantId": variant, "mediaIds": [front]}])
    delete = "mutation($ids: [ID!]!) { fileDelete(fileIds: $ids) { deletedFileIds userErrors { code } } }"

    shop.do(delete, ids=[front])

    after = shown(shop, mug["id"])
    assert [node["id"] for node in after["media"]["nodes"]] == [back]
    assert after["variants"]["nodes"] == [{"image": None, "media": {"nodes": []}}]


def test_webhooks_of_a_product_show_its_images(shop: Shop, receiver: Receiver, mug: dict[str, Any]) -> None:
    subscribe(shop, receiver, "PRODUCTS_UPDATE")
    update = """mutation($product: ProductUpdateInput!) { productUpdate(product: $product) {
      product { id } userErrors { message } } }"""

    shop.do(update, product={"id": mug["id"], "title": "Cup"})

    _, told = receiver.next()
    assert [row["src"] for row in told["images"]] == [FRONT, BACK]
    assert (told["image"]["alt"], [row["status"] for row in told["media"]]) == ("front", ["READY", "READY"])
