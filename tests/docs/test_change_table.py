"""The page of the decision table cannot drift from the table."""

from pathlib import Path

from tests.docs.change_table import page

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "changes.md"


def test_the_page_is_what_the_table_says() -> None:
    assert PAGE.read_text() == page(), "run: python -m tests.docs.change_table > docs/reference/changes.md"
