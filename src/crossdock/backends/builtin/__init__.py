"""
The built-in warehouse: small, but real, for a shop that has no other system, for the demo and for tests.

It keeps its books in its own schema of the hub's database and shares no table with the hub. To the flows it is a
backend like any other (`backend.py`). People work in it through the floor (`floor.py`); what they may do is decided
by pure functions (`stock.py`, `steps`), and what was done is written by `books.py` and `order_book.py`. `kits.py`
says which items are assembled from others when they are ordered.
"""

from crossdock.backends.builtin.floor import WarehouseFloor, open_floor
from crossdock.backends.builtin.plugin import plugin

__all__ = ["WarehouseFloor", "open_floor", "plugin"]
