"""Git over http(s) with a token (git-http-backend(1)), on loopback."""

from __future__ import annotations

import base64
import contextlib
import os
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType


class GitHttp:
    """Serves the bare repositories of a folder to whoever shows the token."""

    def __init__(
        self,
        folder: Path,
        token: str,
        user: str = "oauth2",
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.folder = folder
        self.wanted = base64.b64encode(f"{user}:{token}".encode()).decode()
        self.refusal = 401
        self.seen: list[str] = []
        self._scheme = "https" if tls else "http"
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        if tls:
            self._server.socket = tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def __enter__(self) -> GitHttp:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def url(self, name: str) -> str:
        """The address of a repository."""
        return f"{self._scheme}://127.0.0.1:{self._server.server_port}/{name}"

    @property
    def host(self) -> str:
        """As questions and secrets name it."""
        return "127.0.0.1"


def _handler(site: GitHttp) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def handle(self) -> None:
            with contextlib.suppress(ssl.SSLError, ConnectionError):  # who does not trust us goes
                super().handle()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            self._serve(b"")

        def do_POST(self) -> None:
            self._serve(read_body(self))

        def _serve(self, body: bytes) -> None:
            given = self.headers.get("Authorization") or ""
            site.seen.append(given)
            if given != f"Basic {site.wanted}":
                self.send_response(site.refusal if given else 401)
                self.send_header("WWW-Authenticate", 'Basic realm="git"')
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            status, fields, rest = backend(site.folder, self, body)
            self.send_response(status)
            for name, value in fields.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(rest)))
            self.end_headers()
            self.wfile.write(rest)

    return Handler


def read_body(asked: BaseHTTPRequestHandler) -> bytes:
    """What was sent with a request; git sends much of it in chunks."""
    if asked.headers.get("Transfer-Encoding") != "chunked":
        return asked.rfile.read(int(asked.headers.get("Content-Length") or 0))
    made = b""
    while size := int(asked.rfile.readline().strip() or b"0", 16):
        made += asked.rfile.read(size)
        asked.rfile.readline()
    return made


def backend(
    folder: Path, asked: BaseHTTPRequestHandler, body: bytes, under: str = ""
) -> tuple[int, dict[str, str], bytes]:
    """What git-http-backend(1) answers for the bare repositories of a folder, below a path."""
    path, _, query = asked.path.partition("?")
    env = {
        **os.environ,
        "GIT_PROJECT_ROOT": str(folder),
        "GIT_HTTP_EXPORT_ALL": "1",
        "PATH_INFO": path.removeprefix(under),
        "QUERY_STRING": query,
        "REQUEST_METHOD": asked.command,
        "CONTENT_TYPE": asked.headers.get("Content-Type") or "",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_CONTENT_ENCODING": asked.headers.get("Content-Encoding") or "",
        "HTTP_GIT_PROTOCOL": asked.headers.get("Git-Protocol") or "",
        "REMOTE_USER": "token",
        "REMOTE_ADDR": "127.0.0.1",
    }
    done = subprocess.run(
        ["git", "http-backend"], input=body, env=env, capture_output=True, check=False
    )
    head, _, rest = done.stdout.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    fields = dict(line.split(": ", 1) for line in lines if ": " in line)
    return int(fields.pop("Status", "200").split()[0]), fields, rest
