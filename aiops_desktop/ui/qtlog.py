"""Qt's own messages: into the program's log, without secrets."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

#: As `logging` counts levels; it is not imported before the window shows.
_LEVELS = {
    QtMsgType.QtDebugMsg: 10,
    QtMsgType.QtInfoMsg: 20,
    QtMsgType.QtWarningMsg: 30,
    QtMsgType.QtCriticalMsg: 40,
    QtMsgType.QtFatalMsg: 50,
}

#: What the offscreen platform says of every dialog; it means nothing.
_NOISE = "This plugin does not support propagateSizeHints()"

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
        if message == _NOISE:
            return
        told = self.scrub(message)
        if self._before is not None:
            self._before(kind, context, told)
        else:
            import logging

            logging.getLogger("qt").log(_LEVELS.get(kind, logging.WARNING), "%s", told)
