"""The only place where a worker's thread meets Qt."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from aiops_desktop.jobs import pace

#: Seconds the GUI thread gives to calls from workers before it looks after the window again.
SLICE = 0.005


class Bridge(QObject):
    """Brings calls to the GUI thread, in order, many a wake-up, never longer than a slice."""

    _wake = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()  # of those who post; the window's thread never waits for it
        self._calls: deque[Callable[[], None]] = deque()
        self._woken = False
        self._closed = False
        self._wake.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def post(self, call: Callable[[], None]) -> None:
        """Have `call` run in the GUI thread soon; may be called from any thread."""
        with self._lock:
            if self._closed:
                return
            self._calls.append(call)
            if not self._woken:
                self._woken = True
                self._wake.emit()

    @property
    def empty(self) -> bool:
        """Whether every call was run."""
        return not self._calls

    def close(self) -> None:
        """Take nothing more."""
        with self._lock:
            self._closed = True
            self._calls.clear()

    def _deliver(self) -> None:
        self._woken = False  # first, so that what is posted from here on wakes again
        end = time.monotonic() + SLICE
        try:
            with pace.window:
                while self._calls:
                    self._calls.popleft()()
                    if time.monotonic() > end:
                        break
        finally:
            if self._calls and not self._woken:
                self._woken = True
                QTimer.singleShot(0, self._deliver)
