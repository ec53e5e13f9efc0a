"""The only place where a worker's thread meets Qt."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

#: Seconds the GUI thread gives to calls from workers before it looks after the window again.
SLICE = 0.008


class Bridge(QObject):
    """Brings calls to the GUI thread, in order, many a wake-up, never longer than a slice."""

    _wake = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._calls: deque[Callable[[], None]] = deque()
        self._closed = False
        self._wake.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def post(self, call: Callable[[], None]) -> None:
        """Have `call` run in the GUI thread soon; may be called from any thread."""
        with self._lock:
            if self._closed:
                return
            first = not self._calls
            self._calls.append(call)
            if first:
                self._wake.emit()

    def close(self) -> None:
        """Take nothing more."""
        with self._lock:
            self._closed = True
            self._calls.clear()

    def _deliver(self) -> None:
        end = time.monotonic() + SLICE
        while True:
            with self._lock:
                if not self._calls:
                    return
                call = self._calls[0]
            try:
                call()
            finally:
                with self._lock:
                    if self._calls:
                        self._calls.popleft()
                    more = bool(self._calls)
            if more and time.monotonic() > end:
                QTimer.singleShot(0, self._deliver)
                return
