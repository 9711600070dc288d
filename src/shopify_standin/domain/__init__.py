"""
What Shopify does, one folder or module per kind of object. Importing this package enters every resolver.

A domain module reads and changes the World, nothing else; it may use the model, the connections and the search.
A new one enters its resolvers through `registry` and is imported here.
"""

from shopify_standin.domain import shop

__all__ = ["shop"]
