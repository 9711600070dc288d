"""Images of products, which are files of the shop too."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from shopify_standin.ids import gid


@dataclass(slots=True)
class MediaImage:
    """One image; it can be seen once it is READY."""

    TYPE: ClassVar = "MediaImage"
    id: int
    source: str
    created_at: datetime
    updated_at: datetime
    alt: str | None = None
    status: str = "UPLOADED"
    given_name: str | None = None

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("MediaImage", self.id)

    @property
    def is_ready(self) -> bool:
        """Whether it can be seen and changed."""
        return self.status == "READY"

    @property
    def filename(self) -> str:
        """The name given, else the last part of its address."""
        return self.given_name or self.source.split("?")[0].rsplit("/", 1)[-1]
