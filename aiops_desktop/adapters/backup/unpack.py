"""Reads an archive and believes nothing in it: names, kinds, sizes and checksums are looked at."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from aiops_desktop.adapters.backup.names import ABOUT, BLOCK, MANIFEST, PIECE, checked, links
from aiops_desktop.domain.backups import FORMAT, About, BackupKind, Manifest
from aiops_desktop.domain.trouble import Failed, Refused

#: Bytes of an extended header (pax): names are at most 4,096.
_PAX_MOST = 64 * 1024
_ABOUT_MOST = 4 << 20
_MANIFEST_MOST = 1 << 28


@dataclass(frozen=True, slots=True)
class _Entry:
    """One member: `kind` is tar's letter."""

    name: str
    kind: bytes
    size: int
    executable: bool = False
    target: str = ""


def about_of(file: IO[bytes]) -> About:
    """What the archive says of itself, without a look at the rest.

    Raises:
        Refused: it is no backup, or a newer program made it.
    """
    return _Reader(file, lambda _size: None).begin()


def check(file: IO[bytes], told: Callable[[int], object]) -> tuple[About, Manifest]:
    """Read all of an archive and compare it with its manifest.

    `told` gets the bytes of each piece; it may raise to stop.

    Raises:
        Refused: something in it does not belong into a backup.
        Failed: it is damaged or cut off.
    """
    return _Reader(file, told).read(None)


def unpack(file: IO[bytes], folder: Path, told: Callable[[int], object]) -> tuple[About, Manifest]:
    """The same, and every file is written to a folder that is empty: 0600, and 0700 for programs.

    Raises:
        Refused, Failed: as `check`; what was written by then is left to the caller to remove.
        OSError: there is no room.
    """
    return _Reader(file, told).read(folder)


