"""Lines of a known_hosts file: read, matched, made (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT)."""

from __future__ import annotations

import base64
import binascii
import fnmatch
import hashlib
import hmac
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from aiops_desktop.domain.fingerprints import sha256
from aiops_desktop.domain.keys import KnownHost

_HASH = "|1|"
MARKERS = ("@cert-authority", "@revoked")
#: A longer line is no host key.
_LONGEST = 16 * 1024


@dataclass(frozen=True, slots=True)
class Line:
    """One line that names hosts; `number` counts all lines from 0."""

    marker: str
    names: str
    type: str
    blob: bytes
    comment: str
    number: int

    @property
    def hashed(self) -> bool:
        """Its name cannot be read."""
        return self.names.startswith(_HASH)

    def matches(self, host: str) -> bool:
        """Whether this line is about a host, named as OpenSSH does (`host` or `[host]:port`)."""
        if self.hashed:
            return _is_hash_of(self.names, host)
        return matches(self.names.split(","), host)

    def hosts(self) -> Iterator[KnownHost]:
        """One for each name in the line."""
        for name in self.names.split(","):
            yield KnownHost(
                name,
                self.type,
                sha256(self.blob),
                _since(self.comment),
                self.marker,
                self.number + 1,
                self.comment,
            )


def read(lines: Sequence[str]) -> Iterator[Line]:
    """The lines that can be understood; comments and broken ones are passed over."""
    for number, line in enumerate(lines):
        if len(line) > _LONGEST:
            continue
        words = line.split()
        marker = words.pop(0) if words and words[0].startswith("@") else ""
        if len(words) < 3 or words[0].startswith("#") or (marker and marker not in MARKERS):
            continue
        try:
            blob = base64.b64decode(words[2], validate=True)
        except (binascii.Error, ValueError):
            continue
        yield Line(marker, words[0], words[1], blob, " ".join(words[3:]), number)


def made(host: str, key_type: str, blob: bytes, *, hashed: bool = False, marker: str = "") -> str:
    """A line for a host, without its end; its comment keeps the date."""
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    name = hash_of(host) if hashed else host
    words = [marker] if marker else []
    words += [name, key_type, base64.b64encode(blob).decode(), "trusted", stamp]
    return " ".join(words)


def hash_of(host: str) -> str:
    """A name as `ssh-keygen -H` hides it: salted HMAC-SHA1."""
    salt = os.urandom(20)
    digest = hmac.new(salt, host.lower().encode(), hashlib.sha1).digest()
    return f"{_HASH}{base64.b64encode(salt).decode()}|{base64.b64encode(digest).decode()}"


def matches(patterns: Sequence[str], host: str) -> bool:
    """Whether patterns of ssh_config(5) name a host: `*` and `?`, and `!` takes away."""
    found = False
    for pattern in patterns:
        lowered = pattern.lower()
        bare = lowered.removeprefix("!")
        if fnmatch.fnmatchcase(host.lower(), bare.replace("[", "[[]")):
            if lowered.startswith("!"):
                return False
            found = True
    return found


def _is_hash_of(names: str, host: str) -> bool:
    try:
        _, _, salt, told = names.split("|")
        made_hash = hmac.new(base64.b64decode(salt), host.encode(), hashlib.sha1).digest()
        return hmac.compare_digest(made_hash, base64.b64decode(told))
    except (ValueError, binascii.Error):
        return False


def _since(comment: str) -> datetime | None:
    found = re.search(r"\btrusted (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)", comment)
    try:
        return datetime.strptime(found[1], "%Y-%m-%dT%H:%M:%S%z") if found else None
    except ValueError:
        return None
