"""Stock written in one keyed batch, and what Shopify's errors about it mean."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from crossdock.kit.errors import HubError, Refused, TryAgain
from crossdock.kit.keys import effect_key
from crossdock.model.stock import AdjustAvailable, SetAvailable
from crossdock.ports.storefront import RowRefused
from crossdock.shopify.generated.admin import Admin
from crossdock.shopify.mapping.stock import from_changes, from_writes, row_of

_STALE = "CHANGE_FROM_QUANTITY_STALE"
_FAILED_BEFORE = "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED"

# A key whose first try failed is spent; its successors are derived, so that a repeat after a crash walks the same
# chain. More than a few links mean that something else is wrong.
_LONGEST_CHAIN = 5


class _Error(Protocol):
    """What both mutations' user errors have in common; their codes are enumerations of their own."""

    @property
    def code(self) -> str | None: ...
    @property
    def field(self) -> Sequence[str] | None: ...
    @property
    def message(self) -> str: ...


async def set_quantities(
    admin: Admin, writes: Sequence[SetAvailable], key: str, reference: str
) -> tuple[RowRefused, ...]:
    """
    Set the levels, all or none, and return the rows that Shopify refused.

    Raises TryAgain where Shopify is busy with the same key, Refused where it refuses the batch as a whole.
    """
    written = from_writes(writes, reference)

    async def ask(key: str) -> Sequence[_Error]:
        payload = (await admin.set_quantities(written, key)).inventory_set_quantities
        return payload.user_errors if payload else []

    return await _written(ask, key)


async def adjust_quantities(
    admin: Admin, changes: Sequence[AdjustAvailable], key: str, reference: str
) -> tuple[RowRefused, ...]:
    """Add to the levels, all or none, and return the rows that Shopify refused. Raises as `set_quantities` does."""
    added = from_changes(changes, reference)

    async def ask(key: str) -> Sequence[_Error]:
        payload = (await admin.adjust_quantities(added, key)).inventory_adjust_quantities
        return payload.user_errors if payload else []

    return await _written(ask, key)


async def _written(ask: Callable[[str], Awaitable[Sequence[_Error]]], key: str) -> tuple[RowRefused, ...]:
    for link in range(_LONGEST_CHAIN):
        errors = await ask(key if link == 0 else effect_key(key, link))
        if not any(error.code == _FAILED_BEFORE for error in errors):
            return _refused_rows(errors)
    raise TryAgain("Shopify has seen several failed tries of the same stock update; the hub decides it anew.")


def _refused_rows(errors: Sequence[_Error]) -> tuple[RowRefused, ...]:
    rows: dict[int, RowRefused] = {}
    for error in errors:
        row = row_of(error.field)
        if row is None:
            raise _refused_batch(error.code, error.message)
        # One sentence per row is enough; where a row is stale and wrong, that it is wrong matters more.
        if row not in rows or rows[row].stale:
            code = error.code or "UNKNOWN"
            rows[row] = RowRefused(row, code, error.message, stale=code == _STALE)
    return tuple(rows[row] for row in sorted(rows))


def _refused_batch(code: str | None, message: str) -> HubError:
    match code:
        case "IDEMPOTENCY_CONCURRENT_REQUEST":
            return TryAgain(f"Shopify still works on the same stock update ({message}); the hub asks again.")
        case "SERVICE_UNAVAILABLE":
            return TryAgain(f"Shopify's inventory is not available now ({message}).")
        case "CHANGE_FROM_QUANTITY_STALE":
            return TryAgain(f"Shopify's stock changed meanwhile ({message}); the hub reads it again.")
        case "IDEMPOTENCY_KEY_PARAMETER_MISMATCH":
            return HubError(f"One key was used for two different stock updates ({message}). Please report this.")
        case _:
            return Refused(f"Shopify refused a stock update as a whole: {message} ({code or 'no code'}).")
