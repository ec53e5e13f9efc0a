"""What is needed to kill the program at a chosen moment, and to see what it left behind."""

from __future__ import annotations

import shlex
import sqlite3
import sys
from pathlib import Path
from typing import Any

import psutil

from aiops_desktop.domain.layout import Layout
from tests.support.fake_semaphore import FakeSemaphore

_THROTTLE = """
import os, subprocess, sys, time
from pathlib import Path
sign, go, most = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
words = os.environ["SSH_ORIGINAL_COMMAND"]
child = subprocess.Popen(words, shell=True, stdout=subprocess.PIPE)
sent, deadline = 0, time.monotonic() + 60
while data := os.read(child.stdout.fileno(), 8192):
    os.write(1, data)
    sent += len(data)
    if sent > most:
        sign.touch()
        while not go.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
sys.exit(child.wait())
"""
#: A hook that says it has begun, and waits until the file beside it is there.
WAITING_HOOK = 'touch "{folder}/begun"; while [ ! -e "{folder}/go" ]; do sleep 0.02; done'


class Throttle:
    """A server's end of a transfer that stops in the middle until it is let go.

    `options` belong before a key in authorized_keys: each session is sent through the throttle.
    """

    def __init__(self, folder: Path, most: int = 300_000) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._sign, self._go = folder / "sign", folder / "go"
        script = folder / "throttle.py"
        script.write_text(_THROTTLE)
        words = [sys.executable, str(script), str(self._sign), str(self._go), str(most)]
        self.options = f'command="{shlex.join(words)}"'

    @property
    def reached(self) -> bool:
        """Whether a transfer stands in the middle."""
        return self._sign.exists()

    def let_go(self) -> None:
        """Let what waits, and what comes later, through."""
        self._go.touch()


class HoldingSemaphore(FakeSemaphore):
    """A server that takes a launch and does not answer it until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.held = False

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        made = super().answer(method, path, body)
        if method == "POST" and path.endswith("/tasks") and not self.released.is_set():
            self.held = True
            self.released.wait(60)
        return made


def assert_consistent(layout: Layout) -> None:
    """The database is whole, by SQLite's own word."""
    base = sqlite3.connect(f"file:{layout.database}?mode=ro", uri=True)
    try:
        assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert base.execute("PRAGMA foreign_key_check").fetchall() == []
    finally:
        base.close()


def processes(part: str) -> list[psutil.Process]:
    """Living processes with this text in their command line."""
    found = []
    for one in psutil.process_iter():
        try:
            if part in " ".join(one.cmdline()) and one.status() != psutil.STATUS_ZOMBIE:
                found.append(one)
        except psutil.Error:
            continue
    return found
