"""Turns templates into answers, with the headers that keep everything foreign out of the page."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from crossdock.edge.portal.ages import age, exact, up_to
from crossdock.kit.keys import digest
from crossdock.model.cause import CATALOGUE, Cause, CauseNote

STATIC = Path(__file__).parent / "static"

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
}


def page(template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """Render a template into a whole page."""
    return HTMLResponse(_templates.get_template(template).render(context), status, HEADERS)


def _words(spelled: str | None) -> str:
    """Say Shopify's and backends' upper-case words as a person would: `PARTIALLY_REFUNDED` is partially refunded."""
    return (spelled or "unknown").replace("_", " ").lower()


def _note(cause: Cause) -> CauseNote:
    return CATALOGUE[cause]


def _many(count: int, one: str, several: str | None = None) -> str:
    return f"{count:,} {one if count == 1 else several or one + 's'}"


def _order_path(name: str, connection: str) -> str:
    return f"/orders/{quote(connection, safe='')}/{quote(name.removeprefix('#'))}"


def _versions() -> dict[str, str]:
    """A new file has a new address, so that no browser mixes an old style with a new page."""
    return {path.name: f"/static/{path.name}?{digest(path.read_bytes())[:8]}" for path in STATIC.iterdir()}


_templates = Environment(
    loader=PackageLoader("crossdock.edge.portal"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters.update(
    age=age, exact=exact, up_to=up_to, words=_words, note=_note, many=_many, order_path=_order_path
)
_templates.globals["static"] = _versions()
