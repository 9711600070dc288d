"""A store's webhooks are made once, however many processes set them up at the same time."""

import asyncio
from pathlib import Path

from crossdock.app.hub import open_hub
from crossdock.app.set_up_desk import SetUpDesk
from crossdock.app.settings import settings_from
from crossdock.app.topics import wanted_topics
from crossdock.edge.tying import NewConnection, NewStore
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, ShopDomain
from crossdock.model.people import Actor, Face
from crossdock.store import connections
from shopify_standin.testing import running_standin

ADA = Actor("Ada", Face.PORTAL)
ID = ConnectionId("standin")


async def test_two_who_set_up_at_once_make_each_webhook_once_and_read_once_each(
    database_url: str, tmp_path: Path
) -> None:
    settings = settings_from(data=tmp_path, database_url=database_url, stand_ins=True, public_url="https://hub.example")
    with running_standin() as shop:
        domain = ShopDomain(shop.shop_domain)
        async with open_hub(settings, lambda _: None) as one, open_hub(settings, lambda _: None) as other:
            desk = SetUpDesk(one, ADA)
            await desk.add_store(NewStore(domain, shop.token, (shop.secret,), shop.url))
            await desk.connect(NewConnection(domain, "builtin", None, "{}", None, started=False))
            async with one.database.begin() as tx:
                await connections.start(tx, ID)

            repairs = await asyncio.gather(one.watch_subscriptions(domain), other.watch_subscriptions(domain))

        topics = wanted_topics(Flow)
        asked = shop.look("counters")["operations"]
    assert sorted(len(made.create) for made in repairs if made) == [0, len(topics)]
    assert (asked["Subscribe"]["calls"], asked["Subscriptions"]["calls"]) == (len(topics), 2)
