"""What an ssh-agent hears to take a key with its certificate; `ssh-add` reads those in files only.

The unlocked key thus reaches the agent over its socket and is written nowhere. Messages and numbers
are those of draft-ietf-sshm-ssh-agent, sections 3.2 and 4, and OpenSSH's PROTOCOL.certkeys.
"""

from __future__ import annotations

import base64
import struct

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

Private = ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

_ADD, _ADD_CONSTRAINED = 17, 25
_LIFETIME = 1
#: How an agent says that it did what it was told.
SUCCESS = 6


def adding(key: Private, certificate: str, *, seconds: int) -> bytes:
    """The message that adds a key under its certificate; 0 seconds: without an end.

    Args:
        key: unlocked.
        certificate: the line of its certificate.
        seconds: how long the agent keeps it.
    """
    kind, encoded = certificate.split()[:2]
    body = _string(kind.encode()) + _string(base64.b64decode(encoded)) + _secret(key)
    body += _string(b"certificate")
    end = bytes([_LIFETIME]) + struct.pack(">I", seconds) if seconds else b""
    return _string(bytes([_ADD_CONSTRAINED if seconds else _ADD]) + body + end)


def _secret(key: Private) -> bytes:
    """What of a key is in no certificate."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        private = key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        return _string(public) + _string(private + public)
    if isinstance(key, rsa.RSAPrivateKey):
        parts = key.private_numbers()
        return b"".join(_number(n) for n in (parts.d, parts.iqmp, parts.p, parts.q))
    return _number(key.private_numbers().private_value)


def _string(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


def _number(value: int) -> bytes:
    """A positive number as RFC 4251 has it: no sign bit at its head."""
    return _string(value.to_bytes(value.bit_length() // 8 + 1, "big"))
