"""Bulk operations, their results, and the files that were uploaded for them."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from shopify_standin.auth.apps import Grant
from shopify_standin.ids import gid

IN_PROGRESS = frozenset({"CREATED", "RUNNING", "CANCELING"})


@dataclass(slots=True)
class BulkOperation:
    """A query or a mutation over very many objects, run in the background."""

    TYPE: ClassVar = "BulkOperation"
    id: int
    kind: str
    """QUERY or MUTATION."""
    query: str
    created_at: datetime
    version: str
    grant: Grant
    """By whose right it runs."""
    upload_key: str | None = None
    """Where a mutation's variables lie, a JSON object a line."""
    groups_objects: bool = False
    """Whether the children of an object follow it in the result."""
    status: str = "CREATED"
    error_code: str | None = None
    completed_at: datetime | None = None
    object_count: int = 0
    root_object_count: int = 0
    result: bytes = b""
    """JSONL, empty until it is done."""

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("BulkOperation", self.id)

    @property
    def is_in_progress(self) -> bool:
        """Whether it still counts against what may run at once."""
        return self.status in IN_PROGRESS


@dataclass(slots=True)
class Upload:
    """A place for a file, handed out by `stagedUploadsCreate`; `content` is None until the file came."""

    key: str
    mime_type: str
    content: bytes | None = None
