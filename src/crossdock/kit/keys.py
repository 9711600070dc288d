"""Deterministic keys: the same intent has the same key in every process and after every crash."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias
from uuid import UUID, uuid5

Plain: TypeAlias = "str | int | bool | None | Sequence[Plain] | Mapping[str, Plain]"

_SPACE = UUID("5b4e6f0a-0d6b-5c53-9d1f-2a4d3c1b7e90")


def effect_key(*parts: Plain) -> str:
    """
    Return the UUIDv5 that stands for `parts`.

    Shopify keeps an idempotency key for 24 hours and takes any non-blank string (Shopify docs, 2026-04).
    """
    return str(uuid5(_SPACE, json.dumps(parts, sort_keys=True, separators=(",", ":"))))


def digest(payload: bytes) -> str:
    """Return the SHA-256 of `payload` as lower-case hex."""
    return hashlib.sha256(payload).hexdigest()
