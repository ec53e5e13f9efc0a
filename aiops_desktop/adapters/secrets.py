"""The vault: seals secrets with AES-GCM under one data key, kept by the keyring or in a file."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.trouble import Failed, NotTrusted

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

T = TypeVar("T")

#: Seconds a keyring gets to answer; a broken secret service blocks for two minutes.
PATIENCE = 3.0
_SERVICE = "aiops-desktop"
_LOST = "Restore it from a backup, or enter the tokens and passphrases again."


@dataclass(frozen=True, slots=True)
class _Choice:
    """Who keeps the data key; made once, recorded beside the database.

    `check` tells a wrong key from a right one without giving the right one away.
    """

    keeper: str
    profile: str
    check: str


class Vault:
    """Seals and opens secrets. The data key is read (or made) on first use."""

    def __init__(self, layout: Layout, patience: float = PATIENCE) -> None:
        self._layout = layout
        self._patience = patience
        self._lock = threading.Lock()
        self._key: bytes | None = None

    def seal(self, owner: str, text: str) -> tuple[bytes, bytes]:
        """(nonce, ciphertext) of a secret, readable only for this owner.

        Raises:
            NotTrusted: the data key is missing or wrong.
        """
        nonce = os.urandom(12)
        return nonce, _cipher(self._data_key()).encrypt(nonce, text.encode(), owner.encode())

    def open(self, owner: str, nonce: bytes, ciphertext: bytes) -> str:
        """The secret.

        Raises:
            NotTrusted: the data key is missing or wrong, or this was sealed for another owner.
        """
        from cryptography.exceptions import InvalidTag

        try:
            return _cipher(self._data_key()).decrypt(nonce, ciphertext, owner.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise NotTrusted(
                f"The secret kept for “{owner}” cannot be read.", "Enter it again."
            ) from error

    def keeper(self) -> str:
        """Where the data key lies, as a sentence."""
        choice = self._choice()
        if choice is None:
            return "No secret is kept yet; the first one decides where the data key lies."
        if choice.keeper == "keyring":
            return "The data key lies in the keyring of this account."
        return (
            f"The data key lies in the file {self._layout.data_key}, because no keyring answered. "
            "Whoever can read your files can read it."
        )

    def start_over(self) -> None:
        """Forget the data key, so that the next secret makes a new one; all old ones are lost."""
        with self._lock:
            self._key = None
            self._record.unlink(missing_ok=True)
            with contextlib.suppress(FileNotFoundError):
                self._layout.data_key.replace(self._layout.data_key.with_suffix(".old"))

    # How it does it --------------------------------------------------------------------------

    @property
    def _record(self) -> Path:
        return self._layout.data / "secret.keeper"

    def _data_key(self) -> bytes:
        with self._lock:
            if self._key is None:
                choice = self._choice()
                self._key = self._make() if choice is None else self._fetch(choice)
            return self._key

    def _choice(self) -> _Choice | None:
        try:
            told = json.loads(self._record.read_text())
            return _Choice(str(told["keeper"]), str(told["profile"]), str(told["check"]))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise NotTrusted(
                f"The file {self._record.name} in the data folder cannot be read, so the secrets "
                "cannot be opened.",
                _LOST,
            ) from error

    def _make(self) -> bytes:
        """A new data key, kept where it is safest here; the choice is written down."""
        profile = secrets.token_hex(8)
        key = secrets.token_bytes(32)
        keeper = "keyring" if self._keyring_keeps(profile, key) else "file"
        if keeper == "file":
            key = self._key_file(key)
        choice = {"keeper": keeper, "profile": profile, "check": _check(key)}
        if _write_new(self._record, json.dumps(choice)):
            return key
        first = self._choice()  # another process was quicker; its key counts
        return self._fetch(first) if first else key

    def _fetch(self, choice: _Choice) -> bytes:
        if choice.keeper == "keyring":
            kept = _within(self._patience, lambda: _keyring_get(choice.profile))
            if kept is None:
                raise NotTrusted(
                    "The keyring that holds the data key does not answer, or has lost it.",
                    "Unlock the keyring and try again. " + _LOST,
                )
        else:
            try:
                kept = self._layout.data_key.read_text().strip()
            except (OSError, ValueError) as error:
                raise NotTrusted(
                    f"The data key {self._layout.data_key} cannot be read.", _LOST
                ) from error
        try:
            key = base64.b64decode(kept, validate=True)
        except ValueError:
            key = b""
        if _check(key) != choice.check:
            raise NotTrusted("The data key is not the one the secrets were kept under.", _LOST)
        return key

    def _keyring_keeps(self, profile: str, key: bytes) -> bool:
        text = base64.b64encode(key).decode()

        def probe() -> bool:
            _keyring_set(profile, text)
            return _keyring_get(profile) == text

        return bool(_within(self._patience, probe))

    def _key_file(self, key: bytes) -> bytes:
        path = self._layout.data_key
        if _write_new(path, base64.b64encode(key).decode()):
            return key
        return base64.b64decode(path.read_text())


def _cipher(key: bytes) -> AESGCM:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)


def _check(key: bytes) -> str:
    return hashlib.sha256(b"aiops data key" + key).hexdigest()[:16]


def _write_new(path: Path, text: str) -> bool:
    """Write a file that must not be there yet, 0600; False when it is there."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        _place(part, path)
    except FileExistsError:
        return False
    except OSError as error:
        raise Failed(
            f"The file {path} could not be written: {error.strerror}.",
            "Check the data folder's space and permissions.",
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return True


def _place(part: Path, path: Path) -> None:
    """Whole or not at all, and never over another one."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if path.exists():
            raise FileExistsError from None
        part.replace(path)


def _within(seconds: float, ask: Callable[[], T]) -> T | None:
    """The answer of a call that may hang or fail, None when there is none in time."""
    answers: list[T] = []

    def work() -> None:
        # Whatever a keyring's backend raises, it means that there is no keyring.
        with contextlib.suppress(Exception):
            answers.append(ask())

    thread = threading.Thread(target=work, name="keyring", daemon=True)
    thread.start()
    thread.join(seconds)
    return answers[0] if answers else None


def _keyring_get(profile: str) -> str | None:
    import keyring

    return keyring.get_password(_SERVICE, profile)


def _keyring_set(profile: str, text: str) -> None:
    import keyring

    keyring.set_password(_SERVICE, profile, text)
