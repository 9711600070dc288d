"""What is decided to be told arrives: by mail, as a signed webhook, in a chat; once, or is given up with a note."""

import asyncio
import base64
import hashlib
import hmac
import json
import logging
from datetime import timedelta

import pytest
from sqlalchemy import text
from tests.alerts.alert_bench import OPS, Bench, by_mail, by_webhook
from tests.alerts.receivers import MailServer, Posted, Receiver

from crossdock.app.alerts.deliver import TRIES, deliver, deliver_all, pause_after
from crossdock.kit.errors import Refused, UsageError
from crossdock.model.alert import Topic
from crossdock.model.channel import Security, Slack
from crossdock.model.people import Role
from crossdock.store import alert_messages, channels, users
from crossdock.store.alert_messages import AT_ONCE

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
PASSWORD = "hush hush hush"


def _is_signed(posted: Posted) -> bool:
    """Check a signature as a receiver does, by the specification and not by our code."""
    signed = f"{posted.headers['webhook-id']}.{posted.headers['webhook-timestamp']}.".encode() + posted.body
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return hmac.compare_digest(posted.headers["webhook-signature"], expected)


async def test_mail_says_what_is_the_matter_what_to_do_and_where_to_look(bench: Bench, mail: MailServer) -> None:
    mail.login = ("hub", PASSWORD)
    await bench.channel(by_mail(mail, user="hub", password=PASSWORD))
    await bench.alert()
    await bench.hold(3)

    await bench.tick()

    [letter], [recipients] = mail.took, mail.envelopes
    assert (letter["Subject"], letter["To"], recipients) == ("Crossdock: Night watch, acme.myshopify.com", OPS, [OPS])
    assert letter.get_content().replace("\r\n", "\n") == (
        "acme.myshopify.com: 3 objects held. No item has this SKU or barcode. Create the item in the backend, or "
        "correct the SKU or barcode in Shopify. Or link it by hand: crossdock catalog link CONNECTION VARIANT ITEM.\n\n"
        "https://hub.example/holds\n"
    )
    assert letter["Auto-Submitted"] == "auto-generated"


async def test_nothing_but_the_greeting_goes_to_the_mail_server_in_the_clear(bench: Bench, mail: MailServer) -> None:
    await bench.channel(by_mail(mail, user="hub", password=PASSWORD))
    await bench.alert()
    await bench.hold(1)

    await bench.tick()

    assert len(mail.took) == 1
    assert [command.split()[0].upper() for command in mail.in_the_clear] == ["EHLO", "STARTTLS"]


