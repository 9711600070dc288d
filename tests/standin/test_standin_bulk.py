import json
from typing import Any

import httpx
import pytest
from tests.standin.standin_asking import Shop
from tests.standin.standin_hooks import subscribe

from shopify_standin.receiving import Receiver
from shopify_standin.testing import RunningStandin

RUN = """mutation($inner: String!, $grouped: Boolean! = false) {
  bulkOperationRunQuery(query: $inner, groupObjects: $grouped) {
  bulkOperation { id status objectCount } userErrors { field message code } } }"""
RUN_MUTATION = """mutation($mutation: String!, $path: String!) {
  bulkOperationRunMutation(mutation: $mutation, stagedUploadPath: $path) {
    bulkOperation { id status } userErrors { field message code } } }"""
READ = """query($id: ID!) { bulkOperation(id: $id) {
  status errorCode objectCount rootObjectCount fileSize url partialDataUrl completedAt } }"""
CANCEL = """mutation($id: ID!) { bulkOperationCancel(id: $id) {
  bulkOperation { id status } userErrors { field message } } }"""
STAGE = """mutation($input: [StagedUploadInput!]!) { stagedUploadsCreate(input: $input) {
  stagedTargets { url resourceUrl parameters { name value } } userErrors { message } } }"""
CREATE = """mutation($product: ProductCreateInput!) { productCreate(product: $product) {
  product { title } userErrors { message } } }"""
PRODUCTS = "{ products { edges { node { id title variants { edges { node { id sku } } } } } } }"


def run(shop: Shop, query: str = PRODUCTS, *, grouped: bool = False) -> str:
    """The id of a bulk query just started."""
    made: str = shop.do(RUN, inner=query, grouped=grouped)["bulkOperation"]["id"]
    return made


def lines(url: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in httpx.get(url, trust_env=False).text.splitlines()]


def uploaded(shop: Shop, *rows: dict[str, Any]) -> str:
    """Stage a JSONL file, post it as the answer says, and hand back its key."""
    wanted = {"resource": "BULK_MUTATION_VARIABLES", "filename": "v.jsonl", "mimeType": "text/jsonl"}
    target = shop.do(STAGE, input=[wanted | {"httpMethod": "POST"}])["stagedTargets"][0]
    form = {entry["name"]: entry["value"] for entry in target["parameters"]}
    body = "\n".join(json.dumps(row) for row in rows)
    sent = httpx.post(target["url"], data=form, files={"file": ("v.jsonl", body)}, trust_env=False)
    assert sent.status_code == 201
    return str(form["key"])


def test_a_bulk_query_writes_every_object_on_a_line_and_children_name_their_parents(
    shop: Shop, standin: RunningStandin
) -> None:
    shop.variant("A-1", default=3)
    shop.variant("A-2", default=3)
    started = run(shop)

    assert shop.ask(READ, id=started)["bulkOperation"]["status"] == "RUNNING"
    standin.advance(2)

    done = shop.ask(READ, id=started)["bulkOperation"]
    assert (done["status"], done["objectCount"], done["rootObjectCount"]) == ("COMPLETED", "4", "2")
    rows = lines(done["url"])
    products = {row["id"]: row["title"] for row in rows if "__parentId" not in row}
    assert [(row["sku"], products[row["__parentId"]]) for row in rows if "__parentId" in row] == [
        ("A-1", "Product A-1"),
        ("A-2", "Product A-2"),
    ]


@pytest.mark.parametrize(
    ("grouped", "order"),
    [(True, ["A-1", "child", "A-2", "child"]), (False, ["A-1", "A-2", "child", "child"])],
)
def test_children_follow_their_parent_only_if_that_was_asked_for(
    shop: Shop, standin: RunningStandin, *, grouped: bool, order: list[str]
) -> None:
    shop.variant("A-1", default=3)
    shop.variant("A-2", default=3)
    started = run(shop, grouped=grouped)

    standin.advance(2)

    rows = lines(shop.ask(READ, id=started)["bulkOperation"]["url"])
    assert ["child" if "__parentId" in row else row["title"].removeprefix("Product ") for row in rows] == order


def test_a_bulk_query_is_not_held_to_pages_of_250(shop: Shop, standin: RunningStandin) -> None:
    standin.control("seed", products=300)
    started = run(shop, "{ products { edges { node { id } } } }")
    standin.advance(2)

    assert shop.ask(READ, id=started)["bulkOperation"]["objectCount"] == "300"


