"""One HTTP answer read to its end: success, come back later, try again, or no."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from crossdock.kit.errors import HubError, Refused, StoreUnusable
from crossdock.ports.calls import ThrottleStatus
from crossdock.shopify.refusals import AccessDenied, OperationMisread, QueryTooDear, SearchMisread

REQUEST_ID = "x-request-id"
VERSION = "x-shopify-api-version"
DEPRECATED = "x-shopify-api-deprecated-reason"


@dataclass(frozen=True, slots=True)
class Granted:
    """Shopify did what was asked; user errors of a mutation may still be inside."""

    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Throttled:
    """Shopify did nothing, for want of points or of patience; it may be asked again after `wait` seconds."""

    wait: float


@dataclass(frozen=True, slots=True)
class Broken:
    """Shopify failed, or nothing came back. `began` says that it may have done what was asked all the same."""

    sentence: str
    began: bool = True


@dataclass(frozen=True, slots=True)
class Denied:
    """Shopify said no; asking again the same way cannot help."""

    error: HubError


Verdict: TypeAlias = Granted | Throttled | Broken | Denied


@dataclass(frozen=True, slots=True)
class Answer:
    """A verdict, and what Shopify said of its price; costs are None where it said nothing of them."""

    verdict: Verdict
    requested_cost: int | None = None
    actual_cost: int | None = None
    bucket: ThrottleStatus | None = None


def read_answer(store: str, operation: str, status: int, headers: Mapping[str, str], body: Any) -> Answer:
    """
    Return what an answer means.

    `headers` are looked up in lower case; `body` is the parsed JSON, None where it was none. Error shapes by
    recorded answers (2026-04) and Shopify docs (2026-07).
    """
    if status != 200:
        return Answer(_by_status(store, status, headers))
    if not isinstance(body, Mapping):
        return Answer(Broken(f"{store}: Shopify's answer to {operation} was no JSON object."))
    extensions = _mapping(body.get("extensions"))
    cost = _mapping(extensions.get("cost"))
    bucket = _bucket(_mapping(cost.get("throttleStatus")))
    requested = _whole(cost.get("requestedQueryCost"))
    return Answer(
        _by_body(store, operation, body, extensions, requested, bucket),
        requested,
        _whole(cost.get("actualQueryCost")),
        bucket,
    )


def _by_status(store: str, status: int, headers: Mapping[str, str]) -> Verdict:
    match status:
        case 401:
            return Denied(
                StoreUnusable(
                    f"{store}: Shopify does not accept the access token. It was revoked or the app was uninstalled: "
                    "install the app again or enter a new token, then resume the store."
                )
            )
        case 402:
            return Denied(
                StoreUnusable(
                    f"{store}: Shopify has frozen the store for want of payment. "
                    "Settle the store's bill in its admin, then resume the store."
                )
            )
        case 403:
            return Denied(
                StoreUnusable(
                    f"{store}: Shopify forbids the app to call this store. "
                    "Check in the store's admin that the app is allowed, then resume the store."
                )
            )
        case 404:
            return Denied(
                StoreUnusable(
                    f"{store}: Shopify knows no such store, or not the API version asked for. "
                    "Check the domain and the store's api_version, then resume the store."
                )
            )
        case 423:
            return Denied(
                StoreUnusable(
                    f"{store}: Shopify has locked the store. Let Shopify's support unlock it, then resume the store."
                )
            )
        case 429:
            return Throttled(_seconds(headers.get("retry-after")))
        case _ if status >= 500:
            return Broken(f"{store}: Shopify answered with HTTP {status}.")
        case _ if 300 <= status < 400:
            # Never followed: the access token would go along.
            return Denied(
                StoreUnusable(
                    f"{store}: Shopify sends calls for this store elsewhere (HTTP {status}). "
                    "Was the store renamed? Set it up under its present myshopify.com domain."
                )
            )
        case _:
            return Denied(Refused(f"{store}: Shopify refused the call with HTTP {status}."))


def _by_body(
    store: str,
    operation: str,
    body: Mapping[str, Any],
    extensions: Mapping[str, Any],
    requested: int | None,
    bucket: ThrottleStatus | None,
) -> Verdict:
    errors = body.get("errors")
    if errors:
        return _by_errors(store, operation, errors, requested, bucket)
    for search in extensions.get("search") or ():
        for warning in _mapping(search).get("warnings") or ():
            said = _mapping(warning)
            return Denied(
                SearchMisread(
                    f"{store}: Shopify misread a search of {operation} and would ignore it: "
                    f"{said.get('field')}: {said.get('message')} Please report this."
                )
            )
    data = body.get("data")
    if not isinstance(data, Mapping):
        return Broken(f"{store}: Shopify's answer to {operation} held neither data nor errors.")
    return Granted(data)


def _by_errors(
    store: str, operation: str, errors: Any, requested: int | None, bucket: ThrottleStatus | None
) -> Verdict:
    if not isinstance(errors, list):
        return Denied(Refused(f"{store}: Shopify refused {operation}: {errors}"))
    found = [(_mapping(_mapping(error).get("extensions")), _mapping(error)) for error in errors]
    codes = {str(extra.get("code", "")) for extra, _ in found}
    extra, first = found[0] if found else ({}, {})
    said = str(first.get("message", "it did not say why"))
    if "THROTTLED" in codes:
        return Throttled(_shortage(requested, bucket))
    if "INTERNAL_SERVER_ERROR" in codes:
        return Broken(f"{store}: Shopify failed inside while it answered {operation}: {said}")
    if "ACCESS_DENIED" in codes:
        need = next((extra["requiredAccess"] for extra, _ in found if extra.get("requiredAccess")), "what it needs")
        return Denied(
            AccessDenied(
                f"{store}: the app may not do {operation}: {said} "
                f"Give the app {str(need).rstrip('.')} and install it again."
            )
        )
    if "MAX_COST_EXCEEDED" in codes:
        return Denied(
            QueryTooDear(
                f"{store}: {operation} would cost {extra.get('cost', 'more')} points; "
                f"Shopify allows {extra.get('maxCost', 1000)} at once. Please report this."
            )
        )
    if "RESOURCE_NOT_FOUND" in codes:
        return Denied(Refused(f"{store}: Shopify does not know what {operation} asks for: {said}"))
    return Denied(
        OperationMisread(
            f"{store}: Shopify cannot read {operation}: {said} "
            f"({', '.join(sorted(filter(None, codes))) or 'no code'}). Please report this."
        )
    )


def _shortage(requested: int | None, bucket: ThrottleStatus | None) -> float:
    """Seconds until the bucket holds what was asked; Shopify's rule of thumb is one second (Shopify docs, 2026)."""
    if requested is None or bucket is None or bucket.restore_rate <= 0:
        return 1.0
    return max((requested - bucket.available) / bucket.restore_rate, 0.1)


def _bucket(status: Mapping[str, Any]) -> ThrottleStatus | None:
    numbers = [status.get(name) for name in ("maximumAvailable", "currentlyAvailable", "restoreRate")]
    maximum, available, rate = (float(number) if isinstance(number, int | float) else None for number in numbers)
    if maximum is None or available is None or rate is None:
        return None
    return ThrottleStatus(maximum, available, rate)


def _seconds(retry_after: str | None) -> float:
    try:
        return max(float(retry_after or ""), 0.1)
    except ValueError:
        return 1.0


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) else None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
