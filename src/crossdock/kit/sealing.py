"""Secrets at rest: sealed before they reach the database, opened only where they are used."""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from crossdock.kit.errors import UsageError
from crossdock.kit.keys import digest

KEY_FILE = "sealing.key"
KEY_VARIABLE = "CROSSDOCK_SEALING_KEY"

T = TypeVar("T")


class Sealer:
    """
    Seals short texts with the first of its keys; opens with any of them.

    With a key `file`, keys that another process writes there are taken up when they are needed: before something is
    sealed, and where nothing at hand opens it.
    """

    def __init__(self, *keys: str, file: Path | None = None) -> None:
        self._file = file
        self._seen = None if file is None else _state(file)
        self._take(keys)

    def seal(self, text: str) -> bytes:
        """Return `text` encrypted and signed."""
        self._look_again()
        return self._fernet.encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """
        Return the text that was sealed.

        Raises UsageError where the key is another one than it was sealed with.
        """
        return self._opened(sealed, lambda: self._fernet.decrypt(sealed)).decode()

    def key_of(self, sealed: bytes) -> str:
        """Return the fingerprint of the key that it was sealed with. Raises UsageError as `open` does."""

        def found() -> str:
            for name, key in self._keys.items():
                with suppress(InvalidToken):
                    Fernet(key).decrypt(sealed)
                    return name
            raise InvalidToken

        return self._opened(sealed, found)

    @property
    def keys(self) -> tuple[str, ...]:
        """The fingerprints of the keys, the one that seals first."""
        self._look_again()
        return tuple(self._keys)

    def _opened(self, sealed: bytes, ask: Callable[[], T]) -> T:
        try:
            return ask()
        except InvalidToken as error:
            if self._look_again():
                return self._opened(sealed, ask)
            raise UsageError(
                "A stored secret was sealed with another key. Start the hub with the sealing key it was set up "
                f"with ({KEY_VARIABLE}, or {KEY_FILE} in the data directory), or enter the secret again."
            ) from error

    def _look_again(self) -> bool:
        """Take up the file's keys where it was written since; tell whether it was."""
        if self._file is None or (state := _state(self._file)) == self._seen:
            return False
        self._seen = state
        self._take(_written(self._file))
        return True

    def _take(self, keys: Sequence[str]) -> None:
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError as error:
            raise UsageError(
                f"The sealing key is not a Fernet key ({error}). Set {KEY_VARIABLE} to the key that this "
                "hub was set up with; unset it for a new hub, which then makes its own key."
            ) from error
        self._keys = {digest(key.encode())[:8]: key for key in keys}


def new_key() -> str:
    """Return a new sealing key."""
    return Fernet.generate_key().decode()


def sealer_for(data: Path) -> Sealer:
    """
    Return the sealer of this installation: keys from the environment, else the data directory's key file.

    The environment variable may hold several keys, separated by commas, newest first; the file has one a line. It is
    made at first use, readable by its owner only. Two processes that start at once agree on one key.
    """
    given = _given()
    if given:
        return Sealer(*given)
    path = data / KEY_FILE
    if not path.exists():
        # Written whole beside its place, then linked into it: whoever comes second keeps the first one's key.
        draft = _draft(path, [new_key()])
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return Sealer(*_written(path), file=path)


def add_key(data: Path) -> None:
    """
    Put a new key before those that the data directory's key file has.

    Raises UsageError where the keys come from the environment, with what to do there.
    """
    if _given():
        raise UsageError(
            f"The keys come from {KEY_VARIABLE}, so there is none to make here. Put a new one before the old one, on "
            f"every machine: {KEY_VARIABLE}=NEW,OLD (crossdock secrets key prints one). Then run this again."
        )
    path = data / KEY_FILE
    _draft(path, [new_key(), *_written(path)]).replace(path)


def drop_oldest_keys(data: Path) -> None:
    """
    Leave the newest two keys in the file, where there is one; call it once the newest has sealed everything.

    The second stays, for some process may be sealing with it at this moment.
    """
    path = data / KEY_FILE
    if not _given() and len(_written(path)) > 2:
        _draft(path, _written(path)[:2]).replace(path)


def is_given_several() -> bool:
    """Tell whether the environment names several keys: a new one and those that it follows."""
    return len(_given()) > 1


def _given() -> list[str]:
    return [key.strip() for key in os.environ.get(KEY_VARIABLE, "").split(",") if key.strip()]


def _written(path: Path) -> list[str]:
    return path.read_text().split()


def _draft(path: Path, keys: Sequence[str]) -> Path:
    """Write keys beside the file, for its owner's eyes only, down to the disk; return where."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write("\n".join(keys) + "\n")
        file.flush()
        # A key that a power cut takes with it takes every secret with it.
        os.fsync(file.fileno())
    return draft


def _state(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_ino, found.st_mtime_ns
