"""By an echo the hub knows whether its public address leads to itself: nobody else can give it."""

from collections.abc import AsyncIterator

import httpx
import pytest
from cryptography.fernet import Fernet

from crossdock.edge.desk import Desk
from crossdock.edge.web import web_app
from crossdock.edge.webhooks.echo import ECHO, answers
from crossdock.inbox.accept import Acceptance
from crossdock.inbox.keyring import Keyring
from crossdock.kit.sealing import Sealer
from crossdock.kit.tokens import new_token
from crossdock.store.database import Database


@pytest.fixture
async def outside(database: Database, sealer: Sealer) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who calls the hub by a name that it does not know, as a proxy might."""
    app = web_app(Desk(database, Keyring(database, sealer), Acceptance(database), sealer=sealer))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://any.name") as client:
        yield client


async def test_the_hub_knows_its_own_answer_and_no_other(outside: httpx.AsyncClient, sealer: Sealer) -> None:
    word = new_token()
    answer = await outside.get(f"{ECHO}/{word}")

    assert answer.status_code == 200
    assert answers(sealer, word, answer.text)
    assert not answers(sealer, new_token(), answer.text)
    assert not answers(Sealer(Fernet.generate_key().decode()), word, answer.text)
    assert not answers(sealer, word, "<html>welcome</html>")


@pytest.mark.parametrize("word", ["x", "a" * 44, "shpat_" + "ü" * 37])
async def test_nothing_but_a_word_is_ever_sealed_for_strangers(outside: httpx.AsyncClient, word: str) -> None:
    assert (await outside.get(f"{ECHO}/{word}")).status_code == 422
