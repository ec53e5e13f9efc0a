"""Certificates of SSH keys: what an authority says of a key, for whom and until when."""

from __future__ import annotations

import base64
import binascii
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from aiops_desktop.domain import fingerprints
from aiops_desktop.domain.trouble import Refused

_MARK = "-cert-v01@openssh.com"
#: How many fields a key itself has in its certificate (PROTOCOL.certkeys and PROTOCOL.u2f of
#: OpenSSH), and what the plain key is called.
_KINDS = {
    "ssh-ed25519": (1, "ssh-ed25519"),
    "ssh-rsa": (2, "ssh-rsa"),
    "ecdsa-sha2-nistp256": (2, "ecdsa-sha2-nistp256"),
    "ecdsa-sha2-nistp384": (2, "ecdsa-sha2-nistp384"),
    "ecdsa-sha2-nistp521": (2, "ecdsa-sha2-nistp521"),
    "sk-ssh-ed25519": (2, "sk-ssh-ed25519@openssh.com"),
    "sk-ecdsa-sha2-nistp256": (3, "sk-ecdsa-sha2-nistp256@openssh.com"),
}
_USER = 1
_LONGEST = 64 * 1024


class Validity(StrEnum):
    """Whether a certificate counts now."""

    VALID = "valid"
    EARLY = "not valid yet"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A user certificate.

    Attributes:
        key_id: what the authority calls it; servers write it to their logs.
        principals: the accounts it opens; empty: any.
        after, before: when it counts; None: without a limit.
        fingerprint: of the key it is for.
        authority: fingerprint of the key that signed it.
        limits: names of its critical options, such as "source-address".
    """

    key_id: str
    serial: int
    principals: tuple[str, ...]
    after: datetime | None
    before: datetime | None
    fingerprint: str
    authority: str
    limits: tuple[str, ...] = ()

    def validity(self, now: datetime | None = None) -> Validity:
        """Whether it counts, by this computer's clock."""
        moment = now or datetime.now(UTC)
        if self.after and moment < self.after:
            return Validity.EARLY
        if self.before and moment >= self.before:
            return Validity.EXPIRED
        return Validity.VALID

    def warning(self, now: datetime | None = None) -> str:
        """A sentence when it does not count, "" when it does."""
        found = self.validity(now)
        if found is Validity.EXPIRED and self.before:
            return f"Its certificate ran out on {self.before:%Y-%m-%d %H:%M} UTC."
        if found is Validity.EARLY and self.after:
            return f"Its certificate counts from {self.after:%Y-%m-%d %H:%M} UTC on."
        return ""


def read(text: str | bytes) -> tuple[str, Certificate]:
    """(the line, what it says) of a certificate file, such as `id_ed25519-cert.pub`.

    Raises:
        Refused: it is no certificate, one of a host, or damaged.
    """
    data = text.encode("utf-8", "replace") if isinstance(text, str) else text
    words = data[: _LONGEST + 1].decode("utf-8", "replace").split()
    kind = words[0] if words else ""
    if len(data) > _LONGEST or not kind.endswith(_MARK) or kind.removesuffix(_MARK) not in _KINDS:
        raise Refused(
            "This is no certificate of a key.",
            "Choose the file that ends with -cert.pub.",
            field="certificate",
        )
    try:
        blob = base64.b64decode(words[1], validate=True)
        made = _taken_apart(blob, kind.removesuffix(_MARK))
    except (IndexError, ValueError, StopIteration, binascii.Error, struct.error) as error:
        raise Refused(
            "The certificate is damaged or cut off.", "Copy it again, whole.", field="certificate"
        ) from error
    return f"{kind} {words[1]}", made


def fitting(text: str | bytes, fingerprint: str) -> tuple[str, Certificate]:
    """The same, of this key.

    Raises:
        Refused: it is no certificate, or another key's.
    """
    line, made = read(text)
    if made.fingerprint != fingerprint:
        raise Refused(
            f"The certificate is for another key, {made.fingerprint}.",
            "Have this key's public half signed.",
            field="certificate",
        )
    return line, made


def _taken_apart(blob: bytes, kind: str) -> Certificate:
    count, plain = _KINDS[kind]
    walk = _Walk(blob)
    if walk.string() != f"{kind}{_MARK}".encode():
        raise ValueError
    walk.string()  # a nonce
    fields = [walk.string() for _ in range(count)]
    serial, use = walk.number(8), walk.number(4)
    key_id, principals = walk.string(), _strings(walk.string())
    after, before = walk.number(8), walk.number(8)
    limits = _strings(walk.string())
    walk.string()  # extensions: what a login may do
    walk.string()  # reserved
    authority = walk.string()
    walk.string()  # the signature; the server looks at it
    if walk.left:
        raise ValueError
    if use != _USER:
        raise Refused(
            "This certificate is a host's, not a person's.",
            "Choose the one that was signed for your key.",
            field="certificate",
        )
    key = b"".join(_packed(part) for part in (plain.encode(), *fields))
    return Certificate(
        key_id=_text(key_id),
        serial=serial,
        principals=tuple(_text(name) for name in principals),
        after=_moment(after) if after else None,
        before=_moment(before),
        fingerprint=fingerprints.sha256(key),
        authority=fingerprints.sha256(authority),
        limits=tuple(_text(name) for name in limits[::2]),
    )


class _Walk:
    """Reads fields of RFC 4251, section 5, one behind the other."""

    def __init__(self, data: bytes) -> None:
        self.left = data

    def number(self, size: int) -> int:
        """So many bytes as a number."""
        return int.from_bytes(self._take(size), "big")

    def string(self) -> bytes:
        """A field with its length before it."""
        return self._take(self.number(4))

    def _take(self, size: int) -> bytes:
        if size > len(self.left):
            raise ValueError
        taken, self.left = self.left[:size], self.left[size:]
        return taken


def _strings(data: bytes) -> list[bytes]:
    def walked() -> Iterator[bytes]:
        walk = _Walk(data)
        while walk.left:
            yield walk.string()

    return list(walked())


def _packed(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


def _text(data: bytes) -> str:
    told = data.decode("utf-8", "replace")
    return "".join(c if c.isprintable() else "\ufffd" for c in told)[:200]


def _moment(seconds: int) -> datetime | None:
    """None for what no calendar reaches: 2**64 - 1 stands for ever."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None
