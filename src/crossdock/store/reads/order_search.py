"""
What a person may look for to find an order, and where it is found.

- a part of the order's name, case ignored;
- a tracking number of one of its packages, whole, case and blanks ignored;
- the SKU (case ignored) or item code of what the backend was asked for, or of what Shopify waits for;
- the customer's e-mail address or last name, whole, case ignored, where a request to a backend holds them. Nothing is
  kept for the search: who was forgotten is not found.
"""

from collections.abc import Mapping
from typing import Final

FOUND: Final = """
    goods AS (
        SELECT connection, item, inventory_item FROM links WHERE lower(sku) = lower(:word)
        UNION
        SELECT links.connection, item, inventory_item
          FROM connections JOIN links ON links.connection = connections.id AND links.item = :word
    ),
    found AS (
        SELECT connection, order_id FROM packages WHERE upper(tracking_number) = :tracking_number
        UNION
        SELECT requests.connection, order_id FROM goods
          JOIN request_lines USING (connection, item)
          JOIN requests USING (connection, key)
        UNION
        SELECT connection, order_id FROM goods JOIN commitments USING (connection, inventory_item) WHERE remaining > 0
        UNION
        SELECT connection, order_id FROM requests
         WHERE lower(terms #>> '{request,email}') = lower(:word) AND erased_at IS NULL
        UNION
        SELECT connection, order_id FROM requests
         WHERE lower(terms #>> '{request,ship_to,last_name}') = lower(:word) AND erased_at IS NULL
    )
"""
"""Two common tables; `found` are the orders by everything but their name."""

IS_FOUND: Final = "(name ILIKE :name OR (connection, order_id) IN (SELECT connection, order_id FROM found))"


def looked_for(text: str) -> Mapping[str, str]:
    """Return the parameters of a search for `text`."""
    return {"word": text, "name": f"%{_literally(text)}%", "tracking_number": "".join(text.split()).upper()}


def _literally(name: str) -> str:
    r"""Take the meaning out of `%`, `_` and `\`."""
    return name.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