def test_a_bulk_query_without_rows_completes_without_a_file(shop: Shop, standin: RunningStandin) -> None:
    started = run(shop, "{ orders { edges { node { id } } } }")
    standin.advance(2)

    done = shop.ask(READ, id=started)["bulkOperation"]
    assert (done["status"], done["objectCount"], done["url"], done["fileSize"]) == ("COMPLETED", "0", None, None)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "Invalid bulk query: syntax error, unexpected end of file"),
        ("{ shop { id } }", "Bulk queries must contain at least one connection."),
        ("{ products { nodes { id } } }", "Selecting via 'nodes' is not supported."),
        ("{ products { edges { node { title variants { edges { node { id } } } } } } }", "without 'id': products."),
        ("{ products { edges { node { id noSuchField } } } }", "Field 'noSuchField' doesn't exist on type 'Product'"),
    ],
)
def test_what_cannot_run_in_bulk_is_refused_at_once(shop: Shop, query: str, message: str) -> None:
    error = shop.errors(RUN, inner=query)[0]

    assert message in error["message"]
    assert (error["field"], error["code"]) == (["query"], "INVALID")


def test_a_sixth_operation_of_a_kind_waits_for_one_of_five(shop: Shop, standin: RunningStandin) -> None:
    first = [run(shop) for _ in range(5)]

    error = shop.errors(RUN, inner=PRODUCTS)[0]
    assert error["code"] == "OPERATION_IN_PROGRESS"
    assert all(number in error["message"] for number in first)
    standin.advance(2)
    assert shop.errors(RUN, inner=PRODUCTS) == []


def test_a_snapshot_holds_what_is_under_way(shop: Shop, standin: RunningStandin) -> None:
    shop.variant("MUG")
    started = run(shop)
    standin.control("snapshot")
    standin.advance(2)
    standin.reset()

    standin.control("restore")
    assert shop.ask(READ, id=started)["bulkOperation"]["status"] == "RUNNING"
    standin.advance(2)
    assert shop.ask(READ, id=started)["bulkOperation"]["objectCount"] == "2"


def test_a_cancelled_operation_goes_on_for_a_moment(shop: Shop, standin: RunningStandin) -> None:
    started = run(shop)

    assert shop.do(CANCEL, id=started)["bulkOperation"]["status"] == "CANCELING"
    standin.advance(2)
    assert shop.ask(READ, id=started)["bulkOperation"]["status"] == "CANCELED"
    assert "cannot be canceled" in shop.errors(CANCEL, id=started)[0]["message"]


def test_a_bulk_mutation_runs_once_a_line_and_tells_each_outcome(shop: Shop, standin: RunningStandin) -> None:
    key = uploaded(shop, {"product": {"title": "First"}}, {"product": {"title": ""}})
    started = shop.do(RUN_MUTATION, mutation=CREATE, path=key)["bulkOperation"]["id"]
    standin.advance(2)

    rows = lines(shop.ask(READ, id=started)["bulkOperation"]["url"])
    assert [row["__lineNumber"] for row in rows] == [0, 1]
    assert rows[0]["data"]["productCreate"]["product"] == {"title": "First"}
    assert rows[1]["data"]["productCreate"]["userErrors"] == [{"message": "Title can't be blank"}]


def test_a_path_without_its_file_is_no_file(shop: Shop) -> None:
    key = uploaded(shop, {})

    error = shop.errors(RUN_MUTATION, mutation=CREATE, path=key.replace("v.jsonl", "w.jsonl"))[0]
    assert error["code"] == "NO_SUCH_FILE"


@pytest.mark.parametrize(
    ("mutation", "message"),
    [
        ("mutation { not parseable", "Failed to parse the mutation - syntax error, unexpected end of file at [1, 16]"),
        ("{ shop { id } }", "Invalid operation type. Only `mutation` operations are supported."),
        ('mutation { a: tagsAdd(id: "", tags: []) { node { id } } b: tagsAdd(id: "", tags: []) { node { id } } }',
         "You must specify a single top level mutation."),
        ('mutation { bulkOperationCancel(id: "") { userErrors { message } } }',
         "You must use an allowed mutation name."),
    ],
)  # fmt: skip
def test_mutations_that_cannot_run_in_bulk_are_refused_before_the_file_is_looked_for(
    shop: Shop, mutation: str, message: str
) -> None:
    assert shop.errors(RUN_MUTATION, mutation=mutation, path="nowhere")[0]["message"] == message


