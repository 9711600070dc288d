"""Installing by redirect: begun with a state that is good once, kept once everything about the way back fits."""

from collections.abc import Sequence

from crossdock.app import setup
from crossdock.app.hub import Hub
from crossdock.edge.mapping_changes import in_force
from crossdock.edge.setting_up import Consent, NewInstall
from crossdock.edge.tying import AddedStore
from crossdock.kit.errors import UsageError
from crossdock.kit.tokens import fingerprint, new_token
from crossdock.model.connection import OnGivenUp
from crossdock.model.flow import Flow
from crossdock.model.names import ShopDomain
from crossdock.model.people import Actor
from crossdock.shopify.authorization_code import consent_url, is_signed
from crossdock.shopify.domains import shop_addressed, shop_domain
from crossdock.shopify.scopes import needed_scopes
from crossdock.shopify.token_requests import AppCredentials
from crossdock.store import connections, installs, stores
from crossdock.store.installs import Install
from crossdock.store.stores import Credentials

COME_BACK = "/setup/installed"
"""Where Shopify leads a person back to; the app has to allow it."""


def come_back_to(hub: Hub) -> str:
    """Return the address that an app has to allow as one to be led back to."""
    return f"{hub.settings.portal_url}{COME_BACK}"


async def begin(hub: Hub, session: bytes, wanted: NewInstall) -> Consent:
    """Keep what is to be installed, for this session, and return where to agree. Raises UsageError."""
    domain = shop_addressed(wanted.domain)
    client_id, secret = wanted.client_id.strip(), wanted.secret.strip()
    if not client_id or not secret:
        raise UsageError("The client id or the client secret is missing. Both stand in the Dev Dashboard, in Settings.")
    endpoint = await _endpoint(hub, domain, wanted.endpoint)
    scopes, state = await _scopes(hub, domain), new_token()
    async with hub.database.begin() as tx:
        await installs.begin(tx, fingerprint(state), session, Install(domain, client_id, secret, endpoint), hub.sealer)
    url = consent_url(domain, client_id, scopes, come_back_to(hub), state, endpoint=endpoint)
    return Consent(domain, url, scopes, come_back_to(hub))


async def finish(hub: Hub, by: Actor, session: bytes, query: Sequence[tuple[str, str]]) -> AddedStore:
    """
    Keep the store that a person came back from, once all that they came back with fits what was begun.

    The state is used up whatever comes of it. Raises UsageError, with a sentence, where something does not fit, and
    what `crossdock.app.setup.add_store` raises.
    """
    said = dict(query)
    async with hub.database.begin() as tx:
        begun = await installs.use(tx, fingerprint(said.get("state", "")), session, hub.sealer)
    if begun is None:
        raise UsageError(
            "Nothing was installed: this installation was not begun in this browser, was finished already, or took "
            "longer than ten minutes. Begin it again here, with the store's address."
        )
    if said.get("error"):
        raise UsageError(
            f"{begun.domain}: nothing was installed, because it was not agreed to at Shopify. Begin it again, and "
            "agree with an account that may install apps in this store."
        )
    if not is_signed(query, begun.secret):
        raise UsageError(
            f"{begun.domain}: nothing was installed. What came back is not signed with this app's client secret: copy "
            "the secret again from the Dev Dashboard, and begin again."
        )
    came_from = shop_domain(said.get("shop", ""))
    if came_from != begun.domain:
        raise UsageError(
            f"Nothing was installed: it was begun for {begun.domain}, and agreed to in {came_from}. Begin it again "
            "for the store that is meant."
        )
    app = AppCredentials(begun.client_id, begun.secret)
    granted = await hub.buy(begun.domain, app, said.get("code", ""), begun.endpoint)
    credentials = Credentials(
        granted.token,
        (begun.secret,),
        None if granted.refresh_token is None else begun.client_id,
        granted.expires_at,
        granted.refresh_token,
    )
    return await setup.keep_store(hub, by, begun.domain, credentials, endpoint=begun.endpoint)


async def _endpoint(hub: Hub, domain: ShopDomain, given: str | None) -> str | None:
    """Where the store is called: at Shopify, or where a stand-in was said, now or before, and may be."""
    if given and not hub.settings.stand_ins:
        raise UsageError("A store is called at Shopify. For a stand-in, start the hub with CROSSDOCK_STAND_INS=1.")
    if given:
        return setup.checked_endpoint(given)
    async with hub.database.begin() as tx:
        known = await stores.find(tx, domain)
    return known.endpoint if known is not None and not hub.settings.stand_ins else None


async def _scopes(hub: Hub, domain: ShopDomain) -> Sequence[str]:
    """Return the least scopes of the store's connections; of a store that has none yet, those of all flows."""
    async with hub.database.begin() as tx:
        tied = await connections.of_store(tx, domain)
        mapped = [await in_force(tx, one.id) for one in tied]
    if not tied:
        return needed_scopes(frozenset(Flow), cancels=False)
    return needed_scopes(
        frozenset[Flow]().union(*(one.flows for one in tied)),
        cancels=any(one.rules.orders.given_up.on_give_up is OnGivenUp.CANCEL for one in tied),
        knows_customers=any(one.wishes.customer for one in mapped),
    )
