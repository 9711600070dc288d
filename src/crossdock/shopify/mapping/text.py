"""Shopify leaves fields empty in two ways, null and the empty text; the model knows one."""


def filled(text: str | None) -> str | None:
    """Return `text` without blanks around it, None where nothing is left."""
    return (text or "").strip() or None
