"""A verified webhook, read from its headers and its raw body into the row that is kept."""

from collections.abc import Mapping
from dataclasses import astuple
from datetime import datetime

from crossdock.inbox import topics
from crossdock.kit import telemetry
from crossdock.kit.keys import digest
from crossdock.model.names import ShopDomain
from crossdock.store.inbox import Arrival

# An index entry of PostgreSQL has room for some 2,700 bytes; Shopify's ids are UUIDs.
_LONGEST_ID = 255

SIGNATURE = "x-shopify-hmac-sha256"


def arrival(store: ShopDomain, headers: Mapping[str, str], body: bytes) -> tuple[Arrival, str | None]:
    """
    Return the row to keep, and a note where nothing will be looked at because of it.

    `headers` have lower-case names (Shopify docs, 2026-07: names are case-insensitive). Anything may be missing or
    odd but the row; a delivery without a webhook id is known by what it says instead.
    """
    clean = {
        _storable(name): _storable(value)
        for name, value in headers.items()
        # What proxies add is of no use later; the signature is checked already and would only be one more secret.
        if name.startswith("x-shopify-") and name != SIGNATURE
    }
    topic = clean.get("x-shopify-topic", "")
    reading = topics.read(topic, body)
    return (
        Arrival(
            store=store,
            webhook_id=_webhook_id(clean, body),
            event_id=clean.get("x-shopify-event-id"),
            topic=topic,
            api_version=clean.get("x-shopify-api-version"),
            triggered_at=_moment(clean.get("x-shopify-triggered-at")),
            headers=clean,
            body=body,
            subjects=tuple((subject.flow, subject.key) for subject in reading.subjects),
            level=None if reading.level is None else astuple(reading.level),
            trace=telemetry.cause(),
        ),
        reading.note,
    )


def _webhook_id(headers: Mapping[str, str], body: bytes) -> str:
    given = headers.get("x-shopify-webhook-id", "").strip()
    if 0 < len(given) <= _LONGEST_ID:
        return given
    topic, moment = headers.get("x-shopify-topic", ""), headers.get("x-shopify-triggered-at", "")
    return "sha256:" + digest(f"{given}\n{topic}\n{moment}\n".encode() + body)


def _storable(text: str) -> str:
    """Replace what PostgreSQL cannot store as text: NUL, and halves of surrogate pairs."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "\ufffd").encode(errors="replace").decode()


def _moment(text: str | None) -> datetime | None:
    """Return an RFC 3339 moment, None where the text is none or has no offset."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else None
