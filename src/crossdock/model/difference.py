"""A difference between both sides, as a comparison names it."""

from dataclasses import dataclass

from crossdock.model.flow import Flow


@dataclass(frozen=True, slots=True)
class Difference:
    """
    One object about which the sides do not agree.

    `flow` is the one that looks at it again, `key` the object there, `title` what people call it. `remedy` is for a
    person, should the look not settle it.
    """

    flow: Flow
    key: str
    title: str
    sentence: str
    remedy: str

    @property
    def object(self) -> tuple[Flow, str]:
        """What it is about, as `pending` knows it."""
        return self.flow, self.key
