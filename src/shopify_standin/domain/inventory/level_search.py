"""Searching the levels of an item or of a location."""

from shopify_standin.search import filters
from shopify_standin.search.search import Search

LEVEL_SEARCH = Search(
    {
        "id": filters.number(lambda x, _: x.id),
        "inventory_item_id": filters.number(lambda x, _: x.item_id),
        "inventory_group_id": filters.number(lambda x, _: x.id),
        "created_at": filters.moment(lambda x, _: x.created_at),
        "updated_at": filters.moment(lambda x, _: x.updated_at),
    },
    filters.number(lambda x, _: x.id),
)
