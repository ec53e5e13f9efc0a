"""One test of esctest2: its own process on a PTY, with a new emulator as the terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

from aiops_desktop.terminal.emulator import Emulator

_COLUMNS, _ROWS = 80, 25
_DISPLAY = (160, 60)
_CELL = (8, 16)
#: xterm's own first colours: black on white.
_THEME: dict[int | str, int] = dict.fromkeys(range(16), 0x808080)
_THEME |= {"foreground": 0, "background": 0xFFFFFF, "cursor": 0, "selection": 0xCCCCCC}

#: Seconds that a test may take, and that esctest waits for an answer.
_LIMIT, _ANSWER = 30.0, 0.3
#: The behaviour that is asked for: a VT420, xterm since 383, window operations allowed.
_OPTIONS = (
    *("--expected-terminal", "xterm", "--max-vt-level", "4", "--xterm-reverse-wrap", "383"),
    *("--no-print-logs", "--timeout", str(_ANSWER), "--options", "xtermWinopsEnabled"),
)

PASSED, FAILED, KNOWN, SKIPPED = "passed", "failed", "known", "skipped"


def outcome(folder: Path, name: str) -> str:
    """Run one test; PASSED, FAILED, KNOWN (fails in xterm, too) or SKIPPED (of another level)."""
    emulator = Emulator(_COLUMNS, _ROWS)
    emulator.set_theme(_THEME, _CELL)
    emulator.oblige(_DISPLAY)
    with tempfile.NamedTemporaryFile(suffix=".log") as log:
        _talk(emulator, _command(name, log.name), folder)
        return _verdict(Path(log.name).read_text("utf-8", "replace"))


def _command(name: str, log: str) -> list[str]:
    only = ["--include", f"^{re.escape(name)}$", "--logfile", log]
    return [sys.executable, "esctest.py", *only, *_OPTIONS]


def _talk(emulator: Emulator, command: list[str], folder: Path) -> None:
    """Be the terminal of a program until it ends."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", _ROWS, _COLUMNS, 0, 0))
    process = subprocess.Popen(
        command,
        cwd=folder,
        stdin=slave,
        stdout=slave,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "TERM": "xterm-256color"},
        start_new_session=True,
    )
    os.close(slave)
    ends = time.monotonic() + _LIMIT
    try:
        while time.monotonic() < ends:
            if not select.select([master], [], [], 1.0)[0]:
                continue
            data = os.read(master, 65_536)
            if not data:
                break
            emulator.feed(data)
            answer = emulator.take_replies()
            while answer:
                answer = answer[os.write(master, answer) :]
    except OSError:
        pass  # the program has closed its side
    finally:
        process.kill()
        process.wait()
        os.close(master)


def _verdict(log: str) -> str:
    _, _, body = log.partition("Run test: ")
    if "Skipped because" in body:
        return SKIPPED
    if "Fails as expected" in body:
        return KNOWN
    return PASSED if "Passed." in body and "*** TEST" not in body else FAILED