class _Reader:
    def __init__(self, file: IO[bytes], told: Callable[[int], object]) -> None:
        self._file, self._told = file, told
        self._found: dict[str, tuple[int, str]] = {}
        self._links: dict[str, str] = {}
        self._seen: set[str] = set()

    def begin(self) -> About:
        """The first member."""
        first = self._next()
        if first is None or first.name != ABOUT or first.kind != b"0" or first.size > _ABOUT_MOST:
            raise _no_backup()
        return _about(self._json(first))

    def read(self, folder: Path | None) -> tuple[About, Manifest]:
        about = self.begin()
        while True:
            entry = self._next()
            if entry is None:
                raise _damaged("It ends before its manifest.")
            if entry.name == MANIFEST:
                if entry.kind != b"0" or entry.size > _MANIFEST_MOST:
                    raise _damaged("Its manifest cannot be read.")
                manifest = _manifest(self._json(entry))
                break
            self._take(entry, folder)
        if self._next() is not None or self._file.read(1):
            raise _damaged("Something follows after its end.")
        if dict(manifest.files) != self._found or dict(manifest.links) != self._links:
            raise _damaged(self._difference(manifest))
        if folder is not None:  # links come last, so that no file is written through one
            for name, target in self._links.items():
                (folder / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                (folder / name).symlink_to(target)
        return about, manifest

    def _take(self, entry: _Entry, folder: Path | None) -> None:
        name = checked(entry.name.removesuffix("/") if entry.kind == b"5" else entry.name)
        if name in self._seen:
            raise _damaged(f"“{name[:80]}” is in it twice.")
        self._seen.add(name)
        if entry.kind == b"5":
            if folder is not None:
                (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        elif entry.kind == b"2":
            if not links(name, entry.target):
                raise Refused(
                    f"The backup holds the link “{name[:80]}”, which leads out of its folder. "
                    "Nothing was done.",
                    "Take a backup that this program made.",
                )
            self._links[name] = entry.target
        elif folder is None:
            self._found[name] = (entry.size, self._content(entry.size, None))
        else:
            path = folder / name
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            mode = 0o700 if entry.executable else 0o600
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
            with os.fdopen(os.open(path, flags, mode), "wb", buffering=0) as target:
                self._found[name] = (entry.size, self._content(entry.size, target))

    def _content(self, size: int, target: IO[bytes] | None) -> str:
        sum_, left = hashlib.sha256(), size
        while left:
            data = self._bytes(min(PIECE, left))
            sum_.update(data)
            if target is not None:
                target.write(data)
            left -= len(data)
            self._told(len(data))
        if size % BLOCK:
            self._bytes(BLOCK - size % BLOCK)
        return sum_.hexdigest()

    def _json(self, entry: _Entry) -> Any:  # noqa: ANN401 - whatever stands in it
        data = self._bytes(entry.size)
        if entry.size % BLOCK:
            self._bytes(BLOCK - entry.size % BLOCK)
        try:
            return json.loads(data)
        except (ValueError, RecursionError) as error:
            raise _damaged("What it says of itself cannot be read.") from error

    def _next(self) -> _Entry | None:
        """The next member; None at the end (two blocks of zeros)."""
        more: dict[str, str] = {}
        while True:
            head = self._bytes(BLOCK)
            if not head.strip(b"\0"):
                if self._bytes(BLOCK).strip(b"\0"):
                    raise _damaged("Its end is not one.")
                return None
            entry = _header(head)
            if entry.kind != b"x":
                return _extended(entry, more)
            if entry.size > _PAX_MOST or more:
                raise _damaged("A header in it is too long.")
            data = self._bytes(entry.size + -entry.size % BLOCK)
            more = _pax(data[: entry.size])

    def _bytes(self, size: int) -> bytes:
        """Exactly so many.

        Raises:
            Failed: the file ends before.
        """
        data = self._file.read(size)
        if len(data) != size:
            raise _damaged("It is cut off.")
        return data

    def _difference(self, manifest: Manifest) -> str:
        for name, found in self._found.items():
            if manifest.files.get(name) != found:
                return f"“{name[:80]}” is not as it was when the backup was made."
        lacking = next(iter(set(manifest.files) - set(self._found)), "a link")
        return f"“{lacking[:80]}” is not in it any more."


def _header(head: bytes) -> _Entry:
    try:
        told, size, mode = (_octal(head[a:b]) for a, b in ((148, 156), (124, 136), (100, 108)))
    except ValueError as error:
        raise _damaged("A header in it cannot be read.") from error
    if told != sum(head[:148]) + 8 * 32 + sum(head[156:]) or head[257:262] != b"ustar":
        raise _damaged("A header in it was changed.")
    kind = head[156:157].replace(b"\0", b"0")
    if kind not in (b"0", b"2", b"5", b"x") or (kind in (b"2", b"5") and size):
        raise Refused(
            "The backup holds something that is neither a file nor a folder. Nothing was done.",
            "Take a backup that this program made.",
        )
    name, prefix = _word(head[:100]), _word(head[345:500])
    full = f"{prefix}/{name}" if prefix else name
    return _Entry(full, kind, size, bool(mode & 0o100), _word(head[157:257]))


def _octal(raw: bytes) -> int:
    """A number of a header; Python's own `int` takes signs and underscores, too."""
    digits = raw.strip(b" \0")
    if digits.strip(b"01234567"):
        raise ValueError("no octal number")
    return int(digits or b"0", 8)


def _extended(entry: _Entry, more: dict[str, str]) -> _Entry:
    """The member with what did not fit into its header."""
    try:
        size = int(more.get("size", entry.size))
    except ValueError as error:
        raise _damaged("A header in it cannot be read.") from error
    if size < 0:
        raise _damaged("A header in it cannot be read.")
    name = more.get("path", entry.name)
    return _Entry(name, entry.kind, size, entry.executable, more.get("linkpath", entry.target))


def _pax(data: bytes) -> dict[str, str]:
    """Records of a length, a blank, key=value and a line end."""
    found: dict[str, str] = {}
    while data:
        number, _, _rest = data.partition(b" ")
        length = int(number) if number.isdigit() and len(number) < 6 else 0
        record = data[len(number) + 1 : length]
        key, equals, value = record.partition(b"=")
        if not length or length > len(data) or not equals or not record.endswith(b"\n"):
            raise _damaged("A header in it cannot be read.")
        found[key.decode("ascii", "replace")] = value[:-1].decode("utf-8", "surrogateescape")
        data = data[length:]
    return found


def _word(raw: bytes) -> str:
    return raw.partition(b"\0")[0].decode("utf-8", "surrogateescape")


def _about(told: Any) -> About:  # noqa: ANN401 - whatever stands in it
    try:
        if int(told["format"]) > FORMAT:
            raise Refused(
                "This backup was made by a newer version of this program.",
                "Update this program first.",
            )
        made = datetime.fromisoformat(told["made"])
        return About(
            made=made if made.tzinfo else made.replace(tzinfo=UTC),
            program=str(told["program"])[:40],
            kind=BackupKind(told["kind"]),
            schema=str(told["schema"])[:40],
            checkouts=bool(told["checkouts"]),
            counts={str(name): int(number) for name, number in told["counts"].items()},
            data_key=str(told["data_key"])[:40],
            settings={str(name): str(value) for name, value in told["settings"].items()},
            names={str(noun): tuple(map(str, all_)) for noun, all_ in told["names"].items()},
            marks={
                str(noun): {str(name): str(mark) for name, mark in marks.items()}
                for noun, marks in told.get("marks", {}).items()
            },
            outside={str(name): str(path) for name, path in told.get("outside", {}).items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _no_backup() from error


def _manifest(told: Any) -> Manifest:  # noqa: ANN401 - whatever stands in it
    try:
        return Manifest(
            {str(name): (int(size), str(sum_)) for name, (size, sum_) in told["files"].items()},
            {str(name): str(target) for name, target in told["links"].items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _damaged("Its manifest cannot be read.") from error


def _no_backup() -> Refused:
    return Refused("This is no backup of this program.", "Choose a file that “backup” has written.")


def _damaged(why: str) -> Failed:
    return Failed(f"The backup is damaged. {why}", "Take another one.")