async def test_a_mail_server_that_nobody_vouches_for_gets_neither_password_nor_mail(
    bench: Bench, mail: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    await bench.channel(by_mail(mail, user="hub", password=PASSWORD))
    await bench.alert()
    await bench.hold(1)

    await bench.tick()

    [message] = await bench.messages()
    assert (mail.took, message.state) == ([], "to be tried again")
    assert "certificate is not good" in (message.last_error or "")


async def test_what_a_mail_server_says_no_to_is_noted_without_secrets_and_addresses(
    bench: Bench, mail: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    mail.login = ("hub", "another")
    await bench.channel(by_mail(mail, user="hub", password=PASSWORD))
    await bench.channel(by_mail(mail), "open")
    await bench.alert()
    await bench.alert(name="Second", channel="open")
    await bench.hold(1)
    mail.refuses = 550

    with caplog.at_level(logging.WARNING):
        await bench.tick()

    second, first = await bench.messages()
    assert "refuses the user or the password (535)" in (first.last_error or "")
    assert "refuses every recipient (550)" in (second.last_error or "")
    said = caplog.text + str(first) + str(second)
    assert not any(secret in said for secret in (PASSWORD, OPS))


async def test_a_webhook_carries_a_signature_that_its_receiver_can_check(bench: Bench, receiver: Receiver) -> None:
    await bench.channel(by_webhook(receiver, SECRET))
    await bench.alert()
    await bench.hold(1)

    await bench.tick()

    [posted] = receiver.took
    document = json.loads(posted.body)
    assert _is_signed(posted)
    assert (posted.path, posted.headers["content-type"]) == ("/hook", "application/json")
    assert posted.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert document["type"] == "alert"
    assert document["data"]["alert"] == "Night watch"
    assert document["data"]["link"] == "https://hub.example/holds"
    assert "1 object held" in document["data"]["lines"][0]


async def test_a_chat_gets_one_text_in_which_nothing_is_taken_for_markup(bench: Bench, receiver: Receiver) -> None:
    await bench.channel(Slack(receiver.url))
    await bench.alert(name="R&D <!channel>")
    await bench.hold(1)

    await bench.tick()

    [posted] = receiver.took
    document = json.loads(posted.body)
    assert document.keys() == {"text"}
    assert document["text"].startswith(
        "*Crossdock: R&amp;D &lt;!channel&gt;, acme.myshopify.com*\n• acme.myshopify.com: "
    )
    assert document["text"].endswith("\nhttps://hub.example/holds")


async def test_what_does_not_arrive_is_tried_again_under_the_same_id(bench: Bench, receiver: Receiver) -> None:
    receiver.answers = [500, 302]
    await bench.channel(by_webhook(receiver, SECRET))
    await bench.alert()
    await bench.hold(1)

    await bench.tick()
    await bench.tick()
    assert len(receiver.took) == 1
    for _ in range(2):
        await bench.pass_time(timedelta(minutes=3))
        await bench.tick()

    [message] = await bench.messages()
    assert (message.state, message.attempts, message.last_error) == ("sent", 3, None)
    assert len({posted.headers["webhook-id"] for posted in receiver.took}) == 1
    assert all(_is_signed(posted) for posted in receiver.took)


async def test_what_never_arrives_is_given_up_with_a_note(bench: Bench, receiver: Receiver) -> None:
    receiver.answers = [503] * 50
    await bench.channel(by_webhook(receiver))
    await bench.alert()
    await bench.hold(1)

    for _ in range(TRIES + 5):
        await bench.tick()
        await bench.pass_time(timedelta(hours=1, minutes=1))

    [message] = await bench.messages()
    assert (message.state, message.attempts, len(receiver.took)) == ("given up", TRIES, TRIES)
    assert message.last_error == "127.0.0.1 does not take it (HTTP 503)."


async def test_a_receiver_that_wants_no_more_is_believed(bench: Bench, receiver: Receiver) -> None:
    receiver.answers = [410]
    await bench.channel(by_webhook(receiver))
    await bench.alert()
    await bench.hold(1)

    await bench.tick()

    [message] = await bench.messages()
    assert (message.state, message.last_error) == ("given up", "127.0.0.1 wants no more of these (HTTP 410).")


async def test_what_a_killed_process_had_claimed_is_tried_by_another_after_a_while(
    bench: Bench, receiver: Receiver
) -> None:
    await bench.channel(by_webhook(receiver))
    await bench.alert()
    await bench.hold(1)
    receiver.answers = [500]
    await bench.tick()
    await bench.pass_time(timedelta(minutes=2))
    async with bench.database.begin() as tx:
        claimed = await alert_messages.claim(tx)  # and the process is no more

    assert claimed is not None
    assert await deliver(bench.way) is None
    await bench.pass_time(AT_ONCE)
    delivered = await deliver(bench.way)

    assert delivered is not None
    assert (delivered.key, delivered.state) == (claimed.key, "sent")


async def test_workers_that_tick_at_once_tell_and_send_each_thing_once(bench: Bench, receiver: Receiver) -> None:
    await bench.channel(by_webhook(receiver))
    for number in range(4):
        await bench.alert(name=f"Watch {number}")
    await bench.hold(1)

    await asyncio.gather(*(bench.tick() for _ in range(4)))
    await asyncio.gather(*(deliver_all(bench.way) for _ in range(4)))

    assert sorted(json.loads(posted.body)["data"]["alert"] for posted in receiver.took) == [
        f"Watch {number}" for number in range(4)
    ]


async def test_a_chosen_user_is_mailed_in_place_of_the_channels_recipients(bench: Bench, mail: MailServer) -> None:
    async with bench.database.begin() as tx:
        user = await users.add(tx, "Ada", "ada@acme.test", Role.ADMIN, None)
        await users.add(tx, "Grace", "grace@acme.test", Role.ADMIN, None)
    await bench.channel(by_mail(mail))
    await bench.alert(Topic.ORDER, user="ada@acme.test")
    await bench.order(1001)
    await bench.tick()
    async with bench.database.begin() as tx:
        await users.disable(tx, user.id)
    await bench.order(1002)

    await bench.tick()

    newest, oldest = await bench.messages()
    assert mail.envelopes == [["ada@acme.test"]]
    assert (oldest.state, newest.state) == ("sent", "given up")


async def test_a_channel_into_a_private_network_is_refused_and_one_that_moved_there_is_given_up(bench: Bench) -> None:
    url = "https://10.0.0.5/"
    with pytest.raises(Refused, match="private network"):
        await bench.channel(Slack(url))
    async with bench.database.begin() as tx:
        await channels.put(tx, "ops", Slack(url), bench.way.sealer)  # as if the setting had been taken away since
    await bench.alert()
    await bench.hold(1)

    await bench.tick()

    [message] = await bench.messages()
    assert message.state == "given up"
    assert "CROSSDOCK_PRIVATE_WEBHOOKS=1" in (message.last_error or "")


async def test_secrets_are_sealed_and_shown_by_nothing(bench: Bench, mail: MailServer, receiver: Receiver) -> None:
    await bench.channel(by_mail(mail, user="hub", password=PASSWORD), "mail")
    await bench.channel(by_webhook(receiver, SECRET), "program")

    async with bench.database.begin() as tx:
        rows = [str(row) for row in await tx.execute(text("SELECT channels::text FROM channels"))]
        trail = [str(row) for row in await tx.execute(text("SELECT audit::text FROM audit"))]

    said = " ".join(rows + trail) + repr(by_mail(mail, user="hub", password=PASSWORD)) + repr(by_webhook(receiver))
    hidden = (PASSWORD, SECRET, "whsec_", PASSWORD.encode().hex(), "/hook")
    assert not [secret for secret in hidden if secret in said]


async def test_a_password_is_not_taken_for_a_way_in_the_clear(bench: Bench, mail: MailServer) -> None:
    with pytest.raises(UsageError, match="in the clear"):
        await bench.channel(by_mail(mail, user="hub", password=PASSWORD, security=Security.NONE))


def test_the_pauses_double_up_to_an_hour_and_then_it_is_given_up() -> None:
    pauses = [pause_after(attempts) for attempts in range(1, TRIES + 1)]

    assert pauses[:4] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4), timedelta(minutes=8)]
    assert pauses[-2:] == [timedelta(hours=1), None]
