import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import httpx
import pytest

from shopify_standin.standin import CLIENT_ID
from shopify_standin.testing import RunningStandin

TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"


def asked(standin: RunningStandin, **more: Any) -> httpx.Response:
    body = {"client_id": CLIENT_ID, "client_secret": standin.secret, **more}
    return standin.client.post("/admin/oauth/access_token", json=body)


def opens(standin: RunningStandin, token: str, query: str = "{ shop { name } }") -> httpx.Response:
    return standin.client.post(
        "/admin/api/2026-07/graphql.json", json={"query": query}, headers={"X-Shopify-Access-Token": token}
    )


def consented(standin: RunningStandin, scope: str = "read_orders") -> dict[str, str]:
    """What the redirect after a merchant's consent carries."""
    wanted = {"client_id": CLIENT_ID, "scope": scope, "redirect_uri": "https://app.example/back", "state": "n0nce"}
    answer = standin.client.get("/admin/oauth/authorize", params=wanted)
    assert answer.status_code == 302
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def test_client_credentials_open_the_shop_for_a_day(standin: RunningStandin) -> None:
    given = asked(standin, grant_type="client_credentials").json()

    assert given["expires_in"] == 86_399
    assert opens(standin, given["access_token"]).status_code == 200
    standin.advance(86_400)
    assert opens(standin, given["access_token"]).status_code == 401


def test_a_wrong_secret_gets_no_token(standin: RunningStandin) -> None:
    answer = asked(standin, grant_type="client_credentials", client_secret="wrong")

    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_the_redirect_is_signed_over_its_sorted_parameters(standin: RunningStandin) -> None:
    back = consented(standin)
    given = back.pop("hmac")

    message = "&".join(f"{k}={quote(v, safe='')}" for k, v in sorted(back.items()))
    assert given == hmac.new(standin.secret.encode(), message.encode(), hashlib.sha256).hexdigest()
    assert (back["shop"], back["state"]) == (standin.shop_domain, "n0nce")


def test_a_code_is_exchanged_once_for_a_token_with_the_scopes_consented_to(standin: RunningStandin) -> None:
    code = consented(standin, "read_orders,write_products")["code"]

    given = asked(standin, code=code).json()
    assert given["scope"] == "read_orders,write_products"
    assert "expires_in" not in given
    assert asked(standin, code=code).status_code == 400


def test_a_refresh_token_rotates_and_its_lost_answer_can_be_had_again(standin: RunningStandin) -> None:
    first = asked(standin, code=consented(standin)["code"], expiring="1").json()
    assert (first["expires_in"], first["refresh_token_expires_in"]) == (3600, 7_776_000)

    lost = asked(standin, grant_type="refresh_token", refresh_token=first["refresh_token"])
    again = asked(standin, grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert (lost.status_code, again.status_code) == (200, 200)

    used = asked(standin, grant_type="refresh_token", refresh_token=again.json()["refresh_token"])
    assert used.status_code == 200
    spent = asked(standin, grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert (spent.status_code, spent.json()["error"]) == (401, "invalid_grant")


def test_a_used_refresh_token_has_thirty_days_of_grace(standin: RunningStandin) -> None:
    first = asked(standin, code=consented(standin)["code"], expiring="1").json()["refresh_token"]
    asked(standin, grant_type="refresh_token", refresh_token=first)

    standin.advance(31 * 86_400)
    assert asked(standin, grant_type="refresh_token", refresh_token=first).status_code == 401


def test_a_lasting_token_is_exchanged_for_an_expiring_pair(standin: RunningStandin) -> None:
    old = asked(standin, code=consented(standin)["code"]).json()["access_token"]

    given = asked(
        standin,
        grant_type=TOKEN_EXCHANGE,
        subject_token=old,
        subject_token_type=OFFLINE,
        requested_token_type=OFFLINE,
        expiring="1",
    ).json()
    assert given["expires_in"] == 3600
    assert opens(standin, old).status_code == 401
    assert opens(standin, given["access_token"]).status_code == 200


def test_a_session_token_of_this_app_and_shop_is_exchanged(standin: RunningStandin) -> None:
    def session_token(**claims: Any) -> str:
        body = {"aud": CLIENT_ID, "dest": f"https://{standin.shop_domain}", "exp": 9_999_999_999} | claims
        parts = [base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=") for p in ({"alg": "HS256"}, body)]
        signed = b".".join(parts)
        mark = hmac.new(standin.secret.encode(), signed, hashlib.sha256).digest()
        return (signed + b"." + base64.urlsafe_b64encode(mark).rstrip(b"=")).decode()

    way = {"grant_type": TOKEN_EXCHANGE, "subject_token_type": ID_TOKEN, "requested_token_type": OFFLINE}
    assert asked(standin, subject_token=session_token(), **way).status_code == 200
    refused = asked(standin, subject_token=session_token(aud="another"), **way)
    assert refused.json()["error"] == "invalid_subject_token"


def test_a_field_outside_the_scopes_is_denied_and_the_rest_still_comes(standin: RunningStandin) -> None:
    token = asked(standin, code=consented(standin, "read_products")["code"]).json()["access_token"]

    query = '{ products(first: 1) { nodes { id } } order(id: "gid://shopify/Order/1") { id } }'
    answer = opens(standin, token, query).json()
    assert answer["data"] == {"products": {"nodes": []}, "order": None}
    error = answer["errors"][0]
    assert error["extensions"]["code"] == "ACCESS_DENIED"
    assert error["message"].startswith("Access denied for order field. Required access: `read_orders` access scope")


def test_writing_implies_reading(standin: RunningStandin) -> None:
    token = asked(standin, code=consented(standin, "write_products")["code"]).json()["access_token"]

    assert "errors" not in opens(standin, token, "{ products(first: 1) { nodes { id } } }").json()


@pytest.mark.parametrize("way", ["rest", "control"])
def test_an_app_that_is_taken_out_is_locked_out(standin: RunningStandin, way: str) -> None:
    token = asked(standin, grant_type="client_credentials").json()["access_token"]

    if way == "rest":
        gone = standin.client.delete("/admin/api_permissions/current.json", headers={"X-Shopify-Access-Token": token})
        assert gone.status_code == 200
    else:
        standin.control("uninstall")
    assert opens(standin, token).status_code == 401
    assert opens(standin, standin.token).status_code == 401


def test_the_scopes_of_a_token_can_be_asked_for(standin: RunningStandin) -> None:
    token = asked(standin, code=consented(standin, "read_orders")["code"]).json()["access_token"]

    answer = standin.client.get("/admin/oauth/access_scopes.json", headers={"X-Shopify-Access-Token": token})
    assert answer.json() == {"access_scopes": [{"handle": "read_orders"}]}
