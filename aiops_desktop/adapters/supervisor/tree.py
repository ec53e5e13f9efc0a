"""Ending a tree of processes so that nothing of it is left, orphans and new sessions included."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import time
from typing import TYPE_CHECKING

import psutil

from aiops_desktop.adapters import living

if TYPE_CHECKING:
    from aiops_desktop.adapters import process

#: prctl(2): orphans of our tree become our children, so that they can be found and ended.
_PR_SET_CHILD_SUBREAPER = 36


class Ending:
    """Ends a tree step by step, so that output is read meanwhile.

    The tool gets the first signal; after the grace (or as soon as it is gone) whatever is left of
    the tree gets SIGTERM, and after another grace SIGKILL. The tree is listed before each signal,
    because a process whose parent has ended may have left it.
    """

    def __init__(self, top: int, tool: process.Program, first: int | None, grace: float) -> None:
        self.stops = first is not None
        self._top = top
        self._tool = tool
        self._grace = grace
        self._known: dict[int, psutil.Process] = {}
        self._look()
        self._stage = 0
        self._deadline = time.monotonic() + grace
        if first is not None and tool.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(tool.pid, first)

    def step(self, now: float) -> bool:
        """Go on; whether nothing is left."""
        self._look()
        left = [p for p in self._known.values() if _runs(p)]
        if not left and self._tool.poll() is not None:
            return True
        if self._stage == 0 and (now > self._deadline or self._tool.poll() is not None):
            self._signal(left, signal.SIGTERM, now)
        elif self._stage == 1 and now > self._deadline:
            self._signal(left, signal.SIGKILL, now)
        elif self._stage == 2 and now > self._deadline:
            self._signal(left, signal.SIGKILL, now)
            return self._tool.poll() is not None  # the rest cannot be ended (other user, disk wait)
        return False

    def _signal(self, left: list[psutil.Process], number: int, now: float) -> None:
        self._stage, self._deadline = min(self._stage + 1, 2), now + self._grace
        for one in left:
            with contextlib.suppress(psutil.Error):
                one.send_signal(number)

    def _look(self) -> None:
        for found in living.descendants(self._top):
            known = self._known.get(found.pid)
            if known is None or known != found:
                self._known[found.pid] = found


def _runs(one: psutil.Process) -> bool:
    try:
        return one.is_running() and one.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def adopt_orphans() -> None:
    """Make orphans of our tree our own children (Linux), so that they can be found."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def reap(tool: int) -> None:
    """Collect adopted orphans that have ended; the tool itself is left to its owner."""
    if not hasattr(os, "waitid"):
        return
    with contextlib.suppress(ChildProcessError):
        while found := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            if found.si_pid == tool:
                return
            os.waitpid(found.si_pid, os.WNOHANG)