def test_a_file_can_be_put_where_the_place_says_so(shop: Shop, standin: RunningStandin) -> None:
    wanted = {"resource": "BULK_MUTATION_VARIABLES", "filename": "v.jsonl", "mimeType": "text/jsonl"}
    url = shop.do(STAGE, input=[wanted | {"httpMethod": "PUT"}])["stagedTargets"][0]["url"]

    assert httpx.put(url, content=b'{"product": {"title": "Put"}}', trust_env=False).status_code == 200
    assert httpx.get(url, trust_env=False).text == '{"product": {"title": "Put"}}'
    key = url.split("/uploads/")[1]
    started = shop.do(RUN_MUTATION, mutation=CREATE, path=key)["bulkOperation"]["id"]
    standin.advance(2)
    assert shop.ask(READ, id=started)["bulkOperation"]["objectCount"] == "1"


def test_nobody_uploads_where_no_place_was_handed_out(standin: RunningStandin) -> None:
    assert standin.client.put("/_standin/uploads/tmp/1/bulk/x/v.jsonl", content=b"{}").status_code == 403


def test_an_operation_over_what_the_token_may_not_read_fails(shop: Shop, standin: RunningStandin) -> None:
    standin.control("tokens", token="narrow", scopes=["read_products"])
    query = "{ products { edges { node { id variants { edges { node { id inventoryItem { id inventoryLevels {"
    query += " edges { node { id } } } } } } } } } } }"
    headers = {"X-Shopify-Access-Token": "narrow"}
    shop.variant("MUG")
    answer = standin.client.post(
        "/admin/api/2026-07/graphql.json", json={"query": RUN, "variables": {"inner": query}}, headers=headers
    ).json()
    started = answer["data"]["bulkOperationRunQuery"]["bulkOperation"]["id"]
    standin.advance(2)

    done = shop.ask(READ, id=started)["bulkOperation"]
    assert (done["status"], done["errorCode"], done["url"]) == ("FAILED", "ACCESS_DENIED", None)


def test_a_file_that_is_no_jsonl_fails_the_operation(shop: Shop, standin: RunningStandin) -> None:
    key = uploaded(shop, {"product": {"title": "First"}})
    standin.world.uploads[key].content = b"not json"
    started = shop.do(RUN_MUTATION, mutation=CREATE, path=key)["bulkOperation"]["id"]
    standin.advance(2)

    assert shop.ask(READ, id=started)["bulkOperation"]["status"] == "FAILED"


def test_a_path_of_another_shop_is_an_empty_file_until_that_is_switched_off(
    shop: Shop, standin: RunningStandin
) -> None:
    path = "tmp/1/bulk/00000000-0000-0000-0000-000000000000/{}.jsonl"

    assert shop.errors(RUN_MUTATION, mutation=CREATE, path=path.format("a")) == []
    assert shop.errors(RUN_MUTATION, mutation=CREATE, path=path.format("b"))[0]["code"] == "NO_SUCH_FILE"
    standin.control("settings", foreign_uploads=False)
    another = path.format("a").replace("0000-0000", "1111-1111")
    assert shop.errors(RUN_MUTATION, mutation=CREATE, path=another)[0]["code"] == "NO_SUCH_FILE"


def test_the_end_of_an_operation_is_told(shop: Shop, standin: RunningStandin, receiver: Receiver) -> None:
    subscribe(shop, receiver, "BULK_OPERATIONS_FINISH")
    started = run(shop)
    standin.advance(2)

    headers, body = receiver.next()
    assert headers["X-Shopify-Topic"] == "bulk_operations/finish"
    assert (body["admin_graphql_api_id"], body["status"], body["type"]) == (started, "completed", "query")


def test_operations_are_listed_and_narrowed(shop: Shop, standin: RunningStandin) -> None:
    run(shop)
    standin.advance(2)
    second = run(shop)

    query = """{ bulkOperations(first: 5, query: "status:running") { nodes { id } }
      currentBulkOperation { id } }"""
    told = shop.ask(query)
    assert told["bulkOperations"]["nodes"] == [{"id": second}]
    assert told["currentBulkOperation"] == {"id": second}
