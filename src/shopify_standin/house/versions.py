"""Which version answers: one no longer (or never) served falls forward to the oldest served (Shopify docs)."""

import re

from shopify_standin.schema import VERSIONS


def served_version(asked: str) -> str:
    """The version that answers a request for `asked`; unknown words and futures get the newest."""
    if asked in VERSIONS:
        return asked
    if re.match(r"^\d{4}-\d{2}$", asked) and asked < VERSIONS[0]:
        return VERSIONS[0]
    return VERSIONS[-1]
