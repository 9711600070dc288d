"""
Every table of the hub, as it should be; `migrations/` brings a database there, and a test proves that it does.

Times come from `hub_now()`, one SQL function that a simulation may replace, never from a worker's clock. A text's
`hub_grams()` are all its two and three letters in a row, for indexes by which a part of it is found.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Sequence,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

SEALED = {"sealed": True}
"""What a column says of itself that holds secrets under seal: they are found by it when the key is changed."""

_now = func.hub_now()
_when = DateTime(timezone=True)

stores = Table(
    "stores",
    metadata,
    Column("domain", Text, primary_key=True),
    Column("endpoint", Text),  # only for a stand-in: where to call instead of https://{domain}
    Column("api_version", Text, nullable=False),
    Column("token", LargeBinary, info=SEALED),  # null once the app was uninstalled
    Column("secrets", ARRAY(LargeBinary), nullable=False, info=SEALED),  # newest first, any may sign a webhook
    Column("refresh_token", LargeBinary, info=SEALED),  # renews the token of an app installed by redirect, once
    Column("client_id", Text),  # of an app whose tokens are asked for anew; null where the token lasts
    Column("token_expires_at", _when),  # null where it lasts, or is to be asked for at once
    Column("added_at", _when, nullable=False, server_default=_now),
    Column("installed_at", _when, nullable=False, server_default=_now),  # since when the token is the one it is
    Column("uninstalled_at", _when),
    Column("paused", Text),  # the sentence of what Shopify said; null while the store works
    Column("paused_at", _when),
)

connections = Table(
    "connections",
    metadata,
    Column("id", Text, primary_key=True),
    Column("store", Text, ForeignKey("stores.domain"), nullable=False),
    Column("backend", Text, nullable=False),  # kind, as the plugin's manifest spells it
    Column("settings", LargeBinary, nullable=False, info=SEALED),  # JSON of the plugin's settings model
    Column("flows", ARRAY(Text), nullable=False),
    Column("rules", JSONB, nullable=False),
    Column("added_at", _when, nullable=False, server_default=_now),
    Column("shadow_since", _when),  # null while it writes
    Column("started_at", _when),  # null while it is being set up: nothing is done for it
    Index(None, "store"),
)

mappings = Table(
    "mappings",
    metadata,
    # Append-only: the highest version is the one in force, and orders stay with the one that they were sent with.
    Column("connection", Text, ForeignKey("connections.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("author", Text, nullable=False),
    Column("at", _when, nullable=False, server_default=_now),
    Column("note", Text, nullable=False),
    Column("document", JSONB, nullable=False),
)

shadow_writes = Table(
    "shadow_writes",
    metadata,
    # What a shadow would have written, the latest of each act on each thing; nothing that names people.
    Column("connection", Text, ForeignKey("connections.id"), primary_key=True),
    Column("side", Text, primary_key=True),  # shopify or backend
    Column("act", Text, primary_key=True),
    Column("about", Text, primary_key=True),
    Column("order_id", Text),
    Column("sentence", Text, nullable=False),
    Column("there", Integer),  # of a stock level: the units that Shopify was last seen to have
    Column("would", Integer),  # and those that would be written
    Column("first_at", _when, nullable=False, server_default=_now),
    Column("last_at", _when, nullable=False, server_default=_now),
    Column("times", Integer, nullable=False, server_default="1"),
)

location_maps = Table(
    "location_maps",
    metadata,
    Column("connection", Text, ForeignKey("connections.id"), primary_key=True),
    Column("location", Text, primary_key=True),
    Column("warehouse", Text, primary_key=True),
)

locations = Table(
    "locations",
    metadata,
    # What they are called, for people to read; nothing is decided by it.
    Column("connection", Text, primary_key=True),
    Column("location", Text, primary_key=True),
    Column("name", Text, nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    # Shopify: one delivery has one webhook id; retries are believed to keep it (unverified), so news may repeat.
    Column("store", Text, primary_key=True),
    Column("webhook_id", Text, primary_key=True),
    Column("event_id", Text),
    Column("topic", Text, nullable=False),
    Column("api_version", Text),
    Column("triggered_at", _when),
    Column("received_at", _when, nullable=False, server_default=_now),
    Column("headers", JSONB, nullable=False),
    Column("body", LargeBinary, nullable=False),  # stored as it came, not compressed; empty once erased
    Column("taken_up_at", _when),  # only of what no flow follows: privacy topics and the end of an installation
    Index(None, "store", "received_at"),
    Index(
        None,
        "received_at",
        postgresql_where=text(
            "taken_up_at IS NULL AND topic IN "
            "('customers/data_request', 'customers/redact', 'shop/redact', 'app/uninstalled')"
        ),
    ),
)

news = Table(
    "news",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("connection", Text, nullable=False),
    Column("flow", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("due_at", _when, nullable=False, server_default=_now),
    Column("at", _when, nullable=False, server_default=_now),
    Column("trace", Text),  # W3C traceparent of what learned it; null where nobody traces
    Index(None, "connection", "flow", "id"),
)

fencing = Sequence("fencing_tokens", metadata=metadata)

pending = Table(
    "pending",
    metadata,
    Column("connection", Text, primary_key=True),
    Column("flow", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("generation", BigInteger, nullable=False, server_default="1"),  # grows with each news folded in
    Column("reason", Text, nullable=False),  # of the newest news
    Column("due_at", _when, nullable=False),  # when a look is next worth it: after a wait, a back-off, a lease
    Column("first_due_at", _when, nullable=False),  # since when it waits; age in the portal
    Column("attempts", Integer, nullable=False, server_default="0"),  # failed ones in a row
    Column("last_error", Text),
    Column("claimed_by", Text),
    Column("claimed_generation", BigInteger),
    Column("claimed_until", _when),
    Column("token", BigInteger),  # fencing: a new one at each claim
    Column("trace", Text),  # of the newest news that has one
    # Partial, so that only queries by time use it. On a fresh database, without statistics, PostgreSQL took it for
    # queries by key too and read the whole flow each time (measured: half the throughput).
    Index(None, "connection", "flow", "due_at", postgresql_where=text("due_at < 'infinity'")),
    # Rows live for milliseconds; without eager vacuuming the claim's index scan walks over the dead ones.
    postgresql_with={
        "autovacuum_vacuum_scale_factor": "0.01",
        "autovacuum_vacuum_threshold": "500",
        "fillfactor": "70",
    },
)

holds = Table(
    "holds",
    metadata,
    Column("connection", Text, primary_key=True),
    Column("flow", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("cause", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("needs", ARRAY(Text), nullable=False),
    Column("since", _when, nullable=False, server_default=_now),
    Column("looked_at", _when, nullable=False, server_default=_now),
    # What a person does about it. The last three end as soon as a look finds something else than they read.
    Column("assigned_to", BigInteger, ForeignKey("users.id")),
    Column("snoozed_until", _when),
    Column("resolved_at", _when),
    Column("note", Text),
    Index(None, "needs", postgresql_using="gin"),
    Index(None, "connection", "cause", "since", "key"),
    Index(None, "flow", "cause", "connection", "key"),
    # Few among many: what people took on or put aside.
    Index(
        "ix_holds_taken_up",
        "connection",
        "cause",
        "since",
        "key",
        postgresql_where=text("assigned_to IS NOT NULL OR snoozed_until IS NOT NULL OR resolved_at IS NOT NULL"),
    ),
)

variants = Table(
    "variants",
    metadata,
    # What pages show and people's lists name; never decided upon. As the catalog flow last saw them.
    Column("connection", Text, primary_key=True),
    Column("variant", Text, primary_key=True),
    Column("inventory_item", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("sku", Text),
    Column("barcode", Text),
    Column("words", Text, nullable=False),  # title, SKU and barcode in lower case, to be searched
    Column("looked_at", _when, nullable=False, server_default=_now),
    Index(None, "connection", "sku", postgresql_where=text("sku IS NOT NULL")),
    Index(None, "connection", "barcode", postgresql_where=text("barcode IS NOT NULL")),
    Index("ix_variants_grams", text("hub_grams(words)"), postgresql_using="gin"),
)

links = Table(
    "links",
    metadata,
    Column("connection", Text, primary_key=True),
    Column("variant", Text, primary_key=True),
    Column("inventory_item", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("matched_by", Text, nullable=False),  # sku, barcode, person
    Column("sku", Text),  # the variant's, when it was linked
    Column("linked_at", _when, nullable=False, server_default=_now),
    Index(None, "connection", "inventory_item"),
    Index(None, "connection", "item", unique=True),  # one item, one variant: its stock is published once
    Index("ix_links_lower_sku", text("lower(sku)")),
    Index("ix_links_grams", text("hub_grams(lower(item))"), text("hub_grams(lower(sku))"), postgresql_using="gin"),
)

unlinked = Table(
    "unlinked",
    metadata,
    # What a person took off its item; no look links it again. The item and the person, for whoever wonders.
    Column("connection", Text, primary_key=True),
    Column("variant", Text, primary_key=True),
    Column("item", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", _when, nullable=False, server_default=_now),
)

orders = Table(
    "orders",
    metadata,
    # What pages show; never decided upon. The truth is at Shopify and at the backend.
    Column("connection", Text, primary_key=True),
    Column("order_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("placed_at", _when, nullable=False),
    Column("updated_at", _when, nullable=False),
    Column("financial_status", Text),
    Column("fulfillment_status", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("own_state", Text),  # how far it is whatever holds it; null of orders from before this was kept
    Column("units", Integer, nullable=False),
    Column("total", Text, nullable=False),
    Column("looked_at", _when, nullable=False, server_default=_now),
    Column("money", JSONB(none_as_null=True)),  # an Account; null before there was any
    Column("tags", ARRAY(Text), nullable=False, server_default="{}"),
    Column("heard_at", _when),  # since when the hub knew that it had to look; null of orders from before this was kept
    Column("state_since", _when, nullable=False, server_default=_now),
    Index(None, "connection", "placed_at"),
    Index(None, "connection", "name"),
    Index(None, "placed_at", "connection", "order_id"),
    Index(None, "state", "placed_at", "connection", "order_id"),
    Index("ix_orders_grams", text("hub_grams(lower(name))"), postgresql_using="gin"),
    Index(None, "heard_at"),
    # What is over is never late, and most orders are over.
    Index(
        None,
        "state",
        "state_since",
        postgresql_where=text("state IN ('waiting', 'at_warehouse', 'partly_shipped', 'short', 'held')"),
    ),
)

requests = Table(
    "requests",
    metadata,
    # One row per request to a backend, written before it is sent: accepted_at null means tried, outcome unknown.
    Column("connection", Text, primary_key=True),
    Column("key", Text, primary_key=True),  # fulfillment order id
    Column("order_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("warehouse", Text, nullable=False),
    Column("location", Text, nullable=False),
    Column("tried_at", _when, nullable=False, server_default=_now),
    Column("accepted_at", _when),
    Column("reference", Text),
    Column("state", Text),  # the backend's, as last seen
    Column("terms", JSONB(none_as_null=True)),  # what it rests on, as last agreed; null before this was kept
    Column("asking", Boolean, nullable=False, server_default="false"),  # a change was asked for, outcome unknown
    Column("stopping", Boolean, nullable=False, server_default="false"),  # asked to stop, and it did not say no
    # Whether its order was looked at to the end since it was accepted, so that what it wants is on record beside it.
    Column("counted", Boolean, nullable=False, server_default="false"),
    Column("shown", JSONB(none_as_null=True)),  # what Shopify shows of how far it is; null: nothing yet
    Column("erased_at", _when),  # since when nothing is held any more of the people behind it
    Index(None, "connection", "order_id"),
    # Few at any moment; each look at stock asks for them.
    Index("ix_requests_in_between", "connection", postgresql_where=text("asking OR NOT counted")),
    Index(None, "tried_at", postgresql_where=text("erased_at IS NULL")),
    # A person's orders are found for as long as the person is known, and no longer.
    Index(
        "ix_requests_lower_email",
        text("lower(terms #>> '{request,email}')"),
        postgresql_where=text("erased_at IS NULL"),
    ),
    Index(
        "ix_requests_lower_last_name",
        text("lower(terms #>> '{request,ship_to,last_name}')"),
        postgresql_where=text("erased_at IS NULL"),
    ),
)

request_lines = Table(
    "request_lines",
    metadata,
    Column("connection", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("line", Text, primary_key=True),  # fulfillment order line id
    Column("inventory_item", Text),
    Column("item", Text, nullable=False),
    Column("units", Integer, nullable=False),
    Column("short", Integer, nullable=False, server_default="0"),  # what the backend gave up on, as last seen
    Index(None, "connection", "line"),
    Index(None, "connection", "item"),
)

answers = Table(
    "answers",
    metadata,
    # What a person says to a held order; `detail` is what the hold said that was answered, in this flow.
    Column("connection", Text, primary_key=True),
    Column("order_id", Text, primary_key=True),
    Column("flow", Text, primary_key=True, server_default="orders"),
    Column("word", Text, nullable=False, server_default="leave"),
    Column("detail", Text, nullable=False),
    Column("answered_at", _when, nullable=False, server_default=_now),
)

overrides = Table(
    "overrides",
    metadata,
    # What people say in fields of an order's requests; personal data, erased with the order's people. `otherwise` is
    # what would be said without it, as last seen at seen_at; contradicted_at: when that became something else.
    Column("connection", Text, primary_key=True),
    Column("order_id", Text, primary_key=True),
    Column("field", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("at", _when, nullable=False, server_default=_now),
    Column("otherwise", Text),
    Column("seen_at", _when),
    Column("contradicted_at", _when),
)

cancellations = Table(
    "cancellations",
    metadata,
    # Orders that Shopify was asked to cancel, written before it is asked; `job` is null while its answer is not known.
    Column("connection", Text, primary_key=True),
    Column("order_id", Text, primary_key=True),
    Column("tried_at", _when, nullable=False, server_default=_now),
    Column("job", Text),
)

routes = Table(
    "routes",
    metadata,
    # Where orders are to ship from, each decision written before Shopify is told of it; names nobody.
    Column("connection", Text, primary_key=True),
    Column("order_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True),  # counts the decisions for one order
    Column("facts", JSONB, nullable=False),  # all that it was decided from, for replays
    Column("routed", JSONB, nullable=False),
    Column("decided_at", _when, nullable=False, server_default=_now),
    Column("moving_at", _when),  # of a move whose answer is not known
    Column("settled", Boolean, nullable=False),
    Column("told", Boolean, nullable=False, server_default="false"),  # whether the time line has it
    Column("rejected", ARRAY(Text), nullable=False),  # locations whose warehouse refused it, or gave it up
    Index(None, "connection", "decided_at"),
)

commitments = Table(
    "commitments",
    metadata,
    # What Shopify still waits for, by fulfillment order line, as its order was last looked at.
    Column("connection", Text, primary_key=True),
    Column("line", Text, primary_key=True),
    Column("order_id", Text, nullable=False),
    Column("inventory_item", Text, nullable=False),
    Column("location", Text, nullable=False),
    Column("total", Integer, nullable=False),
    Column("remaining", Integer, nullable=False),
    Index(None, "connection", "order_id"),
    # Most lines are done with; a stock reading wants those that are not.
    Index(None, "connection", "inventory_item", postgresql_where=text("remaining > 0")),
)

packages = Table(
    "packages",
    metadata,
    # One row per package, written before Shopify is told: fulfillment null means tried, outcome unknown.
    Column("connection", Text, primary_key=True),
    Column("package", Text, primary_key=True),
    Column("key", Text, nullable=False),  # the request it left for
    Column("order_id", Text, nullable=False),
    # In the backend's words, as last told or tried.
    Column("carrier", Text),
    Column("tracking_number", Text),
    Column("tracking_url", Text),
    Column("contents", JSONB, nullable=False),  # [[fulfillment order line id, units], …]
    Column("tried_at", _when, nullable=False, server_default=_now),
    Column("fulfillment", Text),
    Column("adopted", Boolean, nullable=False, server_default="false"),  # found at Shopify rather than created
    Column("told_at", _when),
    Column("correcting", Boolean, nullable=False, server_default="false"),  # told other tracking, outcome unknown
    Column("taken_back_at", _when),  # cancelled at the backend, as first seen
    Column("cancelled_at", _when),  # and Shopify knows
    Column("shipped_at", _when),  # by the backend's clock; null of packages from before this was kept
    Column("moved_to", Text),  # the location to which its goods were to move on Shopify, before it was told
    Column("moving_at", _when),  # when they were last to; null once it is known what came of it
    Column("begun", Boolean, nullable=False, server_default="true"),  # false while nothing but moving was tried
    Index(None, "connection", "order_id"),
    Index(None, "shipped_at"),
    Index("ix_packages_upper_tracking_number", text("upper(tracking_number)")),
    # Few ever come back; each raise of a level asks for them.
    Index("ix_packages_taken_back", "connection", postgresql_where=text("taken_back_at IS NOT NULL")),
)

package_events = Table(
    "package_events",
    metadata,
    # What happened to packages on their way, written before Shopify is told: told_at null means outcome unknown.
    Column("connection", Text, primary_key=True),
    Column("package", Text, primary_key=True),
    Column("status", Text, primary_key=True),
    Column("happened_at", _when, primary_key=True),
    Column("tried_at", _when, nullable=False, server_default=_now),
    Column("told_at", _when),
)

money_moves = Table(
    "money_moves",
    metadata,
    # One row per authorization that was captured, and per refund that a backend asked for; written before it is tried.
    Column("connection", Text, primary_key=True),
    Column("key", Text, primary_key=True),  # the authorization's id, or the backend's own name of the refund
    Column("order_id", Text, nullable=False),
    Column("what", Text, nullable=False),  # what was tried or asked last, in words that name no people
    Column("telling", Boolean, nullable=False, server_default="false"),  # tried, and the end of it is not known
    Column("tried_at", _when, nullable=False, server_default=_now),
    Column("refused", Text),  # what Shopify said to it
    Column("refusals", Integer, nullable=False, server_default="0"),  # each spends an idempotency key
    Column("refund_id", Text),
    Column("answer", Text),  # a person's, to a refund that needs one
    Index(None, "connection", "order_id"),
)

credit_documents = Table(
    "credit_documents",
    metadata,
    # One row per refund that the hub is done with, however.
    Column("connection", Text, primary_key=True),
    Column("refund_id", Text, primary_key=True),
    Column("order_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("total", Text, nullable=False),
    Column("state", Text, nullable=False),  # told, noted, waits (for a person), booked (by one)
    Column("reference", Text),  # the backend's own name of its document
    Column("settled_at", _when, nullable=False, server_default=_now),
    Index(None, "connection", "order_id"),
)

returns = Table(
    "returns",
    metadata,
    # One row per return that a backend was told of, or that began there.
    Column("connection", Text, primary_key=True),
    Column("key", Text, primary_key=True),  # the return's id; of what nobody announced, the backend's own name
    Column("order_id", Text, nullable=False),
    Column("return_id", Text),  # null: there is none at Shopify yet
    Column("reference", Text),  # the backend's own name, once it has heard of it
    Column("announced", JSONB(none_as_null=True)),  # [[return line id, units], …] as the backend last agreed to
    Column("telling", Text),  # what Shopify is being told, and has not answered
    Column("tried_at", _when, nullable=False, server_default=_now),
    Column("closed_at", _when),  # by the hub
    Column(
        "parcels", JSONB, nullable=False, server_default=text("'[]'::jsonb")
    ),  # on their way, as the backend last agreed to
    Column(
        "told_parcels", JSONB, nullable=False, server_default=text("'{}'::jsonb")
    ),  # the backend's own: numbers Shopify has
    Column("reverse_orders", ARRAY(Text), nullable=False, server_default="{}"),  # its reverse fulfillment orders
    Index(None, "connection", "order_id"),
    Index(None, "connection", "return_id"),
    Index(None, "reverse_orders", postgresql_using="gin"),
)

stock_ledger = Table(
    "stock_ledger",
    metadata,
    Column("connection", Text, primary_key=True),
    Column("inventory_item", Text, primary_key=True),
    Column("location", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("believed", Integer, nullable=False),  # what we believe Shopify holds as available
    Column("committed", Integer, nullable=False),  # and as sold and not fulfilled
    Column("trust", Text, nullable=False),
    Column("read_from", _when, nullable=False),
    Column("read_to", _when, nullable=False),
    Column("shipped", Integer, nullable=False, server_default="0"),
    Column("unproven", _when),
    Column("suspect", Integer),
    Column("kept", Integer, nullable=False, server_default="0"),
    Column("accepted", BigInteger, nullable=False, server_default="0"),
    Column("supplied", Integer),
    Column("push", Text),  # a write under way: written before it is tried, null again once its end is known
    Column("pushing", Integer),
    Column("written_at", _when),
    # How it was last decided, for people.
    Column("publish", Integer, nullable=False),
    Column("backend_available", Integer, nullable=False),
    Column("unseen", Integer, nullable=False),
    Column("buffer", Integer, nullable=False),
    Column("explained", Text, nullable=False),
    Column("sequence", BigInteger, nullable=False),  # of the backend's reading
    Column("decided_at", _when, nullable=False),
    Column("zeroed_at", _when),  # when a write of ours last took it to zero
    Index(None, "connection", "read_to"),
    Index(None, "connection", "push", postgresql_where=text("push IS NOT NULL")),
    Index(None, "connection", "inventory_item", postgresql_where=text("publish < 0")),
    Index(None, "connection", "zeroed_at", postgresql_where=text("zeroed_at IS NOT NULL")),
)

level_news = Table(
    "level_news",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("connection", Text, nullable=False),
    Column("inventory_item", Text, nullable=False),
    Column("location", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("units", Integer),
    Column("happened_at", _when),  # by Shopify's clock
    Index(None, "connection", "inventory_item"),
)

stock_pushes = Table(
    "stock_pushes",
    metadata,
    # Delta mode: a call whose answer may be lost is sent again as it was, with its key.
    Column("connection", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("rows", JSONB, nullable=False),  # [[inventory item, location, units to add], …]
    Column("tried_at", _when, nullable=False, server_default=_now),
)

stock_drift = Table(
    "stock_drift",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("connection", Text, nullable=False),
    Column("inventory_item", Text, nullable=False),
    Column("location", Text, nullable=False),
    Column("units", Integer, nullable=False),  # by how much Shopify had more than was expected
    Column("found", Integer, nullable=False),
    Column("done", Text, nullable=False),
    Column("found_at", _when, nullable=False, server_default=_now),
    Index(None, "connection", "found_at"),
    Index(None, "connection", "inventory_item", "found_at"),
)

stock_history = Table(
    "stock_history",
    metadata,
    # One row each time a level's figure changed or was written to Shopify; kept for a while, for people to read.
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("connection", Text, nullable=False),
    Column("inventory_item", Text, nullable=False),
    Column("location", Text, nullable=False),
    Column("at", _when, nullable=False, server_default=_now),
    Column("publish", Integer, nullable=False),
    Column("backend_available", Integer, nullable=False),
    Column("unseen", Integer, nullable=False),
    Column("written_at", _when),  # the level's latest write as of then
    Index(None, "connection", "inventory_item", "location", "id"),
)

stock_approvals = Table(
    "stock_approvals",
    metadata,
    Column("connection", Text, primary_key=True),
    Column("until", _when, nullable=False),
)

timeline = Table(
    "timeline",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("connection", Text, nullable=False),
    Column("order_id", Text, nullable=False),
    Column("at", _when, nullable=False, server_default=_now),
    Column("flow", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("sentence", Text, nullable=False),
    Index(None, "connection", "order_id", "id"),
)

watermarks = Table(
    "watermarks",
    metadata,
    Column("connection", Text, primary_key=True),
    Column("stream", Text, primary_key=True),  # orders, variants, backend
    Column("complete_to", _when),
    Column("cursor", Text),
    Column("checked_at", _when, nullable=False, server_default=_now),
)

unheard = Table(
    "unheard",
    metadata,
    # What a sweep found changed before any webhook told of it. A webhook of the topic that comes later clears it.
    Column("store", Text, primary_key=True),
    Column("topic", Text, primary_key=True),  # the one that should have told
    Column("key", Text, primary_key=True),
    Column("changed_at", _when, nullable=False),  # by Shopify's clock
    Column("found_at", _when, nullable=False, server_default=_now),
)

reconciliations = Table(
    "reconciliations",
    metadata,
    # One row per comparison of both sides that came to its end; how much was compared, how much differed.
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("connection", Text, nullable=False),
    Column("began_at", _when, nullable=False),
    Column("ended_at", _when, nullable=False, server_default=_now),
    Column("orders", Integer, nullable=False),
    Column("packages", Integer, nullable=False),
    Column("items", Integer, nullable=False),
    Column("differences", Integer, nullable=False),
    Index(None, "connection", "began_at"),
)

asked_comparisons = Table(
    "asked_comparisons",
    metadata,
    # A person wants both sides compared before it is due; gone as soon as one that began later came to its end.
    Column("connection", Text, primary_key=True),
    Column("asked_at", _when, nullable=False, server_default=_now),
)

differences = Table(
    "differences",
    metadata,
    # What a reconciliation found; open until a later comparison finds both sides to agree.
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("connection", Text, nullable=False),
    Column("flow", Text, nullable=False),  # the one that looks at it again
    Column("key", Text, nullable=False),
    Column("title", Text, nullable=False),  # what people call the object
    Column("sentence", Text, nullable=False),
    Column("remedy", Text, nullable=False),  # for a person, should a look not settle it
    Column("found_at", _when, nullable=False, server_default=_now),
    Column("checked_at", _when, nullable=False, server_default=_now),
    Column("cause", Text),  # why it is still there after a look; null until one was made
    Column("settled_at", _when),
    Index(
        "uq_differences_connection_flow_key",
        "connection",
        "flow",
        "key",
        unique=True,
        postgresql_where=text("settled_at IS NULL"),
    ),
)

budgets = Table(
    "budgets",
    metadata,
    Column("store", Text, primary_key=True),
    Column("maximum", Double, nullable=False),
    Column("available", Double, nullable=False),
    Column("restore_rate", Double, nullable=False),
    Column("in_flight", Double, nullable=False, server_default="0"),
    Column("measured_at", _when, nullable=False, server_default=_now),
    Column("reserved_at", _when, nullable=False, server_default=_now),
)

outages = Table(
    "outages",
    metadata,
    # One row per system outside while it answers nobody; it goes with the first answer.
    Column("party", Text, primary_key=True),
    Column("since", _when, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_try_at", _when, nullable=False),
    Column("said", Text, nullable=False),
)

exchanges = Table(
    "exchanges",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("store", Text, nullable=False),
    Column("operation", Text, nullable=False),
    Column("subjects", ARRAY(Text), nullable=False),
    Column("began_at", _when, nullable=False),
    Column("took_ms", Integer, nullable=False),
    Column("status", Integer),
    Column("outcome", Text, nullable=False),
    Column("request_id", Text),
    Column("requested_cost", Integer),
    Column("actual_cost", Integer),
    Column("request", JSONB),
    Column("response", JSONB),
    Column("trace_id", Text),  # of OpenTelemetry, in hex; null where nobody traces
    Index(None, "store", "began_at"),
    Index(None, "subjects", postgresql_using="gin"),
)

privacy_requests = Table(
    "privacy_requests",
    metadata,
    # What a person, by way of Shopify, asked to be told or to be forgotten. Outlives the store that it came from.
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("store", Text, nullable=False),
    Column("delivery", Text, nullable=False),  # webhook id, or what a person at the command line made of it
    Column("wish", Text, nullable=False),
    Column("customer", Text),  # gid
    Column("orders", ARRAY(Text), nullable=False),  # gids
    Column("email", Text),  # these two only until it is done
    Column("phone", Text),
    Column("received_at", _when, nullable=False, server_default=_now),
    Column("due_at", _when, nullable=False),
    Column("standing", Text, nullable=False),
    Column("said", Text),  # what is left to do, or what was done; never a person's data
    Column("done_at", _when),
    UniqueConstraint("store", "delivery"),
)

retention = Table(
    "retention",
    metadata,
    # How many days something is kept, where that is not the default.
    Column("kind", Text, primary_key=True),
    Column("days", Integer, nullable=False),
)

users = Table(
    "users",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),  # lower case
    Column("role", Text, nullable=False),
    Column("password", Text),  # Argon2id; null until the person has chosen one
    Column("added_at", _when, nullable=False, server_default=_now),
    Column("disabled_at", _when),
    Index(None, "email", unique=True),
)

sessions = Table(
    "sessions",
    metadata,
    Column("fingerprint", LargeBinary, primary_key=True),  # SHA-256 of the cookie's token
    Column("user", BigInteger, ForeignKey("users.id"), nullable=False),
    Column("began_at", _when, nullable=False, server_default=_now),
    Column("seen_at", _when, nullable=False, server_default=_now),  # when the person last did something
    Column("address", Text),
    Index(None, "user"),
)

installs = Table(
    "installs",
    metadata,
    Column("state", LargeBinary, primary_key=True),  # its fingerprint
    Column("session", LargeBinary, nullable=False),  # the fingerprint of whose it is
    Column("domain", Text, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("secret", LargeBinary, nullable=False, info=SEALED),
    Column("endpoint", Text),  # only for a stand-in
    Column("ends_at", _when, nullable=False),
)

one_time_links = Table(
    "one_time_links",
    metadata,
    Column("fingerprint", LargeBinary, primary_key=True),
    Column("user", BigInteger, ForeignKey("users.id")),  # who chooses a password by it; null: the first admin
    Column("ends_at", _when, nullable=False),
)

login_attempts = Table(
    "login_attempts",
    metadata,
    # Counted before the password is looked at, so that many at once count, too.
    Column("subject", Text, primary_key=True),  # whose login or from which address, as a fingerprint
    Column("count", Integer, nullable=False),
    Column("since", _when, nullable=False),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("name", Text, nullable=False),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("added_by", Text, nullable=False),
    Column("added_at", _when, nullable=False, server_default=_now),
    Column("ends_at", _when),
    Column("used_at", _when),
    Column("revoked_at", _when),
    Index(None, "fingerprint", unique=True),
    Index(None, "name", unique=True, postgresql_where=text("revoked_at IS NULL")),
)

audit = Table(
    "audit",
    metadata,
    # Who changed what; written in the transaction of the change, and never written again.
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("at", _when, nullable=False, server_default=_now),
    Column("actor", Text, nullable=False),
    Column("face", Text, nullable=False),  # portal, api, cli
    Column("address", Text),
    Column("deed", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("before", JSONB(none_as_null=True)),
    Column("after", JSONB(none_as_null=True)),
    Index(None, "object", "id"),
)

channels = Table(
    "channels",
    metadata,
    Column("name", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("shown", Text, nullable=False),  # as people see it, without what opens it
    Column("settings", LargeBinary, nullable=False, info=SEALED),  # JSON
    Column("added_at", _when, nullable=False, server_default=_now),
    Column("off_since", _when),  # null while it is on
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("name", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("least", Integer, nullable=False),
    Column("store", Text),  # null: every store
    Column("causes", ARRAY(Text), nullable=False),  # none: every cause
    Column("tag", Text),
    Column("amount", Numeric),
    Column("channel", Text, ForeignKey("channels.name"), nullable=False),
    Column("user", BigInteger, ForeignKey("users.id")),
    Column("quiet", Text),  # 22:00-07:00 Europe/Berlin
    Column("urgent", Boolean, nullable=False),
    Column("added_at", _when, nullable=False, server_default=_now),
    Index(None, "name", unique=True),
)

alert_courses = Table(
    "alert_courses",
    metadata,
    # A trouble that an alert knows of; the row goes when people were told that it is over.
    Column("alert", BigInteger, ForeignKey("alerts.id", ondelete="CASCADE"), primary_key=True),
    Column("store", Text, primary_key=True),
    Column("about", Text, primary_key=True),
    Column("since", _when, nullable=False),
    Column("worst", Integer, nullable=False),
    Column("told", Integer),  # null: not told yet
    Column("gone_at", _when),
)

alert_orders = Table(
    "alert_orders",
    metadata,
    # Which orders an alert has told of, each once.
    Column("alert", BigInteger, ForeignKey("alerts.id", ondelete="CASCADE"), primary_key=True),
    Column("connection", Text, primary_key=True),
    Column("order_id", Text, primary_key=True),
    Column("told_at", _when, nullable=False, server_default=_now),
)

alert_messages = Table(
    "alert_messages",
    metadata,
    # What is to be sent, written in the transaction that decided it; sent_at and given_up_at null: on its way.
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("key", Text, nullable=False),  # the same at every try; receivers know a repetition by it
    Column("alert", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("user", BigInteger),
    Column("subject", Text, nullable=False),
    Column("lines", ARRAY(Text), nullable=False),
    Column("link", Text, nullable=False),
    Column("written_at", _when, nullable=False, server_default=_now),
    Column("due_at", _when, nullable=False, server_default=_now),  # of the next try
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("last_error", Text),
    Column("sent_at", _when),
    Column("given_up_at", _when),
    Index(None, "key", unique=True),
    Index(None, "due_at", postgresql_where=text("sent_at IS NULL AND given_up_at IS NULL")),
)
