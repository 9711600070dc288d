"""
Every table of the warehouse, as it should be; `migrations/` brings a database there, and a test proves that it does.

Times come from `warehouse_now()`, one SQL function that a simulation may replace.
"""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Numeric,
    Sequence,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

SCHEMA = "builtin_warehouse"

metadata = MetaData(
    schema=SCHEMA,
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    },
)

happenings = Sequence("happenings", metadata=metadata)
"""
Numbers everything that happens, in the order of commit, because only one transaction at a time writes.

A stock movement keeps its number for good; an item, an order and a stock row keep that of their latest change, so a
reader who saw everything up to a number asks for what has a greater one, and nothing has to be cleaned up.
"""

_happening = text(f"nextval('{SCHEMA}.happenings'::regclass)")
_now = func.builtin_warehouse.warehouse_now()
_when = DateTime(timezone=True)

items = Table(
    "items",
    metadata,
    Column("code", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("sku", Text),
    Column("barcodes", ARRAY(Text), nullable=False),
    Column("changed", BigInteger, nullable=False, server_default=_happening),
    Index(None, "sku"),
    Index(None, "barcodes", postgresql_using="gin"),
    Index(None, "changed"),
)

kit_components = Table(
    "kit_components",
    metadata,
    # What a kit is assembled from. An item that is here as a kit has no stock; a component is no kit.
    Column("kit", Text, ForeignKey(items.c.code), primary_key=True),
    Column("component", Text, ForeignKey(items.c.code), primary_key=True),
    Column("units", Integer, nullable=False),
    CheckConstraint("units > 0", name="units"),
    Index(None, "component"),
)

warehouses = Table(
    "warehouses",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
)

stock = Table(
    "stock",
    metadata,
    # What the ledger adds up to, written in the same statement. Rows are never deleted.
    Column("item", Text, ForeignKey(items.c.code), primary_key=True),
    Column("warehouse", Text, ForeignKey(warehouses.c.code), primary_key=True),
    Column("on_hand", Integer, nullable=False),
    Column("reserved", Integer, nullable=False),  # may exceed on_hand: a backorder
    Column("picked", Integer, nullable=False),  # on hand, on a cart
    Column("packed", Integer, nullable=False),  # on hand, in a package that has not left
    Column("changed", BigInteger, nullable=False),
    CheckConstraint("on_hand >= 0", name="on_hand"),
    CheckConstraint("picked >= 0 AND packed >= 0", name="handled"),
    CheckConstraint("picked + packed <= on_hand AND picked + packed <= reserved", name="handled_is_held"),
    Index(None, "changed"),
)

ledger = Table(
    "ledger",
    metadata,
    # Append-only. What each movement added to the four figures of a stock row, and why.
    Column("sequence", BigInteger, primary_key=True, autoincrement=False, server_default=_happening),
    Column("item", Text, ForeignKey(items.c.code), nullable=False),
    Column("warehouse", Text, ForeignKey(warehouses.c.code), nullable=False),
    Column("reason", Text, nullable=False),
    Column("on_hand", Integer, nullable=False),
    Column("reserved", Integer, nullable=False),
    Column("picked", Integer, nullable=False),
    Column("packed", Integer, nullable=False),
    Column("reference", Text),  # of the order, or of the package, that it was done for
    Column("note", Text),
    Column("at", _when, nullable=False, server_default=_now),
    Index(None, "item", "sequence"),
)

orders = Table(
    "orders",
    metadata,
    Column("key", Text, primary_key=True),  # the hub's, the same at every try
    Column("number", Integer, nullable=False),
    Column("reference", Text, nullable=False),  # SO-000123
    Column("name", Text, nullable=False),  # as the shop calls it: #1001
    Column("order_id", Text, nullable=False),
    Column("warehouse", Text, ForeignKey(warehouses.c.code), nullable=False),
    Column("state", Text, nullable=False),
    Column("request", JSONB, nullable=False),  # the whole request: where to ship, what to collect
    Column("on_hold", Text),  # why it does not go on; null where it does
    Column("accepted_at", _when, nullable=False, server_default=_now),
    Column("changed_at", _when, nullable=False, server_default=_now),
    Column("changed", BigInteger, nullable=False, server_default=_happening),
    UniqueConstraint("number"),
    UniqueConstraint("reference"),
    Index(None, "changed"),
    Index(None, "state", "number"),
)

order_lines = Table(
    "order_lines",
    metadata,
    # Each ordered unit is in one place: waiting (none of these), picked, packed, shipped or given up as short.
    Column("key", Text, ForeignKey(orders.c.key), primary_key=True),
    Column("line", Text, primary_key=True),  # the hub's reference: fulfillment order line id
    Column("position", Integer, nullable=False),
    Column("item", Text, ForeignKey(items.c.code), nullable=False),
    Column("ordered", Integer, nullable=False),
    Column("picked", Integer, nullable=False),
    Column("packed", Integer, nullable=False),
    Column("shipped", Integer, nullable=False),
    Column("short", Integer, nullable=False),
    Column("components", JSONB(none_as_null=True)),  # of a kit, as it was when the order was accepted
    CheckConstraint("least(picked, packed, shipped, short) >= 0", name="places"),
    CheckConstraint("picked + packed + shipped + short <= ordered", name="no_more_than_ordered"),
)

packages = Table(
    "packages",
    metadata,
    Column("id", Text, primary_key=True),  # SO-000123-1
    Column("key", Text, ForeignKey(orders.c.key), nullable=False),
    Column("position", Integer, nullable=False),
    Column("carrier", Text),
    Column("tracking_number", Text),
    Column("tracking_url", Text),
    Column("shipped_at", _when),  # null: packed, not gone yet
    Column("cancelled_at", _when),  # taken back after it left; its units wait again
    Column("warehouse", Text, ForeignKey(warehouses.c.code)),  # where it left from; null for the order's own
    Index(None, "key", "position"),
)

package_events = Table(
    "package_events",
    metadata,
    # What happened to packages on their way. Append-only.
    Column("package", Text, ForeignKey(packages.c.id, ondelete="CASCADE"), primary_key=True),
    Column("status", Text, primary_key=True),
    Column("happened_at", _when, primary_key=True),
)

package_lines = Table(
    "package_lines",
    metadata,
    Column("package", Text, ForeignKey(packages.c.id, ondelete="CASCADE"), primary_key=True),
    Column("line", Text, primary_key=True),
    Column("key", Text, nullable=False),
    Column("units", Integer, nullable=False),
    ForeignKeyConstraint(["key", "line"], ["builtin_warehouse.order_lines.key", "builtin_warehouse.order_lines.line"]),
    CheckConstraint("units > 0", name="units"),
)

returns = Table(
    "returns",
    metadata,
    Column("key", Text, primary_key=True),  # the hub's; of what nobody announced, our reference
    Column("number", Integer, nullable=False),
    Column("reference", Text, nullable=False),  # RMA-000123
    Column("name", Text, nullable=False),  # as the shop calls it: #1001-R1
    Column("order_id", Text, nullable=False),
    Column("warehouse", Text, ForeignKey(warehouses.c.code), nullable=False),
    Column("announced", Boolean, nullable=False),
    Column("lines", JSONB, nullable=False),  # what is expected
    Column("arrivals", JSONB, nullable=False),  # what came, and what became of it
    Column(
        "announced_parcels", JSONB, nullable=False, server_default=text("'[]'::jsonb")
    ),  # on their way, as the shop knows them
    Column("parcels", JSONB, nullable=False, server_default=text("'[]'::jsonb")),  # on their way, as we know them
    Column("closed", Boolean, nullable=False),
    Column("changed", BigInteger, nullable=False, server_default=_happening),
    UniqueConstraint("number"),
    UniqueConstraint("reference"),
    Index(None, "changed"),
    Index(None, "order_id"),
)

credit_documents = Table(
    "credit_documents",
    metadata,
    Column("key", Text, primary_key=True),  # the refund's id at Shopify
    Column("number", Integer, nullable=False),
    Column("reference", Text, nullable=False),  # CR-000123
    Column("order_id", Text, nullable=False),
    Column("document", JSONB, nullable=False),
    Column("booked_at", _when, nullable=False, server_default=_now),
    UniqueConstraint("number"),
    Index(None, "order_id"),
)

refund_requests = Table(
    "refund_requests",
    metadata,
    Column("key", Text, primary_key=True),  # RR-000123
    Column("number", Integer, nullable=False),
    Column("order_id", Text, nullable=False),
    Column("order_name", Text, nullable=False),
    Column("amount", Numeric, nullable=False),
    Column("currency", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("made", Boolean),  # null: not answered yet
    Column("refund_id", Text),
    Column("said", Text),
    Column("changed", BigInteger, nullable=False, server_default=_happening),
    UniqueConstraint("number"),
    Index(None, "changed"),
    Index(None, "order_id"),
    CheckConstraint("amount > 0", name="amount"),
)
