"""Only pages of our own may change anything."""

from urllib.parse import urlsplit

from fastapi import Request


def is_from_our_page(request: Request) -> bool:
    """
    Tell whether a page of ours made the request; not where another site did, or a browser too old to say.

    Browsers say where a request comes from in `Sec-Fetch-Site`, older ones in `Origin`; no page can forge either.
    """
    site = request.headers.get("sec-fetch-site")
    if site is None:
        origin = urlsplit(request.headers.get("origin", "")).netloc
        return bool(origin) and origin == request.headers.get("host")
    return site == "same-origin"
