"""Pages that walk through the code name files that are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs" / "explanation").glob("*.md"))
LINKING = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
NAMED = re.compile(r"`([a-z_]+/(?:[a-z_]+/)*(?:[a-z_]+\.(?:py|graphql))?)`")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_path_in_an_explanation_is_there(page: Path) -> None:
    places = (ROOT / "src" / "crossdock", ROOT)

    missing = [name for name in NAMED.findall(page.read_text()) if not any((at / name).exists() for at in places)]

    assert missing == []


@pytest.mark.parametrize("page", LINKING, ids=lambda page: page.stem)
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()]

    assert broken == []
