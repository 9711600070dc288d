"""Webhooks: signed JSON for programs, and the small document that chats take."""

import json
from datetime import datetime
from typing import Final

import httpx

from crossdock.kit.errors import Refused, TryAgain
from crossdock.kit.outward import resolved
from crossdock.kit.webhook_signature import signed_headers
from crossdock.model.alert_text import Message
from crossdock.model.channel import Slack, Webhook

_GONE: Final = 410
"""By which a receiver says that it wants no more (Standard Webhooks, 1.0)."""


async def post_signed(channel: Webhook, message: Message, key: str, alert: str, at: datetime, *, private: bool) -> None:
    """Tell a program; `key` is the message's id at every try. Raises TryAgain, and Refused where it wants no more."""
    document = {
        "type": "alert",
        "timestamp": at.isoformat(),
        "data": {"alert": alert, "subject": message.subject, "lines": message.lines, "link": message.link},
    }
    body = json.dumps(document, ensure_ascii=False).encode()
    await _post(channel.url, body, signed_headers(channel.secret, key, int(at.timestamp()), body), private=private)


async def post_to_chat(channel: Slack, message: Message, *, private: bool) -> None:
    """Write into a chat. Raises as `post_signed` does."""
    await _post(channel.url, json.dumps({"text": chat_text(message)}, ensure_ascii=False).encode(), {}, private=private)


def chat_text(message: Message) -> str:
    """Return the message as Slack reads it: three characters are its own (Slack docs, "Formatting text", 2026)."""
    lines = [f"*{_plain(message.subject)}*", *(f"• {_plain(line)}" for line in message.lines), message.link]
    return "\n".join(lines)


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


async def _post(url: str, body: bytes, headers: dict[str, str], *, private: bool) -> None:
    given = httpx.URL(url)
    address = await resolved(url, private=private)
    try:
        # A client of its own: connections are kept by network address, and several receivers may share one.
        async with httpx.AsyncClient(timeout=20, follow_redirects=False) as http:
            answer = await http.post(
                given.copy_with(host=address),
                content=body,
                headers={"host": given.netloc.decode(), "content-type": "application/json", **headers},
                extensions={"sni_hostname": given.host},
            )
    except httpx.HTTPError as error:
        raise TryAgain(f"{given.host} does not answer ({type(error).__name__}).") from error
    if answer.status_code == _GONE:
        raise Refused(f"{given.host} wants no more of these (HTTP 410).")
    if not answer.is_success:
        raise TryAgain(f"{given.host} does not take it (HTTP {answer.status_code}).")
