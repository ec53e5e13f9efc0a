"""The sockets under a request, reachable for Stop."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from typing import Any

import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class Wire:
    """The sockets of one request, so that Stop can cut them from another thread.

    Attributes:
        used: a connection was made, so that something may have been sent.
        is_cut: Stop was pressed.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self.is_cut = False
        self.used = False

    def keep(self, made: socket.socket) -> socket.socket:
        """Remember a socket that was just connected."""
        # A duplicate: TLS takes the original's descriptor away.
        with self._lock:
            self.used = True
            self._sockets.append(made.dup())
            if self.is_cut:
                self._shut()
        return made

    def cut(self) -> None:
        """End the connection under the request; it fails at once. Any thread may call."""
        with self._lock:
            self.is_cut = True
            self._shut()

    def close(self) -> None:
        """Let go of the sockets."""
        with self._lock:
            for one in self._sockets:
                one.close()
            self._sockets.clear()

    def _shut(self) -> None:
        for one in self._sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


class StoppableAdapter(HTTPAdapter):
    """Connects as requests does, and tells the wire of every socket; never tries twice."""

    def __init__(self, wire: Wire, tls: ssl.SSLContext) -> None:
        self._pools = _pools(wire)
        self._tls = tls
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **more: Any) -> None:  # noqa: ANN401 - requests' own types
        """Requests calls it from its constructor."""
        super().init_poolmanager(*args, ssl_context=self._tls, **more)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: str, **more: Any) -> urllib3.ProxyManager:  # noqa: ANN401 - requests' own types
        """Requests calls it when a proxy is set."""
        manager: urllib3.ProxyManager = super().proxy_manager_for(
            proxy, ssl_context=self._tls, **more
        )
        manager.pool_classes_by_scheme = self._pools
        return manager


def _pools(wire: Wire) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return wire.keep(super()._new_conn())

    class Tls(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return wire.keep(super()._new_conn())

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class TlsPool(HTTPSConnectionPool):
        ConnectionCls = Tls

    return {"http": PlainPool, "https": TlsPool}
