"""The data key itself: what is sealed with it opens for the same owner only."""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiops_desktop.domain.secrets import Keeper, Sealed
from aiops_desktop.domain.trouble import NotTrusted

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

#: Bytes of a data key (AES-256).
SIZE = 32


@dataclass(frozen=True, slots=True)
class DataKey:
    """A data key in memory, and the record of it."""

    keeper: Keeper
    secret: bytes = field(repr=False)

    def seal(self, owner: str, text: str) -> Sealed:
        """A secret, readable only for this owner."""
        nonce = os.urandom(12)
        return Sealed(owner, nonce, cipher(self.secret).encrypt(nonce, text.encode(), _bond(owner)))

    def open(self, sealed: Sealed) -> str:
        """The secret.

        Raises:
            NotTrusted: it was sealed for another owner, with another key, or was changed.
        """
        from cryptography.exceptions import InvalidTag

        try:
            found = cipher(self.secret).decrypt(
                sealed.nonce, sealed.ciphertext, _bond(sealed.owner)
            )
            return found.decode()
        except (InvalidTag, ValueError) as error:
            raise NotTrusted(
                f"The secret kept for “{sealed.owner}” cannot be read: it was changed, or belongs "
                "to another owner.",
                "Enter it again.",
            ) from error


def cipher(key: bytes) -> AESGCM:
    """AES-GCM with this key."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)


def check(key: bytes) -> str:
    """Tells one data key from another; says nothing of the key, which is random."""
    return hashlib.sha256(b"aiops data key" + key).hexdigest()[:16]


def fresh() -> tuple[str, bytes]:
    """The name and the bytes of a new data key."""
    return secrets.token_hex(8), secrets.token_bytes(SIZE)


def _bond(owner: str) -> bytes:
    return b"aiops secret\0" + owner.encode()
