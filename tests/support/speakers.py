"""Servers that misbehave: they say what they are told, and hang or drop where they are told."""

from __future__ import annotations

import socket
import threading
from types import TracebackType


class Speaker:
    """Says some bytes to whoever connects, then hangs or closes; used by `with`."""

    def __init__(self, says: bytes = b"", *, close: bool = False) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._says, self._close = says, close
        self._open: list[socket.socket] = []

    def __enter__(self) -> Speaker:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listening.close()
        for line in self._open:
            line.close()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listening.accept()
                line.sendall(self._says)
            except OSError:
                return
            if self._close:
                line.close()
            else:
                self._open.append(line)


class Relay:
    """Leads to another server, and drops the line after so many bytes of its answers."""

    def __init__(self, port: int, *, drop_after: int) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._to, self._left = port, drop_after

    def __enter__(self) -> Relay:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listening.close()

    def _serve(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self._to))
            threading.Thread(target=self._pump, args=(near, far, 1 << 40), daemon=True).start()
            threading.Thread(target=self._pump, args=(far, near, self._left), daemon=True).start()

    @staticmethod
    def _pump(source: socket.socket, sink: socket.socket, left: int) -> None:
        try:
            while left > 0 and (data := source.recv(min(4096, left))):
                sink.sendall(data)
                left -= len(data)
        except OSError:
            pass
        for line in (source, sink):
            try:
                line.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
