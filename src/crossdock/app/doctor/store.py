"""One store under examination: its credentials, its answer, its webhooks, its clock."""

from datetime import timedelta

from crossdock.app.doctor.patience import within_patience
from crossdock.app.hub import Hub
from crossdock.app.topics import wanted_topics
from crossdock.edge.checks import Check, Verdict
from crossdock.kit.errors import HubError
from crossdock.model.names import ShopDomain
from crossdock.shopify.subscriptions import compare
from crossdock.store import connections, stores, unheard
from crossdock.store.reads import clocks
from crossdock.store.stores import Store

APART = timedelta(minutes=2)
"""How far Shopify's clock and ours may be apart; the sweeps allow for five minutes, its search's lag included."""


async def examine_store(hub: Hub, store: Store) -> list[Check]:
    """Check a store; what needs its answer is left out where it gives none."""
    subject, mend = f"Store {store.domain}", credentials_page(store)
    if store.paused is not None:
        remedy = f"Settle that, then: {store.remedy}."
        return [Check(subject, Verdict.FAIL, f"It is paused: {store.paused}", remedy, mend)]
    async with hub.database.begin() as tx:
        try:
            await stores.credentials_of(tx, store.domain, hub.sealer)
        except HubError as error:
            return [Check(f"{subject}, credentials", Verdict.FAIL, str(error), mend=mend)]

    async def introduce() -> Check:
        shop = await (await hub.storefront(store.domain)).shop()
        return Check(subject, Verdict.OK, f"{shop.name} answers, by API version {store.api_version}.")

    reached = await within_patience(subject, introduce, mend)
    if reached.verdict is Verdict.FAIL:
        return [reached]
    return [reached, await webhooks(hub, store.domain), *await _clock(hub, store.domain)]


def credentials_page(store: Store) -> str:
    """Return the address at which the store is given other credentials."""
    return f"/setup/store?address={store.domain}"


async def webhooks(hub: Hub, domain: ShopDomain) -> Check:
    """Compare the store's webhook subscriptions with what the started connections want, and what they bring."""
    subject = f"Store {domain}, webhooks"
    return await within_patience(subject, lambda: _webhooks(hub, domain, subject))


async def _webhooks(hub: Hub, domain: ShopDomain, subject: str) -> Check:
    uri = hub.settings.webhook_uri(domain)
    if uri is None:
        found = "There are none, for Shopify cannot reach this hub; the sweep alone brings what changed."
        return Check(subject, Verdict.WARN, found, "Set CROSSDOCK_PUBLIC_URL to an https address that leads here.")
    async with hub.database.begin() as tx:
        started = [one for one in await connections.of_store(tx, domain) if one.started]
        silences = await unheard.silences(tx, domain)
    if not started:
        return Check(subject, Verdict.OK, "None are wanted before a connection of the store is started.")
    wanted = wanted_topics(flow for one in started for flow in one.flows)
    actual = await (await hub.storefront(domain)).subscriptions()
    repairs = compare(uri, wanted, actual)
    if repairs.findings:
        found = " ".join(repairs.findings)
        return Check(subject, Verdict.WARN, found, "A running worker repairs them within the hour: crossdock serve.")
    if silences:
        found = " ".join(silence.sentence for silence in silences)
        remedy = (
            f"The subscriptions are in order, so see whether {uri} can be reached from outside, and whether the client "
            "secret is the app's own. The sweep goes on."
        )
        return Check(subject, Verdict.WARN, found, remedy, f"/setup/store?address={domain}")
    versions = sorted({one.api_version for one in actual if one.uri == uri and one.api_version is not None})
    return Check(subject, Verdict.OK, f"{len(wanted)} topics are sent to {uri}, by API version {', '.join(versions)}.")


async def _clock(hub: Hub, domain: ShopDomain) -> list[Check]:
    """Nothing where no webhook told the time yet."""
    async with hub.database.begin() as tx:
        ahead = await clocks.ahead_of_shopify(tx, domain)
    if ahead is None:
        return []
    subject = f"Store {domain}, clock"
    if abs(ahead) <= APART:
        return [Check(subject, Verdict.OK, f"It and the database's are {abs(ahead).total_seconds():.0f} s apart.")]
    found = f"By its webhooks, Shopify's clock and the database's are {abs(ahead).total_seconds():.0f} s apart."
    return [Check(subject, Verdict.WARN, found, "Keep the machine's clock by NTP: sweeps ask Shopify by it.")]
