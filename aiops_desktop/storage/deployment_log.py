"""A deployment's log as kept on this computer: one line of JSON each, only ever appended to."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path

from aiops_desktop.domain.deployments import LogLine
from aiops_desktop.domain.trouble import Failed

if sys.platform != "win32":
    import fcntl

#: The file's name in the deployment's folder.
NAME = "log.jsonl"


class DeploymentLog:
    """Reads and appends; several threads and programs may do so at once."""

    def __init__(self, folder: Path) -> None:
        """`folder` is the deployment's; it is made with the first line."""
        self._folder = folder
        self._path = folder / NAME
        self._lock = threading.RLock()
        self._counted = (0, 0)  # (bytes, lines)

    @property
    def changed(self) -> float | None:
        """When the last line came, in seconds since the epoch; None when none did."""
        try:
            return self._path.stat().st_mtime
        except OSError:
            return None

    def count(self) -> int:
        """How many lines there are."""
        with self._lock:
            size, lines = self._counted
            try:
                if self._path.stat().st_size == size:
                    return lines
                with self._path.open("rb") as source:
                    if self._path.stat().st_size > size:
                        source.seek(size)
                    else:
                        lines = size = 0
                    while part := source.read(1 << 20):
                        size += len(part)
                        lines += part.count(b"\n")
            except FileNotFoundError:
                size = lines = 0
            self._counted = (size, lines)
            return lines

    def read(self, after: int = 0) -> list[LogLine]:
        """The lines behind the first `after` ones; a half-written one is left for later."""
        try:
            with self._path.open("rb") as source:
                return [_line(raw) for raw in islice(source, after, None) if raw.endswith(b"\n")]
        except FileNotFoundError:
            return []

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Nobody else appends meanwhile, in this program or another."""
        with self._lock:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with (self._folder / "log.lock").open("ab") as lock:
                if sys.platform != "win32":
                    fcntl.flock(lock, fcntl.LOCK_EX)
                yield

    def append(self, lines: Sequence[LogLine]) -> None:
        """Add lines at the end; call it inside `writing`.

        Raises:
            Failed: they cannot be kept (disk full).
        """
        if not lines:
            return
        text = "".join(
            json.dumps(
                {"t": line.time.isoformat() if line.time else None, "l": line.text},
                ensure_ascii=False,
            )
            + "\n"
            for line in lines
        )
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            with open(descriptor, "ab") as sink:  # noqa: PTH123 - a file descriptor
                size = sink.seek(0, os.SEEK_END)
                if size and os.pread(sink.fileno(), 1, size - 1) != b"\n":
                    sink.write(b"\n")  # a program that was killed left half a line
                sink.write(text.encode("utf-8", "replace"))
        except OSError as error:
            raise Failed(
                f"The log cannot be kept: {error.strerror}.", "Free some space on the disk."
            ) from error

    def merge(
        self, whole: Sequence[LogLine], clean: Callable[[str], str], *, thorough: bool
    ) -> None:
        """Append what of a server's whole log is not kept yet.

        Lines can come late and in another place; they are then found by comparing all.

        Args:
            whole: everything the server has.
            clean: takes secrets out of a line.
            thorough: compare all lines even when the last one kept is where it should be.
        """
        with self.writing():
            kept = self.count()
            if not thorough and kept <= len(whole) and self._continues(whole, kept, clean):
                self.append([LogLine(clean(line.text), line.time) for line in whole[kept:]])
                return
            known = Counter(self.read())
            fresh = []
            for line in whole:
                cleaned = LogLine(clean(line.text), line.time)
                if known[cleaned] > 0:
                    known[cleaned] -= 1
                else:
                    fresh.append(cleaned)
            self.append(fresh)

    def _continues(self, whole: Sequence[LogLine], kept: int, clean: Callable[[str], str]) -> bool:
        if not kept:
            return True
        last = self.read(kept - 1)
        there = whole[kept - 1]
        return last[:1] == [LogLine(clean(there.text), there.time)]


def _line(raw: bytes) -> LogLine:
    try:
        found = json.loads(raw)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        return LogLine(raw.decode("utf-8", "replace").rstrip("\n"))
    at = None
    with contextlib.suppress(TypeError, ValueError):
        at = datetime.fromisoformat(found.get("t"))  # type: ignore[arg-type]  # anything else raises
    text = found.get("l")
    return LogLine(text if isinstance(text, str) else "", at)
