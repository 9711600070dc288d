"""The how-to's table of what is late is the rule itself."""

import re
from datetime import timedelta
from pathlib import Path

from crossdock.model.lateness import LATE_AFTER

PAGE = Path(__file__).parents[2] / "docs/how-to/work-in-the-portal.md"
UNITS = {"hour": timedelta(hours=1), "day": timedelta(days=1)}


def test_the_table_says_what_the_rule_says() -> None:
    rows = re.findall(r"^\| ([A-Z][a-z ]+) \| (\d+) (hour|day)s? \|$", PAGE.read_text(), re.MULTILINE)

    assert {label: int(many) * UNITS[unit] for label, many, unit in rows} == {
        state.label: most for state, most in LATE_AFTER.items()
    }
