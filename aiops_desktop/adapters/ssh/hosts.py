"""A tenant's known_hosts file: who is known there, who has changed, whom to add (sshd(8))."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from enum import Enum, auto
from pathlib import Path

from aiops_desktop.adapters.ssh import hostlines
from aiops_desktop.adapters.ssh.hostlines import Line
from aiops_desktop.domain.keys import KnownHost
from aiops_desktop.domain.trouble import Failed, Missing, Refused

#: A larger file is no list of hosts that people keep.
_LARGEST = 8 * 1024 * 1024


class Standing(Enum):
    """What the file says of a host key."""

    UNKNOWN = auto()
    KNOWN = auto()
    CHANGED = auto()
    REVOKED = auto()


class KnownHosts:
    """One known_hosts file; read anew for every question, as ssh does."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def all(self) -> list[KnownHost]:
        """Every host key in the file, in its order, markers too; hashed names stay hashed."""
        return [host for entry in self._entries() for host in entry.hosts()]

    def of(self, host: str) -> list[KnownHost]:
        """What is known of one host; a line without the port counts when none has it."""
        return [
            next(iter(_named(entry, host))) for entry in self._about(host) if entry.marker == ""
        ]

    def authorities(self, host: str) -> list[KnownHost]:
        """The authorities whose certificates this host may show (`@cert-authority`)."""
        return [
            next(iter(_named(entry, host)))
            for entry in self._about(host)
            if entry.marker == "@cert-authority"
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

    def add(
        self, host: str, key_type: str, blob: bytes, *, hashed: bool = False, marker: str = ""
    ) -> None:
        """Trust a host from now on (`@revoked`: never again); the line's comment keeps the date.

        Raises:
            Failed: the file cannot be written.
        """
        self._append(hostlines.made(host, key_type, blob, hashed=hashed, marker=marker))

    def take(self, other: Path, only: Sequence[int] = ()) -> tuple[int, list[str]]:
        """Take over lines of another known_hosts file as they are; those already here are left.

        Args:
            other: the file.
            only: numbers of lines, from 1; empty: all that can be read.

        Returns:
            (how many came, why others did not).

        Raises:
            Missing: the file is not there.
            Refused: it is no list of hosts.
            Failed: it cannot be read, or ours cannot be written.
        """
        if not other.is_file():
            raise Missing(f"There is no file {other}.", "Choose another file.")
        theirs = KnownHosts(other)
        lines = theirs._lines()
        entries = list(theirs._entries())
        if not entries:
            raise Refused(f"{other.name} holds no host keys.", "Choose a known_hosts file.")
        mine = {(e.marker, e.names, e.blob) for e in self._entries()}
        added, skipped = 0, []
        for entry in entries:
            if only and entry.number + 1 not in only:
                continue
            name = entry.names[:60]
            if (entry.marker, entry.names, entry.blob) in mine:
                skipped.append(f"{name}: known already")
                continue
            if self._contradicts(entry):
                skipped.append(f"{name}: known with another key; remove that one first")
                continue
            self._append(lines[entry.number].strip())
            mine.add((entry.marker, entry.names, entry.blob))
            added += 1
        return added, skipped

    def remove(self, host: str, *, line: int = 0) -> int:
        """Trust a host no more; how many lines went. A line that names others, too, keeps them.

        Args:
            host: as `all` names it: plain, hashed, or with its port.
            line: only this line (from 1), marked ones too; 0: every line without a marker.

        Raises:
            Failed: the file cannot be written.
        """
        kept, gone = [], 0
        about = {entry.number: entry for entry in self._entries() if _goes(entry, host, line)}
        for number, text in enumerate(self._lines()):
            entry = about.get(number)
            if entry is None:
                kept.append(text)
                continue
            gone += 1
            others = [name for name in entry.names.split(",") if name != host]
            if others and not entry.hashed:
                kept.append(text.replace(entry.names, ",".join(others), 1))
        if gone:
            self._write(kept)
        return gone

    def replace(self, host: str, key_type: str, blob: bytes, *, hashed: bool = False) -> None:
        """Forget every key of a host and trust this one: both, or neither.

        Raises:
            Failed: the file cannot be written.
        """
        about = {entry.number: entry for entry in self._about(host) if not entry.marker}
        kept = []
        for number, text in enumerate(self._lines()):
            entry = about.get(number)
            if entry is None:
                kept.append(text)
                continue
            others = [name for name in entry.names.split(",") if name.lower() != host.lower()]
            if others and not entry.hashed and len(others) < len(entry.names.split(",")):
                kept.append(text.replace(entry.names, ",".join(others), 1))
        self._write([*kept, hostlines.made(host, key_type, blob, hashed=hashed)])

    def revoke(self, line: int) -> None:
        """Mark the key of a line (from 1) as revoked for every host; the line itself goes.

        Raises:
            Failed: the file cannot be written.
        """
        entry = next((e for e in self._entries() if e.number + 1 == line), None)
        if entry is None:
            return
        kept = [text for number, text in enumerate(self._lines()) if number != entry.number]
        self._write([*kept, hostlines.made("*", entry.type, entry.blob, marker="@revoked")])

    def _contradicts(self, entry: Line) -> bool:
        if entry.marker or entry.hashed:
            return False
        return any(
            known.key_type == entry.type and known.fingerprint != next(entry.hosts()).fingerprint
            for name in entry.names.split(",")
            for known in self.of(name)
        )

    def _about(self, host: str) -> list[Line]:
        host = host.lower()
        exact = [entry for entry in self._entries() if entry.matches(host)]
        port = re.fullmatch(r"\[(.+)\]:\d+", host)
        if not port or any(entry.marker != "@revoked" for entry in exact):
            return exact
        return exact + [entry for entry in self._entries() if entry.matches(port[1])]

    def _entries(self) -> Iterator[Line]:
        return hostlines.read(self._lines())

    def _lines(self) -> list[str]:
        try:
            if self._path.stat().st_size > _LARGEST:
                raise Refused(
                    f"{self._path.name} is too large for a list of hosts.", "Choose another file."
                )
            return self._path.read_text("utf-8", "replace").splitlines()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise Failed(
                f"The list of known hosts cannot be read: {error.strerror}.",
                f"Check the permissions of {self._path}.",
            ) from error

    def _append(self, line: str) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(handle, "r+b") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(0, size - 1))
                unended = size and file.read(1) != b"\n"
                file.write(b"\n" * bool(unended) + line.encode() + b"\n")
        except OSError as error:
            raise _unwritable(error) from error

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


def _named(entry: Line, host: str) -> Iterator[KnownHost]:
    for known in entry.hosts():
        yield KnownHost(
            host,
            known.key_type,
            known.fingerprint,
            known.since,
            known.marker,
            known.line,
            known.comment,
        )


def _goes(entry: Line, host: str, line: int) -> bool:
    named = host in entry.names.split(",") or (entry.hashed and entry.matches(host.lower()))
    return named and (entry.number + 1 == line if line else not entry.marker)


def _unwritable(error: OSError) -> Failed:
    return Failed(
        f"The list of known hosts cannot be written: {error.strerror}.", "Check the disk."
    )
