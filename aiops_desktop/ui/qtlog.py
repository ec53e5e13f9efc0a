"""Qt's own messages: into the program's log, without secrets."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
_log = logging.getLogger("qt")

Handler = Callable[[QtMsgType, QMessageLogContext, str], object]


class QtLog:
    """Takes what Qt has to say, until `close`; a handler that was there before hears it, too.

    Attributes:
        scrub: takes secrets out; the services' own, once they are open.
    """

    def __init__(self) -> None:
        self.scrub: Callable[[str], str] = str
        self._before: Handler | None = None
        self._before = qInstallMessageHandler(self._hear)

    def close(self) -> None:
        """Give the handler back."""
        qInstallMessageHandler(self._before)

    def _hear(self, kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        told = self.scrub(message)
        if self._before is not None:
            self._before(kind, context, told)
        else:
            _log.log(_LEVELS.get(kind, logging.WARNING), "%s", told)
