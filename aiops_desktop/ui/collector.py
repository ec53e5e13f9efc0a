"""Collects Python's cyclic garbage in the GUI thread alone, and in moments when nobody waits.

Left to itself, Python collects in whichever thread happens to allocate. In a worker that would
destroy widgets outside of the GUI thread, which Qt forbids (QObject, "Thread Affinity"); and a full
pass over a window's objects was measured to stop every thread for 300 to 500 ms.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

#: Milliseconds between two looks; new objects that make a young pass worth it.
PAUSE, YOUNG = 250, 2_000
#: Seconds between two full passes while another program is in front, and while this one is.
AWAY, HERE = 30.0, 300.0


class Collector(QObject):
    """Takes Python's automatic collection over until `close`. `busy` tells whether jobs work."""

    def __init__(self, busy: Callable[[], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._busy = busy
        self._was_on = gc.isenabled()
        self._full = time.monotonic()
        self._timer = QTimer(self)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self.look)
        gc.disable()
        self._timer.start()

    def close(self) -> None:
        """Give collection back to Python."""
        self._timer.stop()
        if self._was_on:
            gc.enable()

    def look(self) -> None:
        """Collect what is worth it now."""
        here = QGuiApplication.applicationState() == Qt.ApplicationState.ApplicationActive
        since = time.monotonic() - self._full
        if since > (HERE if here else AWAY) and not self._busy():
            gc.collect()
            self._full = time.monotonic()
        elif gc.get_count()[0] > YOUNG:
            gc.collect(1)  # what outlives it is old at once, so that no later pass is long
