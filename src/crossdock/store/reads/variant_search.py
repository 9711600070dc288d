"""
What a person may look for to find a variant or its item: a part of the title, the SKU, the barcode or the item's code.

Case is ignored. The SKU counts as it is and as it was when it was linked.
"""

from crossdock.model.names import ConnectionId
from crossdock.store.reads.search import Search, has_part, looking_for

_SEARCHED = (("variants", "words"), ("links", "lower(item)"), ("links", "lower(sku)"))


def search_for(words: str, table: str, variant: str, connection: ConnectionId | None) -> Search:
    """Return the search for rows of a table by the variant in a column; of `links` it is by item and SKU, too."""
    of = " AND connection = :connection" if connection else ""
    seen = f"""EXISTS (
        SELECT FROM variants
         WHERE variants.connection = {table}.connection AND variants.variant = {table}.{variant} AND words LIKE :part
    )"""
    return Search(
        sources=[
            f"SELECT connection, variant FROM {where} WHERE {has_part(searched, words)}{of}"  # noqa: S608 - as above
            for where, searched in _SEARCHED
        ],
        holds=f"(lower(item) LIKE :part OR lower(sku) LIKE :part OR {seen})" if table == "links" else seen,
        given={"connection": connection, **looking_for(words)},
    )
