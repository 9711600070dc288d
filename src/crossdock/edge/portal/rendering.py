"""Turns templates into answers."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from crossdock.edge.portal.ages import age, exact, lasting, up_to
from crossdock.edge.recognizing import Visitor
from crossdock.kit.keys import digest
from crossdock.model.called import called
from crossdock.model.cause import CATALOGUE, Cause, CauseNote
from crossdock.store.reads.counting import COUNTED_TO

STATIC = Path(__file__).parent / "static"


def page(template: str, visitor: Visitor | None, status: int = 200, **context: Any) -> HTMLResponse:
    """Render a template into a whole page for a visitor, None for nobody; browsers keep no copy."""
    rendered = _templates.get_template(template).render(context, visitor=visitor)
    return HTMLResponse(rendered, status, {"cache-control": "no-store"})


def part(template: str, **context: Any) -> str:
    """Render a part of a page that is the same for every visitor."""
    return _templates.get_template(template).render(context, visitor=None)


def back_to(path: str) -> RedirectResponse:
    """Lead to a page of ours after a change, and nowhere else: `//elsewhere` would be another host."""
    ours = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return RedirectResponse(path if ours else "/", 303)


def item_path(item: str, connection: str) -> str:
    """Return the address of an item's page."""
    return f"/inventory/{quote(connection, safe='')}/{quote(item)}"


def _words(spelled: str | None) -> str:
    """Say Shopify's and backends' upper-case words as a person would: `PARTIALLY_REFUNDED` is partially refunded."""
    return (spelled or "unknown").replace("_", " ").lower()


def _note(cause: Cause) -> CauseNote:
    return CATALOGUE[cause]


def _many(count: int, one: str, several: str | None = None) -> str:
    return f"{count:,} {one if count == 1 else several or one + 's'}"


def tally(count: int) -> str:
    """Say how many there are, as far as they are counted: 10,000+."""
    return f"{COUNTED_TO:,}+" if count > COUNTED_TO else f"{count:,}"


def _many_or_more(count: int, one: str) -> str:
    return f"{tally(count)} {one if count == 1 else one + 's'}"


def _flat(document: Mapping[str, object]) -> str:
    """Say a change's document as a person reads it: `name: Ada, role: admin`."""
    return ", ".join(
        f"{name}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"
        for name, value in document.items()
    )


def _spelled(sentence: str) -> Markup:
    """Set what stands between backticks as code."""
    words = (
        Markup("<code>{}</code>").format(one) if at % 2 else escape(one) for at, one in enumerate(sentence.split("`"))
    )
    return Markup("").join(words)


def order_path(name: str, connection: str) -> str:
    """Return the address of an order's page."""
    return f"/orders/{quote(connection, safe='')}/{quote(name.removeprefix('#'))}"


def _variant_of(ids: Sequence[str]) -> str | None:
    """Return the first variant among the ids of a held object and of what it needs, None where there is none."""
    return next((one for one in ids if one.startswith("gid://shopify/ProductVariant/")), None)


def _capitalized(text: str) -> str:
    """Return a text as a heading begins."""
    return text[:1].upper() + text[1:]


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
    age=age,
    exact=exact,
    up_to=up_to,
    lasting=lasting,
    words=_words,
    note=_note,
    many=_many,
    tally=tally,
    many_or_more=_many_or_more,
    order_path=order_path,
    item_path=item_path,
    variant_of=_variant_of,
    flat=_flat,
    spelled=_spelled,
    called=called,
    capitalized=_capitalized,
)
_templates.globals["static"] = _versions()
