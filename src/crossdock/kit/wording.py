"""Words for people."""


def counted(count: int, noun: str) -> str:
    """Return `1 unit`, `2 units`: a count with its noun, which takes an s."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
