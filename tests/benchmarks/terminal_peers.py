"""A screen of its own, and the native terminals that are measured on it beside ours."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CHILD = Path(__file__).with_name("terminal_child.py")
#: Seconds after which a terminal is given up.
LIMIT = 120.0


@dataclass(frozen=True, slots=True)
class Run:
    """How long a terminal took for a file, and its grid."""

    took: float
    columns: int
    rows: int


@contextmanager
def display(folder: Path) -> Iterator[str]:
    """A virtual X screen; its name, "" where there is no Xvfb."""
    if shutil.which("Xvfb") is None:
        yield ""
        return
    read, write = os.pipe()
    screen = ["-screen", "0", "2400x1400x24", "-nolisten", "tcp"]
    with (folder / "xvfb.log").open("wb") as log:
        server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), *screen], pass_fds=[write], stderr=log
        )
    os.close(write)
    try:
        with os.fdopen(read) as said:
            yield ":" + said.readline().strip()
    finally:
        server.terminate()
        server.wait()


class Stage:
    """Runs terminals on one screen, each in a fresh process."""

    def __init__(self, screen: str, folder: Path, big: Path) -> None:
        self._folder = folder
        self._big = big
        self._count = 0
        self._env = {**os.environ, "DISPLAY": screen, "QT_QPA_PLATFORM": "xcb"}
        if not screen:
            self._env["QT_QPA_PLATFORM"] = "offscreen"
        self._env["PYTHONPATH"] = str(Path.cwd())
        self._env.pop("TMUX", None)

    def has(self, name: str) -> bool:
        """Whether a terminal can be measured."""
        return name == "ours" or bool(shutil.which(name) and self._env["DISPLAY"])

    def cat(self, name: str, columns: int, rows: int, *, tmux: bool = False) -> Run:
        """Print the file in a terminal of about this grid ("qterminal" chooses its own)."""
        self._count += 1
        out = self._folder / f"run-{self._count}"
        socket = f"bench-{self._count}" if tmux else "-"
        child = [sys.executable, "-I", "-S", str(CHILD), str(self._big), str(out), socket]
        argv = {
            "ours": [*self._ours("cat"), str(columns), str(rows), *child],
            "xterm": ["xterm", "-geometry", f"{columns}x{rows}", "-e", *child],
            "qterminal": ["qterminal", "--geometry", "1640x960+0+0", "-e", " ".join(child)],
        }[name]
        log = (self._folder / "terminals.log").open("ab")
        process = subprocess.Popen(argv, env=self._env, stdout=log, stderr=log)
        try:
            until = time.monotonic() + LIMIT
            while not out.exists():
                if time.monotonic() > until or (process.poll() and not out.exists()):
                    raise TimeoutError(f"{name} did not come to the end of {self._big}")
                time.sleep(0.02)
        finally:
            process.terminate()
            process.wait()
            log.close()
        return Run(**json.loads(out.read_text()))

    def ours(self, what: str, *args: str) -> dict[str, float]:
        """Measure something in our window, in a process of its own."""
        done = subprocess.run(
            [*self._ours(what), *args],
            env=self._env,
            stdout=subprocess.PIPE,
            check=True,
            timeout=LIMIT,
        )
        found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        return found

    def _ours(self, what: str) -> list[str]:
        return [sys.executable, "-m", "tests.benchmarks.terminal_window", what]
