"""How far a request is at the backend, as far as Shopify can show it."""

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """How far the goods are, in the three steps that Shopify tells apart."""

    WAITING = "waiting"
    WORKING = "working"
    """Somebody has begun."""
    READY = "ready"
    """Packed."""


@dataclass(frozen=True, slots=True)
class Showing:
    """
    What Shopify shows, or is to show, of one request; `on_hold` is why the backend does not go on with it.

    It is `sure` but while Shopify is told something else: then it shows this, or that.
    """

    on_hold: str | None = None
    stage: Stage = Stage.WAITING
    sure: bool = True
