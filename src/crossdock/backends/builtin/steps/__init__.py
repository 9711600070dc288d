"""
The steps of an order through the warehouse: what is allowed, and what it moves. Pure; `order_book.py` writes it down.

Each unit of a line is in one place: waiting, picked, packed, shipped, or given up as short. A step moves units from
place to place, and stock along with them.
"""

from crossdock.backends.builtin.steps.asked import accept, amend, stop
from crossdock.backends.builtin.steps.leaving import report, ship, ship_from, take_back, track
from crossdock.backends.builtin.steps.sales_order import Kits, Label, Line, Parcel, SalesOrder, Sent, Step, Wanted
from crossdock.backends.builtin.steps.units import reserved_units
from crossdock.backends.builtin.steps.work import cancel, hold, pack, pick, release, resume, short_ship

__all__ = [
    "Kits",
    "Label",
    "Line",
    "Parcel",
    "SalesOrder",
    "Sent",
    "Step",
    "Wanted",
    "accept",
    "amend",
    "cancel",
    "hold",
    "pack",
    "pick",
    "release",
    "report",
    "reserved_units",
    "resume",
    "ship",
    "ship_from",
    "short_ship",
    "stop",
    "take_back",
    "track",
]
