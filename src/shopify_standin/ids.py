"""Global ids: `gid://shopify/<Type>/<number>`, numbered from one counter per type, so runs repeat exactly."""

import re
from collections import Counter
from dataclasses import dataclass, field

from shopify_standin.errors import InvalidId

FIRST = 10_000_000_001
"""Above 32 bits, as real ids are, so that a client that keeps them in 32 bits is found out."""

_GID = re.compile(r"^gid://shopify/(\w+)/(\d+)(?:\?.*)?$")


@dataclass(slots=True)
class Ids:
    """Hands out the next number of each type."""

    used: Counter[str] = field(default_factory=Counter)

    def next(self, type_name: str) -> int:
        """The next unused number for `type_name`."""
        number = FIRST + self.used[type_name]
        self.used[type_name] += 1
        return number


def gid(type_name: str, number: int) -> str:
    """The global id of a numbered object."""
    return f"gid://shopify/{type_name}/{number}"


def parse_gid(value: str) -> tuple[str, int]:
    """Type name and number of a global id; raises InvalidId where it is malformed."""
    match = _GID.match(value)
    if match is None:
        raise InvalidId
    return match[1], int(match[2])


def number_of(value: str, *type_names: str) -> int:
    """The number of an id that must be of one of `type_names`; raises InvalidId otherwise."""
    type_name, number = parse_gid(value)
    if type_name not in type_names:
        raise InvalidId
    return number
