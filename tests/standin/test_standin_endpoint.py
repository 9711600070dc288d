import httpx
import pytest
from tests.standin.standin_asking import Shop

from shopify_standin.testing import RunningStandin


def post(
    standin: RunningStandin, version: str = "2026-07", token: str | None = None, query: str = "{ shop { name } }"
) -> httpx.Response:
    return httpx.post(
        f"{standin.url}/admin/api/{version}/graphql.json",
        json={"query": query},
        headers={"X-Shopify-Access-Token": token or standin.token},
        timeout=60,
    )


def test_a_shop_answers_its_name_with_the_cost_of_asking(standin: RunningStandin) -> None:
    answer = post(standin).json()

    assert answer["data"] == {"shop": {"name": "standin"}}
    assert answer["extensions"]["cost"]["requestedQueryCost"] == 1
    assert answer["extensions"]["cost"]["throttleStatus"]["maximumAvailable"] == 2000


def test_a_wrong_token_gets_401_and_the_recorded_sentence(standin: RunningStandin) -> None:
    answer = post(standin, token="wrong")

    assert answer.status_code == 401
    assert answer.json()["errors"].startswith("[API] Invalid API key or access token")


@pytest.mark.parametrize(
    ("asked", "answering"), [("2026-07", "2026-07"), ("2024-01", "2026-04"), ("unstable", "2026-10")]
)
def test_a_version_not_served_falls_forward_and_the_header_tells(
    standin: RunningStandin, asked: str, answering: str
) -> None:
    answer = post(standin, asked)

    assert answer.status_code == 200
    assert answer.headers["X-Shopify-API-Version"] == answering
    assert answer.headers["x-request-id"]


def test_a_field_that_is_not_modelled_is_named_and_never_invented(shop: Shop) -> None:
    error = shop.refused("{ shop { resourceLimits { maxProductVariants } } }")

    assert error["message"] == "shopify-standin does not model Shop.resourceLimits yet"


def test_a_field_that_is_not_in_the_schema_is_refused_as_shopify_does(shop: Shop) -> None:
    error = shop.refused("query Names { shop { nam } }")

    assert error["extensions"]["code"] == "undefinedField"
    assert error["path"] == ["query Names", "shop", "nam"]


def test_a_variable_that_does_not_fit_is_explained(shop: Shop) -> None:
    error = shop.refused("query($n: Int!) { orders(first: $n) { nodes { id } } }", n="three")

    assert error["extensions"]["code"] == "INVALID_VARIABLE"
    assert error["message"].startswith("Variable $n of type Int! was provided invalid value")


def test_each_version_has_its_own_schema(shop: Shop) -> None:
    query = '{ __type(name: "OrderCancelPayload") { fields { name } } }'

    names = {v: {f["name"] for f in shop.ask(query, v)["__type"]["fields"]} for v in ("2026-07", "2026-10")}

    assert "jobResult" not in names["2026-07"]
    assert "jobResult" in names["2026-10"]


def test_a_malformed_id_is_an_error_and_an_unknown_one_is_null(shop: Shop) -> None:
    query = "query($id: ID!) { order(id: $id) { id } }"

    assert shop.refused(query, id="gid://shopify/Product/1")["extensions"]["code"] == "RESOURCE_NOT_FOUND"
    assert shop.ask(query, id="gid://shopify/Order/1") == {"order": None}
