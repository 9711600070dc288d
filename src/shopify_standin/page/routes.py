"""The route of the page: no script, style or picture comes from another host."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, Template
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from shopify_standin.page.overview import overview_of
from shopify_standin.standin import Standin

POLICY = "default-src 'self'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"


@cache
def _template() -> Template:
    text = (Path(__file__).parent / "overview.html").read_text()
    return Environment(autoescape=True).from_string(text)


def page_routes(standin: Standin) -> list[Route]:
    """`GET /_standin/`."""

    async def page(_request: Request) -> Response:
        standin.catch_up()
        html = _template().render(page=overview_of(standin))
        return HTMLResponse(html, headers={"Content-Security-Policy": POLICY})

    return [Route("/_standin/", page, methods=["GET"])]
