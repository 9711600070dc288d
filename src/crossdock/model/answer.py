"""What a person said to a hold."""

from dataclasses import dataclass
from enum import StrEnum


class Word(StrEnum):
    """What is to be done about what a hold told of."""

    LEAVE = "leave"
    """Leave the order as the backend has it."""

    FOLLOW_UP = "follow_up"
    """Let it be, and do what is left to do about what changed after the goods had left."""

    CANCEL = "cancel"
    """Cancel on Shopify what the backend will not ship."""

    AS_ASSIGNED = "as_assigned"
    """Tell Shopify of a package as if it had left from where Shopify has its goods."""

    RELEASE = "release"
    """Let the order go to the backend as it is, in spite of what it is held for."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A word and the detail of the hold that it was said to; it stands for what that tells of, and nothing later."""

    word: Word
    detail: str

    def stands_for(self, sentence: str) -> bool:
        """Whether the person had read this sentence."""
        return sentence in self.detail
