"""A real Chromium for tests of the portal: where it is, who is logged in, and why a test is skipped without it."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.async_api import Browser, Page, expect
from tests.edge.edge_desk import Person

from crossdock.edge.recognizing import cookie_name

CHROMIUM = Path("/usr/bin/chromium")

# What a page is expected to show may take this many milliseconds on a busy machine; it fails no sooner than that.
expect.set_options(timeout=20_000)

IN_CI = os.environ.get("CI") == "true"

BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not CHROMIUM.exists() and not IN_CI, reason=f"no Chromium at {CHROMIUM} (Debian: apt-get install chromium)"
    ),
]
"""The marks of a module whose tests need Chromium; in CI they run, or fail."""

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


@dataclass(frozen=True, slots=True)
class AdasBrowser:
    """A Chromium in which an admin is logged in at this machine's portals."""

    chromium: Browser
    ada: Person

    async def new_page(self, **options: Any) -> Page:
        page = await self.chromium.new_page(**options)
        name = cookie_name(secure=False)
        await page.context.add_cookies([{"name": name, "value": self.ada.cookie, "domain": "127.0.0.1", "path": "/"}])
        return page
