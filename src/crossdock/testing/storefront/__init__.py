"""
A store that lives in memory, held to the same suite as the real adapter, and able to fail at will.

`storefront.py` stands at the port, `shop.py` is the shop behind it with the counter at which a test sells, and
`wire.py` what lies between the two. What the shop keeps and what Shopify would do to it has a module per kind of
object; none of those awaits anything, and none knows of the port.
"""

from crossdock.testing.storefront.storefront import FakeStorefront

__all__ = ["FakeStorefront"]
