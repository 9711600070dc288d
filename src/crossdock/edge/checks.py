"""What the doctor looked at, how it is, and what mends it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a check of the installation went."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """
    One thing that was checked.

    `remedy` is empty where nothing is wrong; `mend` is the portal's page on which it is mended, where there is one.
    """

    subject: str
    verdict: Verdict
    finding: str
    remedy: str = ""
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Examined:
    """What the doctor found; `healthy` where nothing fails."""

    healthy: bool
    checks: Sequence[Check]


def examined(checks: Sequence[Check]) -> Examined:
    """Return the checks with what they come to."""
    return Examined(all(check.verdict is not Verdict.FAIL for check in checks), checks)
