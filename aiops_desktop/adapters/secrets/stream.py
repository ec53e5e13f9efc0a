"""A file sealed piece by piece: AES-GCM, each piece bound to its number and to the file's head.

The form: MAGIC, the length of the head (four bytes), the head (JSON), then pieces of `PIECE` bytes
and their tags. The key is Argon2id of the passphrase and a salt of this file's own, so the number
of a piece can be its nonce. The last piece is bound as the last: a file that was cut, put in
another order, or joined from two does not open (the STREAM construction of Hoang, Reyhanitabar,
Rogaway and Vizár).
"""

from __future__ import annotations

import base64
import io
import json
import os
from collections.abc import Mapping
from typing import IO, Any

from aiops_desktop.adapters.secrets import phrase
from aiops_desktop.adapters.secrets.key import cipher
from aiops_desktop.domain.secrets import SHORTEST
from aiops_desktop.domain.trouble import Failed, NotTrusted, Refused

MAGIC = b"AIOPS-SEALED-1\n"
PIECE = 1 << 20
_TAG = 16
_HEAD_MOST = 64 * 1024


class Sealing(io.RawIOBase):
    """Takes plain bytes and writes sealed pieces; `close` writes the last one."""

    def __init__(self, file: IO[bytes], passphrase: str, head: Mapping[str, object]) -> None:
        """`head` is readable without the passphrase, but cannot be changed.

        Raises:
            Refused: the passphrase is too short.
            Missing: there is no Argon2id here.
        """
        if len(passphrase) < SHORTEST:
            raise Refused(
                f"The passphrase is too short: it needs {SHORTEST} characters.",
                "Several words are good, and easy to remember.",
                field="passphrase",
            )
        salt = os.urandom(16)
        cost = {"memory": phrase.MEMORY, "passes": phrase.PASSES, "lanes": phrase.LANES}
        told = {**head, **cost, "kdf": "argon2id", "salt": base64.b64encode(salt).decode()}
        self._head = json.dumps(told).encode()
        key = phrase.derive(passphrase, salt, phrase.MEMORY, phrase.PASSES, phrase.LANES)
        self._file, self._cipher, self._number = file, cipher(key), 0
        self._held: list[bytes] = []
        self._size = 0
        file.write(MAGIC + len(self._head).to_bytes(4, "big") + self._head)

    def writable(self) -> bool:
        """It is for writing."""
        return True

    def write(self, data: Any) -> int:  # noqa: ANN401 - any buffer, as io has it
        """Take some bytes; a piece is written once more than that has come."""
        self._held.append(bytes(data))
        self._size += len(data)
        if self._size > PIECE:
            whole = memoryview(b"".join(self._held))
            at = 0
            while self._size > PIECE:
                self._put(whole[at : at + PIECE], last=False)
                at, self._size = at + PIECE, self._size - PIECE
            self._held = [bytes(whole[at:])]
        return len(data)

    def close(self) -> None:
        """Write the last piece. The file below stays open."""
        if not self.closed:
            self._put(b"".join(self._held), last=True)
        super().close()

    def _put(self, piece: bytes | memoryview, *, last: bool) -> None:
        bond = _bond(self._head, last)
        self._file.write(self._cipher.encrypt(_nonce(self._number), piece, bond))
        self._number += 1


class Opening(io.RawIOBase):
    """Gives the plain bytes of a sealed file."""

    def __init__(self, file: IO[bytes], passphrase: str) -> None:
        """The passphrase is tried at once.

        Raises:
            NotTrusted: the passphrase is wrong, or the file was changed at its beginning.
            Failed: it is no sealed file, or damaged.
        """
        told, self._head = _head(file)
        try:
            salt = base64.b64decode(str(told["salt"]), validate=True)
            cost = (int(told["memory"]), int(told["passes"]), int(told["lanes"]))
        except (KeyError, ValueError, TypeError) as error:
            raise _damaged() from error
        try:
            key = phrase.derive(passphrase, salt, *phrase.bounded(*cost))
        except ValueError as error:
            raise _damaged() from error
        self._file, self._cipher, self._number = file, cipher(key), 0
        self._ahead = file.read(PIECE + _TAG)
        self._over = False
        self._left = self._next()

    def readable(self) -> bool:
        """It is for reading."""
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - any buffer, as io has it
        """Fill the buffer as far as the present piece goes; 0 at the end.

        Raises:
            Failed: the file is cut off or was changed.
        """
        while not self._left and not self._over:
            self._left = self._next()
        size = min(len(buffer), len(self._left))
        buffer[:size] = self._left[:size]
        self._left = self._left[size:]
        return size

    def _next(self) -> memoryview:
        from cryptography.exceptions import InvalidTag

        sealed, self._ahead = self._ahead, self._file.read(PIECE + _TAG)
        last = not self._ahead
        try:
            bond = _bond(self._head, last)
            plain = self._cipher.decrypt(_nonce(self._number), sealed, bond)
        except (InvalidTag, ValueError) as error:
            if not self._number:
                raise NotTrusted(
                    "The passphrase does not open this backup.",
                    "Try again. If it is the right one, the file was changed.",
                    field="passphrase",
                ) from error
            raise _damaged() from error
        self._number += 1
        self._over = last
        return memoryview(plain)


def head(file: IO[bytes]) -> dict[str, Any] | None:
    """What a sealed file says without its passphrase; None when it is not sealed.

    Nobody has vouched for it: it may have been changed.

    Raises:
        Failed: it is damaged.
    """
    try:
        file.seek(0)
        if file.read(len(MAGIC)) != MAGIC:
            return None
        file.seek(0)
        return _head(file)[0]
    finally:
        file.seek(0)


def _head(file: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    if file.read(len(MAGIC)) != MAGIC:
        raise Failed("This is no sealed backup.", "Choose a backup of this program.")
    size = int.from_bytes(file.read(4), "big")
    raw = file.read(size) if 0 < size <= _HEAD_MOST else b""
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise _damaged() from error
    if not isinstance(told, dict) or len(raw) != size:
        raise _damaged()
    return told, raw


def _bond(head_: bytes, last: bool) -> bytes:
    return (b"last\0" if last else b"more\0") + head_


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _damaged() -> Failed:
    return Failed("The backup is damaged: it was changed or cut off.", "Take another one.")
