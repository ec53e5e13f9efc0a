"""Which processes live, since when, and how a whole tree of them is ended."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psutil

#: Seconds that a tree of processes gets to end after each signal.
GRACE = 3.0


def alive(pid: int, started: float | None = None) -> bool:
    """Whether a process lives and (when `started` is given) is still the same one.

    `started` is its creation time in seconds since the epoch, as `birth` gave it.
    """
    import psutil

    from aiops_desktop.adapters import process

    process.reap()
    try:
        one = psutil.Process(pid)
        if one.status() == psutil.STATUS_ZOMBIE:
            return False
        return started is None or abs(one.create_time() - started) < 1.5
    except psutil.Error:
        return False


def birth(pid: int) -> float | None:
    """When a process began, in seconds since the epoch; None when it is gone.

    On Linux read from /proc (proc(5): field 22 of stat, btime), because the window needs its own
    before it shows, and psutil takes longer to import than the window to paint.
    """
    if sys.platform == "linux":
        try:
            ticks = int(Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[19])
            booted = re.search(rb"^btime (\d+)", Path("/proc/stat").read_bytes(), re.MULTILINE)
        except (OSError, IndexError, ValueError):
            return None
        if booted:
            return int(booted[1]) + ticks / os.sysconf("SC_CLK_TCK")
    import psutil

    try:
        return psutil.Process(pid).create_time()
    except psutil.Error:
        return None


def descendants(pid: int) -> list[psutil.Process]:
    """All living descendants of a process, itself not among them."""
    import psutil

    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.Error:
        return []


def end_tree(pid: int, *, first: int = signal.SIGINT, grace: float = GRACE) -> None:
    """End a process and every descendant: `first` to it, then SIGTERM and SIGKILL to what is left.

    The descendants are listed before the first signal, because orphans can no longer be found.
    """
    import psutil

    tree = descendants(pid)
    with contextlib.suppress(psutil.Error):
        top = psutil.Process(pid)
        tree.append(top)
        top.send_signal(first)
    for last in (signal.SIGTERM, signal.SIGKILL):
        _gone, left = psutil.wait_procs(tree, timeout=grace)
        if not left:
            return
        tree = left
        for one in left:
            with contextlib.suppress(psutil.Error):
                one.send_signal(last)
    psutil.wait_procs(tree, timeout=grace)


def mark() -> str:
    """Names this process, so that a later one can tell whether it still lives (see `marked`)."""
    pid = os.getpid()
    return f"{pid}:{birth(pid) or 0:.2f}"


def marked(text: str) -> bool:
    """Whether the process that `mark` named still lives."""
    pid, _, began = text.partition(":")
    try:
        return alive(int(pid), float(began) or None)
    except ValueError:
        return False
