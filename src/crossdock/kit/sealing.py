"""Secrets at rest: sealed before they reach the database, opened only where they are used."""

import os
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from crossdock.kit.errors import UsageError

KEY_FILE = "sealing.key"
KEY_VARIABLE = "CROSSDOCK_SEALING_KEY"


class Sealer:
    """Seals and opens short texts with the first of its keys; opens with any of them."""

    def __init__(self, *keys: str) -> None:
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError as error:
            raise UsageError(
                f"The sealing key is not a Fernet key ({error}). Set {KEY_VARIABLE} to the key that this "
                "hub was set up with; unset it for a new hub, which then makes its own key."
            ) from error

    def seal(self, text: str) -> bytes:
        """Return `text` encrypted and signed."""
        return self._fernet.encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """
        Return the text that was sealed.

        Raises UsageError where the key is another one than it was sealed with.
        """
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken as error:
            raise UsageError(
                "A stored secret was sealed with another key. Start the hub with the sealing key it was set up "
                f"with ({KEY_VARIABLE}, or {KEY_FILE} in the data directory), or enter the secret again."
            ) from error


def sealer_for(data: Path) -> Sealer:
    """
    Return the sealer of this installation: keys from the environment, else the data directory's key file.

    The environment variable may hold several keys, separated by commas, newest first. The file is made at first
    use, readable by its owner only. Two processes that start at once agree on one key.
    """
    given = os.environ.get(KEY_VARIABLE)
    if given:
        return Sealer(*(key.strip() for key in given.split(",") if key.strip()))
    path = data / KEY_FILE
    if not path.exists():
        # Written whole beside its place, then linked into it: whoever comes second keeps the first one's key.
        draft = data / f".{KEY_FILE}.{os.getpid()}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(Fernet.generate_key().decode())
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return Sealer(path.read_text().strip())
