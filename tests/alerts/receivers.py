"""A mail server and a webhook's receiver on this machine, for what is really sent."""

import base64
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass
class MailServer:
    """What an SMTP server took, and how it behaves. `login` is what it lets in; None lets everybody."""

    certificate: Path
    login: tuple[str, str] | None = None
    refuses: int | None = None
    took: list[EmailMessage] = field(default_factory=list)
    envelopes: list[list[str]] = field(default_factory=list)
    in_the_clear: list[str] = field(default_factory=list)
    """Commands that came before the way was encrypted."""
    port: int = 0


@dataclass(frozen=True)
class Posted:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """What an HTTP server took; it answers with the next of `answers`, and 200 after those."""

    answers: list[int] = field(default_factory=list)
    took: list[Posted] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"


class _Smtp(socketserver.ThreadingTCPServer):
    """An SMTP server with STARTTLS, which logins and mail need."""

    def __init__(self, state: MailServer) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.state = state
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.context.load_cert_chain(state.certificate)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that does not like the certificate hangs up; the test sees what it says."""


class _Conversation(socketserver.StreamRequestHandler):
    server: _Smtp

    def handle(self) -> None:
        self.encrypted = False
        self.recipients: list[str] = []
        self._say("220 here")
        while line := self.rfile.readline():
            command = line.decode().strip()
            if not self.encrypted:
                self.server.state.in_the_clear.append(command)
            if command.upper() == "QUIT":
                self._say("221 bye")
                return
            self._answer(command)

    def finish(self) -> None:
        super().finish()
        self.connection.close()

    def _answer(self, command: str) -> None:
        match command.upper().split(":")[0].split():
            case ["EHLO", *_]:
                self._say("250-here", "250 AUTH PLAIN" if self.encrypted else "250 STARTTLS")
            case ["STARTTLS"]:
                self._say("220 go ahead")
                self._encrypt()
            case ["AUTH", "PLAIN", *_]:
                self._say("235 welcome" if self._knows(command.split()[2]) else "535 who are you")
            case ["RCPT", "TO"]:
                self.recipients.append(command.split("<")[1].split(">", maxsplit=1)[0])
                refuses = self.server.state.refuses
                self._say("250 ok" if refuses is None else f"{refuses} no")
            case ["DATA"]:
                self._say("354 go on")
                self.server.state.envelopes.append(self.recipients)
                self.server.state.took.append(self._read_mail())
                self._say("250 taken")
            case _:
                self._say("250 ok")

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())

    def _encrypt(self) -> None:
        self.rfile.close()
        self.connection = self.server.context.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", 0)
        self.encrypted = True

    def _knows(self, login: str) -> bool:
        _, user, password = base64.b64decode(login).decode().split("\0")
        return self.server.state.login in {None, (user, password)}

    def _read_mail(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b"."))
        mail = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(mail, EmailMessage)
        return mail


@contextmanager
def mail_server(folder: Path) -> Iterator[MailServer]:
    """Serve SMTP on a free port of localhost, by a certificate of its own making."""
    state = MailServer(a_certificate(folder))
    with _served(_Smtp(state)) as port:
        state.port = port
        yield state


@contextmanager
def webhook_receiver() -> Iterator[Receiver]:
    """Serve HTTP on a free port of this machine."""
    state = Receiver()

    class Request(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            state.took.append(Posted(self.path, headers, body))
            self.send_response(state.answers.pop(0) if state.answers else 200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with _served(ThreadingHTTPServer(("127.0.0.1", 0), Request)) as port:
        state.port = port
        yield state


@contextmanager
def _served(server: socketserver.TCPServer) -> Iterator[int]:
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    serving.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        serving.join()


def a_certificate(folder: Path) -> Path:
    """Make a key and a certificate for localhost that vouches for itself; return the file with both."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "localhost.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path
