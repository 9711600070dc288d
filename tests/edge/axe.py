"""
What axe finds of a page that keeps somebody out.

axe-core (Deque, MPL-2.0) is not part of the project; CI installs it beside Chromium:
`npm install --prefix .axe --no-save axe-core`.
"""

from pathlib import Path

import pytest
from playwright.async_api import Page
from tests.edge.chromium import IN_CI

_AXE = Path(__file__).parents[2] / ".axe/node_modules/axe-core/axe.min.js"

IS_HERE = _AXE.exists() or IN_CI

NEEDED = pytest.mark.skipif(not IS_HERE, reason="no axe-core here: npm install --prefix .axe --no-save axe-core")

_FOUND = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.flatMap(
  (rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary}`))"""


async def violations(page: Page) -> list[str]:
    """Return each violation: the rule, where, and what is wrong. Raises FileNotFoundError where there is no axe."""
    if not await page.evaluate("'axe' in window"):
        # Through the debugger, as the page's own policy lets no foreign script in.
        await page.evaluate(_AXE.read_text())
    some: list[str] = await page.evaluate(_FOUND)
    return some
