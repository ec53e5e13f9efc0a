"""`aiops-desktop start --self-test`: opens the window, says when it was shown and loaded, ends.

Packages are tried with it after a build, and the start is measured with it.
"""

from __future__ import annotations

import sys
import time

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.ui.crash import Crashes
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.window import Window

#: Milliseconds after which a window that did not load has failed.
PATIENCE = 60_000
#: Milliseconds that what goes on after loading gets to end, and between two looks at it.
LINGER, GLANCE = 3_000, 50


class SelfTest(QObject):
    """Prints `SHOWN` and `LOADED` with the time (seconds since the epoch) and ends the program.

    An error of the program itself until then, such as a table that is not as it should be, makes
    it `FAILED`, although the window would have gone on.
    """

    def __init__(self, window: Window, desk: Desk, crashes: Crashes) -> None:
        super().__init__(window)
        self._desk, self._crashes, self._left = desk, crashes, LINGER // GLANCE
        self._window = window
        self._shown = False
        window.installEventFilter(self)
        desk.loaded.connect(self._loaded, Qt.ConnectionType.SingleShotConnection)
        window.opening.refused.connect(self._refused)
        QTimer.singleShot(PATIENCE, self, lambda: self._say("FAILED", 1))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The first paint; what comes behind it in the queue is taken, too, before it counts."""
        if event.type() == QEvent.Type.Paint and not self._shown:
            self._shown = True
            QTimer.singleShot(0, self, lambda: print("SHOWN", time.time(), flush=True))
        return False

    def _loaded(self) -> None:
        print("LOADED", time.time(), flush=True)
        self._calm()

    def _calm(self) -> None:
        """End when the pages have what they asked for."""
        self._left -= 1
        if self._left and (self._desk.runner.busy or self._left == LINGER // GLANCE - 1):
            QTimer.singleShot(GLANCE, self, self._calm)
        elif self._crashes.broke:
            self._say("FAILED", 1)
        else:
            QApplication.exit(0)

    def _refused(self, trouble: Trouble) -> None:
        print(trouble, trouble.detail, file=sys.stderr)
        self._say("FAILED", 1)

    def _say(self, word: str, code: int) -> None:
        print(word, time.time(), flush=True)
        QApplication.exit(code)
