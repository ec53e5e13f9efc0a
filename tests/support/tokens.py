"""Files of keys on a security key, as ssh-keygen writes them (PROTOCOL.u2f, PROTOCOL.key)."""

from __future__ import annotations

import base64
import os
import subprocess
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_ED25519 = b"sk-ssh-ed25519@openssh.com"
_ECDSA = b"sk-ecdsa-sha2-nistp256@openssh.com"


def token_key(path: Path, *, ecdsa: bool = False, passphrase: str = "") -> Path:
    """Write the file of a key whose private half nobody has; ssh-keygen puts a passphrase on it."""
    public = _public(ecdsa=ecdsa)
    check = os.urandom(4)
    handle = b"\x01" + _string(os.urandom(64)) + _string(b"")
    private = check + check + public + handle + _string(b"ann's token")
    private += bytes(range(1, 1 + -len(private) % 8))
    body = b"openssh-key-v1\0" + _string(b"none") + _string(b"none") + _string(b"")
    body += b"\0\0\0\1" + _string(public) + _string(private)
    text = base64.encodebytes(body).decode()
    begin, end = (f"-----{word} OPENSSH PRIVATE KEY-----\n" for word in ("BEGIN", "END"))
    path.touch(0o600)
    path.write_text(begin + text + end)
    if passphrase:
        change = ["ssh-keygen", "-q", "-p", "-P", "", "-N", passphrase, "-f", str(path)]
        subprocess.run(change, check=True, capture_output=True)
    return path


def _public(*, ecdsa: bool) -> bytes:
    if ecdsa:
        point = ec.generate_private_key(ec.SECP256R1()).public_key()
        known = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return _string(_ECDSA) + _string(b"nistp256") + _string(known) + _string(b"ssh:")
    known = ed25519.Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    return _string(_ED25519) + _string(known) + _string(b"ssh:")


def _string(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data
