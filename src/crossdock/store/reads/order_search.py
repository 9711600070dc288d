"""
What a person may look for to find an order, and where it is found.

- a part of the order's name, case ignored;
- a tracking number of one of its packages, whole, case and blanks ignored;
- the SKU (case ignored) or item code of what the backend was asked for, or of what Shopify waits for;
- the customer's e-mail address or last name, whole, case ignored, where a request to a backend holds them. Nothing is
  kept for the search: who was forgotten is not found.
"""

from typing import Final

from crossdock.store.reads.search import Search, has_part, looking_for

_GOODS: Final = """
    SELECT connection, item, inventory_item FROM links WHERE lower(sku) = lower(:word)
    UNION
    SELECT links.connection, item, inventory_item
      FROM connections JOIN links ON links.connection = connections.id AND links.item = :word
"""

_NAME: Final = "lower(name)"

_SOURCES: Final = (
    "SELECT connection, order_id FROM packages WHERE upper(tracking_number) = :tracking_number",
    f"""
    SELECT requests.connection, order_id FROM ({_GOODS}) AS goods
      JOIN request_lines USING (connection, item)
      JOIN requests USING (connection, key)
    """,  # noqa: S608 - all of it is written here
    f"""
    SELECT connection, order_id FROM ({_GOODS}) AS goods
      JOIN commitments USING (connection, inventory_item) WHERE remaining > 0
    """,  # noqa: S608 - all of it is written here
    """
    SELECT connection, order_id FROM requests
     WHERE lower(terms #>> '{request,email}') = lower(:word) AND erased_at IS NULL
    """,
    """
    SELECT connection, order_id FROM requests
     WHERE lower(terms #>> '{request,ship_to,last_name}') = lower(:word) AND erased_at IS NULL
    """,
)

_MINE: Final = "{0}.connection = orders.connection AND {0}.order_id = orders.order_id"

# By itself for each order that is walked along; OFFSET 0 keeps PostgreSQL from reading all of a subquery before.
_HOLDS: Final = f"""(
    {_NAME} LIKE :part
    OR EXISTS (SELECT FROM packages
                WHERE {_MINE.format("packages")} AND upper(tracking_number) = :tracking_number OFFSET 0)
    OR EXISTS (SELECT FROM requests JOIN request_lines USING (connection, key)
                WHERE {_MINE.format("requests")}
                  AND (connection, item) IN (SELECT connection, item FROM goods) OFFSET 0)
    OR EXISTS (SELECT FROM commitments
                WHERE {_MINE.format("commitments")} AND remaining > 0
                  AND (connection, inventory_item) IN (SELECT connection, inventory_item FROM goods) OFFSET 0)
    OR EXISTS (SELECT FROM requests
                WHERE {_MINE.format("requests")} AND erased_at IS NULL
                  AND lower(:word) IN (lower(terms #>> '{{request,email}}'),
                                       lower(terms #>> '{{request,ship_to,last_name}}')) OFFSET 0)
)"""  # noqa: S608 - all of it is written here


def search_for(word: str) -> Search:
    """Return the search for orders."""
    by_name = f"SELECT connection, order_id FROM orders WHERE {has_part(_NAME, word)}"  # noqa: S608 - as above
    return Search(
        sources=[by_name, *_SOURCES],
        holds=_HOLDS,
        given={"word": word, "tracking_number": "".join(word.split()).upper(), **looking_for(word)},
        tables=f"WITH goods AS MATERIALIZED ({_GOODS})",
    )
