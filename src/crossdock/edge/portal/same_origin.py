"""Only pages of our own may change anything."""

from urllib.parse import urlsplit

from fastapi import HTTPException, Request


def same_origin(request: Request) -> None:
    """
    Refuse a request that a page of another site made, or a browser too old to say.

    Browsers say where a request comes from in `Sec-Fetch-Site`, older ones in `Origin`; no page can forge either.
    Raises HTTPException 403.
    """
    site = request.headers.get("sec-fetch-site")
    if site is None:
        origin = urlsplit(request.headers.get("origin", "")).netloc
        site = "same-origin" if origin and origin == request.headers.get("host") else "unknown"
    if site != "same-origin":
        raise HTTPException(403, "This can only be done from a page of this portal. Open it there and try again.")
