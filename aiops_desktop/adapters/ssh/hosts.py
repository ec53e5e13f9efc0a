"""A tenant's known_hosts file: who is known there, who has changed, whom to add (sshd(8))."""

from __future__ import annotations

import base64
import binascii
import fnmatch
import hashlib
import hmac
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from pathlib import Path

from aiops_desktop.adapters.ssh.keys import fingerprint
from aiops_desktop.domain.keys import KnownHost
from aiops_desktop.domain.trouble import Failed


class Standing(Enum):
    """What the file says of a host key."""

    UNKNOWN = auto()
    KNOWN = auto()
    CHANGED = auto()
    REVOKED = auto()


@dataclass(frozen=True, slots=True)
class _Entry:
    marker: str
    names: str
    type: str
    blob: bytes
    comment: str
    number: int

    def matches(self, host: str) -> bool:
        """Whether this line is about a host, named as OpenSSH does (`host` or `[host]:port`)."""
        if self.names.startswith("|1|"):
            return _hashed(self.names, host)
        found = False
        for pattern in self.names.lower().split(","):
            bare = pattern.removeprefix("!")
            if fnmatch.fnmatchcase(host, bare.replace("[", "[[]")):
                if pattern.startswith("!"):
                    return False
                found = True
        return found


class KnownHosts:
    """One known_hosts file; read anew for every question, as ssh does."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def all(self) -> list[KnownHost]:
        """Every host key in the file, in its order; hashed names stay hashed."""
        return [
            KnownHost(name, entry.type, fingerprint(entry.blob), _since(entry.comment))
            for entry in self._entries()
            if not entry.marker
            for name in entry.names.split(",")
        ]

    def of(self, host: str) -> list[KnownHost]:
        """What is known of one host; a line without the port counts when none has it."""
        return [
            KnownHost(host, entry.type, fingerprint(entry.blob), _since(entry.comment))
            for entry in self._about(host)
            if not entry.marker
        ]

    def standing(self, host: str, key_type: str, blob: bytes) -> Standing:
        """How a key that a host just showed stands to what is known.

        A host that is known with other keys only has changed, even when their type is another one:
        the probe asks for the known types first, so the host has lost them.
        """
        entries = self._about(host)
        if any(e.blob == blob and e.marker == "@revoked" for e in entries):
            return Standing.REVOKED
        plain = [entry for entry in entries if not entry.marker]
        if any(e.blob == blob and e.type == key_type for e in plain):
            return Standing.KNOWN
        return Standing.CHANGED if plain else Standing.UNKNOWN

    def add(self, host: str, key_type: str, blob: bytes) -> None:
        """Trust a host from now on; the line's comment keeps the date.

        Raises:
            Failed: the file cannot be written.
        """
        stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        line = f"{host} {key_type} {base64.b64encode(blob).decode()} trusted {stamp}\n"
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(handle, "r+b") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(0, size - 1))
                unended = size and file.read(1) != b"\n"
                file.write(b"\n" * bool(unended) + line.encode())
        except OSError as error:
            raise _unwritable(error) from error

    def remove(self, host: str) -> int:
        """Trust a host no more; how many lines went. A line that names others, too, keeps them.

        Args:
            host: as `all` names it: plain, hashed, or with its port.

        Raises:
            Failed: the file cannot be written.
        """
        kept, gone = [], 0
        about = {
            entry.number: entry
            for entry in self._entries()
            if not entry.marker
            and (
                host in entry.names.split(",") or (_is_hash(entry) and entry.matches(host.lower()))
            )
        }
        for number, line in enumerate(self._lines()):
            entry = about.get(number)
            if entry is None:
                kept.append(line)
                continue
            gone += 1
            others = [name for name in entry.names.split(",") if name != host]
            if others and not _is_hash(entry):
                kept.append(line.replace(entry.names, ",".join(others), 1))
        if gone:
            self._write(kept)
        return gone

    def _about(self, host: str) -> list[_Entry]:
        host = host.lower()
        exact = [entry for entry in self._entries() if entry.matches(host)]
        port = re.fullmatch(r"\[(.+)\]:\d+", host)
        if exact or not port:
            return exact
        return [entry for entry in self._entries() if entry.matches(port[1])]

    def _entries(self) -> Iterator[_Entry]:
        for number, line in enumerate(self._lines()):
            words = line.split()
            marker = words.pop(0) if words and words[0].startswith("@") else ""
            if len(words) < 3 or words[0].startswith("#"):
                continue
            try:
                blob = base64.b64decode(words[2], validate=True)
            except (binascii.Error, ValueError):
                continue
            yield _Entry(marker, words[0], words[1], blob, " ".join(words[3:]), number)

    def _lines(self) -> list[str]:
        try:
            return self._path.read_text("utf-8", "replace").splitlines()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise Failed(
                f"The list of known hosts cannot be read: {error.strerror}.",
                f"Check the permissions of {self._path}.",
            ) from error

    def _write(self, lines: list[str]) -> None:
        fresh = self._path.with_name(f"{self._path.name}.new")
        try:
            fresh.unlink(missing_ok=True)
            handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write("".join(line + "\n" for line in lines))
            fresh.replace(self._path)
        except OSError as error:
            raise _unwritable(error) from error


def _hashed(names: str, host: str) -> bool:
    try:
        _, _, salt, told = names.split("|")
        made = hmac.new(base64.b64decode(salt), host.encode(), hashlib.sha1).digest()
        return hmac.compare_digest(made, base64.b64decode(told))
    except (ValueError, binascii.Error):
        return False


def _is_hash(entry: _Entry) -> bool:
    return entry.names.startswith("|1|")


def _since(comment: str) -> datetime | None:
    found = re.search(r"\btrusted (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)", comment)
    return datetime.strptime(found[1], "%Y-%m-%dT%H:%M:%S%z") if found else None


def _unwritable(error: OSError) -> Failed:
    return Failed(
        f"The list of known hosts cannot be written: {error.strerror}.", "Check the disk."
    )
