"""Writes an archive, one file after the other, with the checksum of each."""

from __future__ import annotations

import hashlib
import json
import os
import queue
import tarfile
import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import IO

from aiops_desktop.adapters.backup.names import ABOUT, BLOCK, MANIFEST, PIECE
from aiops_desktop.domain.backups import FORMAT, About, Manifest

#: Bytes from which a checksum is worth another thread's work.
_LARGE = 4 * PIECE
_REST = b"\0" * 100 + b"ustar\x0000" + b"\0" * 247
_ZEROS = b"\0" * BLOCK


class Packer:
    """An archive in the making. What is written goes to `file` in order, never back.

    `told` gets the bytes of each piece; it may raise to stop.
    """

    def __init__(self, file: IO[bytes], about: About, told: Callable[[int], object]) -> None:
        self._file, self._told = file, told
        self._files: dict[str, tuple[int, str]] = {}
        self._links: dict[str, str] = {}
        self._torn: list[str] = []
        self._made = int(about.made.timestamp())
        self._text(ABOUT, {"format": FORMAT, **asdict(about), "made": about.made.isoformat()})

    @property
    def torn(self) -> tuple[str, ...]:
        """Files that got shorter while they were read; they end with zeros here."""
        return tuple(self._torn)

    def add(self, name: str, path: Path) -> bool:
        """A file as it is now; False when it went away before it could be read.

        Raises:
            OSError: it cannot be read, or the archive cannot be written.
        """
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except FileNotFoundError:
            return False
        try:
            state = os.fstat(descriptor)
            self._header(name, state.st_size, state.st_mode & 0o111, int(state.st_mtime))
            if state.st_size < _LARGE:
                digest = self._small(name, descriptor, state.st_size)
            else:
                digest = self._large(name, descriptor, state.st_size)
        finally:
            os.close(descriptor)
        self._files[name] = (state.st_size, digest)
        return True

    def folder(self, name: str) -> None:
        """A folder; git needs some that are empty."""
        self._entry(name + "/", tarfile.DIRTYPE, 0, 0o700)

    def link(self, name: str, target: str) -> None:
        """A symbolic link."""
        self._links[name] = target
        self._entry(name, tarfile.SYMTYPE, 0, 0o777, target)

    def close(self) -> Manifest:
        """Write the manifest and the end; the file below stays open."""
        made = Manifest(self._files, self._links)
        self._text(MANIFEST, {"files": self._files, "links": self._links})
        self._file.write(_ZEROS * 2)
        return made

    # How -------------------------------------------------------------------------------------

    def _small(self, name: str, descriptor: int, size: int) -> str:
        data = _read(descriptor, size)
        if len(data) < size:
            data += b"\0" * (size - len(data))
            self._torn.append(name)
        self._file.write(data + b"\0" * (-size % BLOCK))
        self._told(size)
        return hashlib.sha256(data).hexdigest()

    def _large(self, name: str, descriptor: int, size: int) -> str:
        """The checksum is made in another thread, which Python lets run beside the writing."""
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_SEQUENTIAL)
        left = size
        with _Summing() as sum_:
            while left:
                data = os.read(descriptor, min(PIECE, left))
                if not data:
                    self._torn.append(name)
                    data = b"\0" * min(PIECE, left)
                sum_.take(data)
                self._file.write(data)
                left -= len(data)
                self._told(len(data))
        self._file.write(b"\0" * (-size % BLOCK))
        return sum_.digest

    def _text(self, name: str, value: object) -> None:
        data = json.dumps(value).encode()
        self._header(name, len(data), 0, self._made)
        self._file.write(data + b"\0" * (-len(data) % BLOCK))

    def _header(self, name: str, size: int, executable: int, changed: int) -> None:
        """A plain file's; the usual case by hand, because tarfile takes ten times as long."""
        mode = 0o700 if executable else 0o600
        raw = name.encode("utf-8", "surrogateescape")
        if len(raw) > 100 or not name.isascii() or size >= 8 << 30 or not 0 <= changed < 8 << 30:
            self._entry(name, tarfile.REGTYPE, size, mode, changed=max(0, changed))
            return
        head = b"%s%07o\x000000000\x000000000\x00%011o\0%011o\0" % (
            raw.ljust(100, b"\0"),
            mode,
            size,
            changed,
        )
        checksum = sum(head) + 8 * 32 + ord("0") + _REST_SUM
        self._file.write(head + b"%06o\0 0" % checksum + _REST)

    def _entry(
        self, name: str, kind: bytes, size: int, mode: int, target: str = "", changed: int = 0
    ) -> None:
        made = tarfile.TarInfo(name)
        made.type, made.size, made.mode, made.linkname = kind, size, mode, target
        made.mtime = changed or self._made
        self._file.write(made.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape"))


_REST_SUM = sum(_REST)


class _Summing:
    """SHA-256 of what is handed over, in a thread of its own."""

    def __init__(self) -> None:
        self._queue: queue.Queue[bytes | None] = queue.Queue(8)
        self._sum = hashlib.sha256()
        self._thread = threading.Thread(target=self._work, name="checksum", daemon=True)
        self.digest = ""

    def __enter__(self) -> _Summing:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._queue.put(None)
        self._thread.join()
        self.digest = self._sum.hexdigest()

    def take(self, data: bytes) -> None:
        self._queue.put(data)

    def _work(self) -> None:
        while (data := self._queue.get()) is not None:
            self._sum.update(data)


def _read(descriptor: int, size: int) -> bytes:
    data = os.read(descriptor, size)
    while len(data) < size and (more := os.read(descriptor, size - len(data))):
        data += more
    return data
