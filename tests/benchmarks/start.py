"""How soon the window is there."""

from __future__ import annotations

import compileall
import os
import subprocess
import sys
import time
from pathlib import Path

import aiops_desktop
from tests.benchmarks.result import Result, paired

ROUNDS = 9

_BARE = """
import time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, lambda: (print("SHOWN", time.time(), flush=True), app.quit()))
app = QApplication([])
window = Window()
window.resize(1440, 900)
window.show()
app.exec()
"""


def measure(folder: Path) -> list[Result]:
    """Process start to painted and taking input, against an empty QMainWindow of PySide6."""
    compileall.compile_dir(Path(aiops_desktop.__file__).parent, quiet=2)
    bare = folder / "bare.py"
    bare.write_text(_BARE)
    env = dict(os.environ, AIOPS_DATA_DIR=str(folder / "data"))
    ours = [sys.executable, "-m", "aiops_desktop", "start", "--self-test"]
    _until(ours, "LOADED", env)  # the first start makes the database
    ratio, mine, theirs = paired(
        lambda: _until(ours, "SHOWN", env),
        lambda: _until([sys.executable, str(bare)], "SHOWN", env),
        ROUNDS,
    )
    loaded = min(_until(ours, "LOADED", env) for _ in range(5))
    return [
        Result(
            "start.window_shown",
            ratio,
            "x",
            2.5,
            "lower",
            f"process start to the first paint and an idle event loop; median of {ROUNDS} pairs, "
            f"ours {mine:.3f} s, a bare PySide6 QMainWindow {theirs:.3f} s, offscreen, compiled",
        ),
        Result(
            "start.services_open",
            loaded / theirs,
            "x",
            8.0,
            "lower",
            f"process start to database open and tree filled, best of 5: {loaded:.3f} s, over the "
            "same bare window; the window takes input meanwhile",
        ),
    ]


def _until(argv: list[str], word: str, env: dict[str, str]) -> float:
    """Seconds from the start of a process to the time it prints behind `word`."""
    begun = time.time()
    done = subprocess.run(argv, env=env, capture_output=True, text=True, timeout=60, check=True)
    for line in done.stdout.splitlines():
        if line.startswith(word):
            return float(line.split()[1]) - begun
    raise RuntimeError(f"{argv} did not say {word}: {done.stdout} {done.stderr}")
