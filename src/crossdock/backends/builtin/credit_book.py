"""Credit documents in the books: each kept once, by the refund that it is of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import text

from crossdock.model.credit import Credit
from crossdock.model.names import OrderId
from crossdock.store.database import Tx

_document = TypeAdapter(Credit)

_KNOWN = text("SELECT reference FROM builtin_warehouse.credit_documents WHERE key = :key")

# Numbers have no gaps, as only one writes.
_KEEP = text("""
    INSERT INTO builtin_warehouse.credit_documents (key, number, reference, order_id, document)
    SELECT :key, number, 'CR-' || lpad(number::text, 6, '0'), :order_id, CAST(:document AS jsonb)
    FROM (SELECT coalesce(max(number), 0) + 1 AS number FROM builtin_warehouse.credit_documents) AS next
    RETURNING reference
""")

_LATEST = text("""
    SELECT reference, booked_at, document FROM builtin_warehouse.credit_documents
    WHERE CAST(:order_id AS text) IS NULL OR order_id = :order_id ORDER BY number DESC LIMIT :limit
""")


@dataclass(frozen=True, slots=True)
class BookedCredit:
    """A credit document as it is booked: our own name of it (`CR-000001`), and what it says."""

    reference: str
    booked_at: datetime
    document: Credit


async def keep(tx: Tx, document: Credit) -> str:
    """Book a document and return what it is called; one that is booked already stays as it is."""
    known = (await tx.execute(_KNOWN, {"key": document.key})).scalar_one_or_none()
    if known is not None:
        return str(known)
    said = {"key": document.key, "order_id": document.order, "document": _document.dump_json(document).decode()}
    return str((await tx.execute(_KEEP, said)).scalar_one())


async def latest(tx: Tx, limit: int, order: OrderId | None = None) -> Sequence[BookedCredit]:
    """Return the latest documents, newest first; of one order, where it is given."""
    rows = await tx.execute(_LATEST, {"limit": limit, "order_id": order})
    return [BookedCredit(row.reference, row.booked_at, _document.validate_python(row.document)) for row in rows]
