"""The program as a person at a shell has it: processes of its own, no display, no Qt."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiops_desktop.domain.layout import Layout
from aiops_desktop.services.house import House

ROOT = Path(__file__).parents[2]
_SCREEN = ("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "QT_QPA_PLATFORM")


@dataclass(frozen=True)
class Said:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its output, read as JSON."""
        return json.loads(self.out)


class Shell:
    """Calls the program on a data folder; every call is a process of its own.

    Importing Qt fails in these processes. Everything ever said is kept in `all_said`.
    """

    def __init__(self, layout: Layout, **more: str) -> None:
        self.layout = layout
        self.environment = {n: v for n, v in os.environ.items() if n not in _SCREEN}
        self.environment |= {"AIOPS_DATA_DIR": str(layout.data), **more}
        blocked = layout.data.with_name("no-qt")
        blocked.mkdir(exist_ok=True)
        for name in ("PySide6", "shiboken6"):
            (blocked / f"{name}.py").write_text('raise RuntimeError("Qt was imported")\n')
        self.environment["PYTHONPATH"] = str(blocked)
        self.all_said = ""

    def __call__(self, *words: str, code: int = 0, stdin: str = "", limit: float = 90) -> Said:
        """Run a command to its end, and expect its exit code."""
        done = subprocess.run(
            [sys.executable, "-m", "aiops_desktop", *words],
            env=self.environment,
            cwd=ROOT,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=limit,
            check=False,
        )
        self.all_said += done.stdout + done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        assert done.returncode == code, f"{words}: {done.returncode}\n{done.stdout}{done.stderr}"
        return Said(done.returncode, done.stdout, done.stderr)

    def json(self, *words: str, code: int = 0) -> Any:
        """The same with --json; what it printed."""
        return self(*words, "--json", code=code).json

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Start a command and return at once; end it with `kill`."""
        return self._started(["-m", "aiops_desktop", *words])

    def start_code(self, code: str) -> subprocess.Popen[bytes]:
        """Start a few lines on the open house, for verbs only the window has: `house`, `Job`."""
        return self._started(["-c", _HEAD + code])

    def _started(self, words: list[str]) -> subprocess.Popen[bytes]:
        # Its output goes to a file: a full pipe must not stop what is to be killed in the middle.
        with self.layout.data.with_name("child.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *words],
                env=self.environment,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def child_log(self) -> str:
        """What started commands have said."""
        return self.layout.data.with_name("child.log").read_text(errors="replace")


_HEAD = """
from aiops_desktop import app
from aiops_desktop.jobs.job import Job
house = app.build(app.layout_from_environment())
"""


def kill(child: subprocess.Popen[bytes]) -> None:
    """End exactly this process, without warning; it must have been alive."""
    assert child.poll() is None, "it had ended by itself"
    child.send_signal(signal.SIGKILL)
    assert child.wait(10) == -signal.SIGKILL


def house(layout: Layout) -> House:
    """The program started again on a data folder."""
    from aiops_desktop.app import build

    return build(layout)
