"""Whether webhooks find the way here: the hub calls its own public address, and knows itself by the answer."""

import httpx

from crossdock.app.hub import Hub
from crossdock.edge.checks import Check, Verdict
from crossdock.edge.doors import LOOPBACK_NAMES
from crossdock.edge.webhooks.echo import ECHO, answers
from crossdock.kit.tokens import new_token

SUBJECT = "Public address"
_PATIENCE = httpx.Timeout(10, connect=5)
_MEND = "/setup#address"


async def reachable(hub: Hub) -> Check:
    """Call the public address with a word that is used once; only a process of this installation can answer it."""
    address = hub.settings.public_url
    if address is None:
        found = (
            "There is none, so Shopify sends no webhooks: the sweep alone brings what changed, within half a minute."
        )
        remedy = "Start Crossdock with CROSSDOCK_PUBLIC_URL set to an https address that leads here."
        return Check(SUBJECT, Verdict.WARN, found, remedy, _MEND)
    url = httpx.URL(address)
    if url.scheme != "https" and url.host not in LOOPBACK_NAMES:
        remedy = "Let a proxy that speaks https stand before the hub, and name its address in CROSSDOCK_PUBLIC_URL."
        return Check(SUBJECT, Verdict.FAIL, f"Shopify sends webhooks by https only, not to {address}.", remedy, _MEND)
    word = new_token()
    try:
        async with httpx.AsyncClient(timeout=_PATIENCE, follow_redirects=False) as http:
            response = await http.get(f"{address.rstrip('/')}{ECHO}/{word}")
    except httpx.RequestError as error:
        found = f"Nothing answers at {address} ({type(error).__name__}), so webhooks cannot reach this hub."
        remedy = (
            "See that the name, the firewall and the proxy lead here, or start Crossdock with another "
            "CROSSDOCK_PUBLIC_URL."
        )
        return Check(SUBJECT, Verdict.FAIL, found, remedy, _MEND)
    if response.status_code != 200 or not answers(hub.sealer, word, response.text):
        found = f"Something else answers at {address} (HTTP {response.status_code}), so webhooks do not reach this hub."
        remedy = "Let the proxy there pass /webhooks/ on to this hub, or start it with another CROSSDOCK_PUBLIC_URL."
        return Check(SUBJECT, Verdict.FAIL, found, remedy, _MEND)
    return Check(SUBJECT, Verdict.OK, f"{address} leads here.")
