"""How a request is called at the backend. Pure."""

from collections.abc import Collection

from crossdock.model.connection import OrderRules


def request_name(rules: OrderRules, order_name: str, taken: Collection[str]) -> str:
    """
    Return the name of an order's next request: the order's, with a suffix from the second on.

    `taken` are the names that the order's other requests have; a name once given is never given again.
    """
    plain = rules.name.replace("{name}", order_name)
    if plain not in taken:
        return plain
    # A suffix without the number would make the same name for ever.
    suffix = rules.suffix if "{n}" in rules.suffix else rules.suffix + "{n}"
    number = len(taken) + 1
    while (name := plain + suffix.replace("{n}", str(number))) in taken:
        number += 1
    return name
