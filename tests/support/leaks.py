"""Looks for marker secrets where none may be: files, command lines and environments."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from aiops_desktop.domain.scrubber import _forms


class Hunt:
    """Watches the processes we start while it is open, and searches files afterwards.

    `seen` holds what was found in a process: where, and which marker. Programs whose command line
    `passed_over` accepts belong to the test itself.
    """

    def __init__(
        self, markers: Sequence[str], passed_over: Callable[[bytes], bool] = lambda _line: False
    ) -> None:
        self._needles = {
            form.encode("utf-8", "replace"): marker
            for marker in markers
            for form in _forms(marker)
            if len(form) >= 8
        }
        self._passed_over = passed_over
        self.seen: set[str] = set()
        self.looked: set[bytes] = set()
        self._over = threading.Event()
        self._before = set(_processes())
        self._thread = threading.Thread(target=self._watch, name="leak hunt")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def files(self, *folders: Path) -> list[str]:
        """The files that hold a marker, in any form, and which one; names of files count, too."""
        found = []
        for folder in folders:
            for path in folder.rglob("*"):
                data = os.fsencode(path)
                if path.is_symlink():
                    data += os.fsencode(path.readlink())
                elif path.is_file():
                    data += path.read_bytes()
                found += [f"{path}: {marker}" for marker in self.markers_in(data)]
        return found

    def markers_in(self, data: bytes) -> set[str]:
        """Which markers stand in some bytes."""
        return {marker for needle, marker in self._needles.items() if needle in data}

    def _watch(self) -> None:
        while not self._over.wait(0.005):
            for place in _processes():
                if place not in self._before:
                    self._look(place)

    def _look(self, place: Path) -> None:
        try:
            line = (place / "cmdline").read_bytes()
            around = (place / "environ").read_bytes()
        except OSError:  # it has ended, or is not ours to look at
            return
        if self._passed_over(line):
            return
        self.looked.add(line)
        for what, data in (("command line", line), ("environment", around)):
            self.seen |= {f"{what} of {line!r}: {marker}" for marker in self.markers_in(data)}


def _processes() -> list[Path]:
    return [place for place in Path("/proc").iterdir() if place.name.isdigit()]
