"""One window a data folder: rings at the window that is there, or answers those who ring later.

QtNetwork is imported when it is first needed: the window is to be seen first.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.names import short_mark

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

#: Milliseconds the first window gets to answer the second start.
PATIENCE = 2_000
#: Bytes of a line; whoever sends more is no window of ours.
LONGEST = 4_096


def address(layout: Layout) -> str:
    """Where the window of this data folder listens: a short path, whatever the folder's own is.

    A Unix socket's path may have 107 bytes, a data folder's is often longer.
    """
    mark = short_mark(str(layout.data))
    if os.name == "nt":
        return f"aiops-desktop-{mark}"
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if runtime and os.access(runtime, os.W_OK):
        return str(Path(runtime) / f"aiops-{mark}.sock")
    return str(Path(tempfile.gettempdir()) / f"aiops-{os.getuid()}-{mark}.sock")


def ring(where: str, words: str) -> bool:
    """Say a line ("raise", "quit", "open tenant/project") to the window there; whether it heard."""
    from PySide6.QtNetwork import QLocalSocket

    line = QLocalSocket()
    line.connectToServer(where)
    if not line.waitForConnected(PATIENCE):
        return False
    line.write(f"{words}\n".encode())
    heard = line.waitForBytesWritten(PATIENCE)
    line.disconnectFromServer()
    return heard


class Doorbell(QObject):
    """Listens for other starts and for the shell.

    Signals:
        raised: come to the front.
        quitted: close.
        opened(str, str): show this project of this tenant (names or slugs).
    """

    raised = Signal()
    quitted = Signal()
    opened = Signal(str, str)

    def __init__(self, where: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.address = where
        self._server: QLocalServer | None = None

    def listen(self) -> bool:
        """Begin; the lock is ours already, so a socket file that lies there is a dead window's."""
        from PySide6.QtNetwork import QLocalServer

        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._welcome)
        QLocalServer.removeServer(self.address)
        return self._server.listen(self.address)

    def close(self) -> None:
        """Listen no more; removes the socket file."""
        if self._server:
            self._server.close()

    def _welcome(self) -> None:
        while self._server and self._server.hasPendingConnections():
            line = self._server.nextPendingConnection()
            line.readyRead.connect(lambda line=line: self._read(line))
            line.disconnected.connect(line.deleteLater)
            self._read(line)

    def _read(self, line: QLocalSocket) -> None:
        while line.canReadLine():
            self._obey(bytes(line.readLine(LONGEST).data()).decode("utf-8", "replace").strip())
        if line.bytesAvailable() > LONGEST:
            line.abort()

    def _obey(self, words: str) -> None:
        verb, _, rest = words.partition(" ")
        if verb == "raise":
            self.raised.emit()
        elif verb == "quit":
            self.quitted.emit()
        elif verb == "open":
            tenant, _, project = rest.partition("/")
            if tenant and project:
                self.opened.emit(tenant, project)
