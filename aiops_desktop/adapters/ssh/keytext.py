"""The texts keys come in: mended, and OpenSSH's own format taken apart."""

from __future__ import annotations

import base64
import math
import struct
from collections.abc import Iterator
from itertools import islice

from aiops_desktop.domain.trouble import Refused

#: Bytes beyond which a file is no private key (an RSA key of 16384 bits has 13 kB).
LONGEST = 64 * 1024
#: How many fields of the private section stand between a key's type and its comment (PROTOCOL.key
#: and PROTOCOL.agent of OpenSSH).
_FIELDS = {"ssh-ed25519": 2, "ssh-rsa": 6, "ecdsa-sha2": 3}
#: Rounds of its passphrase's hash beyond which a key would hold everything up (16 are usual).
_ROUNDS = 2000
_MAGIC = b"openssh-key-v1\0"
#: The same for PKCS#8: rounds of PBKDF2 (RFC 8018), and N * r * p of scrypt (RFC 7914), which takes
#: 128 * N * r bytes.
_ITERATIONS, _SCRYPT_WORK = 2_000_000, 1 << 20
#: Its object identifier, 1.3.6.1.4.1.11591.4.11, as DER has it.
_SCRYPT = bytes.fromhex("2b06010401da47040b")


def repaired(text: str | bytes) -> bytes:
    """A key's text with its line ends mended and whatever stands around it left out."""
    data = text.encode("utf-8", "replace") if isinstance(text, str) else text
    if len(data) > LONGEST:
        raise Refused("This is too long for a key.", "Paste the private key alone.")
    lines = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r", b"\n").split(b"\n")
    # CRLF became two line ends; the one blank line PEM needs stands after its headers.
    kept = [line.strip() for line in lines]
    headers = [number for number, line in enumerate(kept) if line.startswith(b"DEK-Info:")]
    made = [line for line in kept if line]
    if headers:
        place = next(n for n, line in enumerate(made) if line.startswith(b"DEK-Info:"))
        made.insert(place + 1, b"")
    begin = next((n for n, line in enumerate(made) if line.startswith(b"-----BEGIN ")), 0)
    kept = made[begin:]
    end = next((n for n, line in enumerate(kept) if line.startswith(b"-----END ")), len(kept))
    return b"\n".join(kept[: end + 1]) + b"\n"


def openssh(data: bytes) -> tuple[bytes, bool, str]:
    """(public blob, whether encrypted, comment) of a key in OpenSSH's format (PROTOCOL.key)."""
    fields = list(strings(_body(data)))
    if len(fields) != 5:
        raise damaged()
    cipher, _kdf, options, blob, private = fields
    if next(strings(blob), None) is None:
        raise damaged()
    if len(options) > 4 and int.from_bytes(options[-4:], "big") > _ROUNDS:
        raise _slow("Give it fewer rounds: ssh-keygen -p -a 100 -f key")
    return blob, cipher != b"none", _comment(private) if cipher == b"none" else ""


def refuse_slow(data: bytes) -> None:
    """Look how much work a passphrase is made to be in a PKCS#8 file, before it is done.

    Raises:
        Refused: it would take minutes.
    """
    if not data.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----"):
        return
    try:
        der = base64.b64decode(b"".join(data.split(b"\n")[1:-2]), validate=True)
        head = next(_fields(next(_fields(der))[1]))[1]
        numbers = _numbers(head)
    except (ValueError, StopIteration, IndexError, RecursionError):
        return  # whoever reads it says that it is damaged
    work = math.prod(numbers[:3]) if _SCRYPT in head else max(numbers, default=0)
    if work > (_SCRYPT_WORK if _SCRYPT in head else _ITERATIONS):
        raise _slow("Give it fewer: openssl pkcs8 -topk8 -iter 100000 -in key -out new")


def _slow(hint: str) -> Refused:
    return Refused("This key takes minutes to unlock.", hint, field="private")


def _numbers(data: bytes) -> list[int]:
    """All integers in some DER, in order (X.690)."""
    found: list[int] = []
    for tag, value in _fields(data):
        if tag == 0x02:
            found.append(int.from_bytes(value, "big"))
        elif tag == 0x30:
            found += _numbers(value)
    return found


def _fields(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(tag, value) of the parts of some DER; ValueError when it is cut off."""
    while data:
        tag, size, start = data[0], data[1], 2
        if size & 0x80:
            start += size & 0x7F
            size = int.from_bytes(data[2:start], "big")
        if start + size > len(data):
            raise ValueError
        yield tag, data[start : start + size]
        data = data[start + size :]


def damaged() -> Refused:
    """The trouble of a key text that is not whole."""
    return Refused("The key is damaged or cut off.", "Copy it again, whole.", field="private")


def _body(data: bytes) -> bytes:
    """The length-prefixed fields of the format, without its head and its number of keys."""
    try:
        body = base64.b64decode(b"".join(data.split(b"\n")[1:-2]), validate=True)
    except ValueError as error:
        raise damaged() from error
    head = list(islice(strings(body[len(_MAGIC) :]), 3))
    size = len(_MAGIC) + sum(4 + len(field) for field in head)
    if not body.startswith(_MAGIC) or body[size : size + 4] != b"\0\0\0\1":
        raise damaged()
    return body[len(_MAGIC) : size] + body[size + 4 :]


def _comment(private: bytes) -> str:
    fields = strings(private[8:])  # two check numbers stand before it
    name = next(fields, b"").decode("ascii", "replace")
    skip = next((n for start, n in _FIELDS.items() if name.startswith(start)), None)
    if skip is None:
        return ""
    told = next(islice(fields, skip, None), b"")
    return told.decode("utf-8", "replace")


def strings(data: bytes) -> Iterator[bytes]:
    """The length-prefixed fields of RFC 4251, section 5."""
    while len(data) >= 4:
        size = struct.unpack(">I", data[:4])[0]
        if size > len(data) - 4:
            return
        yield data[4 : 4 + size]
        data = data[4 + size :]
