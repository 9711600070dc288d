"""
Whose a namespace is.

`$app` stands for the calling app's own namespace, and so does leaving the namespace out; another app's is closed
(recorded 2026-04).
"""

import re

APP_NUMBER = 347_082_227_713
"""The calling app, as app-reserved namespaces name it."""
OWN = f"app--{APP_NUMBER}"
_RESERVED = re.compile(r"^app--(\d+)(--.*)?$")


def resolved(namespace: str | None) -> str:
    """The namespace as it is stored."""
    if namespace is None or namespace == "$app":
        return OWN
    if namespace.startswith("$app:"):
        return f"{OWN}--{namespace.removeprefix('$app:')}"
    return namespace


def is_foreign(namespace: str) -> bool:
    """Whether it is reserved for another app."""
    match = _RESERVED.match(namespace)
    return match is not None and int(match[1]) != APP_NUMBER
