"""Mail through an SMTP server."""

import asyncio
import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final

from crossdock.kit.errors import TryAgain, UsageError
from crossdock.model.alert_text import Message
from crossdock.model.channel import Email, Security

_PATIENCE_SECONDS: Final = 20
"""For each answer of the server."""


async def send_mail(channel: Email, message: Message, key: str, at: datetime) -> None:
    """
    Hand a message to the server; the same `key` makes the same Message-ID, by which mailboxes know a repetition.

    Raises TryAgain where the server is silent or says no, without the addresses that it may name.
    """
    if not channel.recipients:
        raise UsageError("This channel has no recipients. Name some, or choose a user in the alert.")
    try:
        await asyncio.to_thread(_send, channel, letter(channel, message, key, at))
    except smtplib.SMTPAuthenticationError as error:
        raise TryAgain(
            f"{channel.host}: the mail server refuses the user or the password ({error.smtp_code}). "
            "Change them: crossdock channels email."
        ) from error
    except smtplib.SMTPRecipientsRefused as error:
        codes = ", ".join(sorted({str(code) for code, _ in error.recipients.values()}))
        raise TryAgain(f"{channel.host}: the mail server refuses every recipient ({codes}).") from error
    except smtplib.SMTPResponseException as error:
        raise TryAgain(f"{channel.host}: the mail server says no ({error.smtp_code}).") from error
    except smtplib.SMTPNotSupportedError as error:
        raise TryAgain(
            f"{channel.host}: the mail server cannot do what is asked of it (STARTTLS or a login). "
            "See: crossdock channels email --security."
        ) from error
    except smtplib.SMTPException as error:
        raise TryAgain(f"{channel.host}: the mail server broke off ({type(error).__name__}).") from error
    except ssl.SSLCertVerificationError as error:
        raise TryAgain(f"{channel.host}: the mail server's certificate is not good: {error.verify_message}.") from error
    except (OSError, TimeoutError) as error:
        raise TryAgain(f"{channel.host}:{channel.port} does not answer ({error.strerror or error}).") from error


def letter(channel: Email, message: Message, key: str, at: datetime) -> EmailMessage:
    """Return the message as mail."""
    mail = EmailMessage()
    mail["Subject"] = message.subject
    mail["From"] = channel.sender
    mail["To"] = ", ".join(channel.recipients)
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{key}@crossdock.invalid>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: absence notices do not answer it
    mail.set_content("\n\n".join((*message.lines, message.link)) + "\n")
    return mail


def _send(channel: Email, mail: EmailMessage) -> None:
    context = ssl.create_default_context()
    server = (
        smtplib.SMTP_SSL(channel.host, channel.port, timeout=_PATIENCE_SECONDS, context=context)
        if channel.security is Security.TLS
        else smtplib.SMTP(channel.host, channel.port, timeout=_PATIENCE_SECONDS)
    )
    with server:
        if channel.security is Security.STARTTLS:
            # Raises where the server does not offer it: a password never goes in the clear.
            server.starttls(context=context)
        if channel.user is not None and channel.password is not None:
            server.login(channel.user, channel.password)
        server.send_message(mail)
