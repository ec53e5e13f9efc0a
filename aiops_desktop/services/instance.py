"""The one window of a data folder: who has it, where it listens, and how it is closed."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from aiops_desktop.adapters import instance
from aiops_desktop.domain.trouble import Failed

if TYPE_CHECKING:
    from aiops_desktop.adapters.instance import Instance
    from aiops_desktop.domain.layout import Layout

#: Seconds a window that was started in the background gets until it has the data folder.
PATIENCE = 60.0


class Answer(StrEnum):
    """The three answers to “is the window running?”."""

    RUNNING = "running"
    STOPPED = "not running"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class WindowState:
    """What is known of the window of a data folder. `pid` is None when it does not run."""

    answer: Answer
    pid: int | None = None

    @property
    def sentence(self) -> str:
        """The answer for a person."""
        if self.answer is Answer.RUNNING:
            return f"The window is running with PID {self.pid}."
        if self.answer is Answer.STALE:
            return "The window is not running; it left a stale lock file behind."
        return "The window is not running."


class WindowLock:
    """Lets a second start find the first window instead of opening another one."""

    def __init__(self, layout: Layout) -> None:
        self._lock = layout.socket

    def claim(self, address: str) -> Instance | None:
        """Take the data folder for this process; the window that has it already, else None.

        Args:
            address: path of the Unix socket on which this window will listen.

        Raises:
            Failed: the lock file cannot be written.
        """
        return instance.claim(self._lock, address)

    def release(self) -> None:
        """Give the data folder free again."""
        instance.release(self._lock)

    def state(self) -> WindowState:
        """Whether the window runs, does not, or has left its lock file behind."""
        found = instance.read(self._lock)
        if found is not None and found.alive:
            return WindowState(Answer.RUNNING, found.pid)
        return WindowState(Answer.STALE if self._lock.exists() else Answer.STOPPED)

    def stop(self) -> str:
        """Ask the window to close, and end it when it does not; a stale lock file is removed.

        Gives what was done, as a sentence.

        Raises:
            Failed: it did not close.
        """
        found = instance.read(self._lock)
        if found is not None and found.alive:
            if instance.stop(found):
                return "The window has closed."
            raise Failed(
                f"The window (PID {found.pid}) did not close.", "End its process yourself."
            )
        if self._lock.exists():
            self._lock.unlink(missing_ok=True)
            return "The window is not running; its stale lock file was removed."
        return "The window is not running."


def start_in_background(
    layout: Layout, words: Sequence[str], environ: Mapping[str, str]
) -> WindowState:
    """Open the window in a process of its own, and wait until it has the data folder.

    Args:
        layout: the data folder.
        words: what follows “start”.
        environ: its environment; settings may stand there, so it gets all of ours.

    Raises:
        Failed: it ended at once, or does not come; the hint names its log.
    """
    from aiops_desktop.adapters import living, process

    lock, log = WindowLock(layout), layout.logs / "window.log"
    if lock.state().answer is Answer.RUNNING:
        return lock.state()
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    argv = [*process.interpreter(), "start", *words]
    pid = process.start_detached(argv, env=environ, cwd=layout.data, log=log)
    end = time.monotonic() + PATIENCE
    while lock.state().answer is not Answer.RUNNING:
        if not living.alive(pid) or time.monotonic() > end:
            raise Failed("The window did not open.", f"See {log}.")
        time.sleep(0.05)
    return lock.state()
