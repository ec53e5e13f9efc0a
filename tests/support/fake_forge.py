"""What the fake GitLab and the fake GitHub have in common: a world of issues, and a server.

Tests change the world as people do (`add_issue`, `edit`, `delete`, `move` …) and spoil answers by
`fail`. Each change takes place one second after the last one, so that nothing depends on the clock.
"""

from __future__ import annotations

import base64
import contextlib
import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from tests.support.githttp import backend, read_body

TOKEN = "glpat-fake-token-of-a-test-1234567890"
HTML = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body></body></html>"


@dataclass
class FakeUser:
    """Somebody with an account."""

    id: int
    login: str
    name: str


@dataclass
class FakeToken:
    """A token. `scopes` None: the server does not tell them (fine-grained)."""

    user: str
    scopes: tuple[str, ...] | None
    expires: datetime | None = None
    revoked: bool = False


@dataclass
class FakeComment:
    """A comment; `system` ones are the forge's own notes."""

    id: int
    author: str
    body: str
    created: datetime
    system: bool = False
    internal: bool = False


@dataclass
class FakeIssue:
    """An issue; a `pull` request where the forge numbers them alike; `hidden` from this account."""

    id: int
    number: int
    title: str
    body: str | None
    author: str | None
    created: datetime
    updated: datetime
    open: bool = True
    closed: datetime | None = None
    labels: list[str] = field(default_factory=list)
    assignees: list[str] = field(default_factory=list)
    milestone: str = ""
    due: str = ""
    confidential: bool = False
    hidden: bool = False
    pull: bool = False
    moved_to: int | None = None
    comments: list[FakeComment] = field(default_factory=list)


@dataclass
class FakeKey:
    """A public key."""

    id: int
    title: str
    public: str
    owner: str
    writes: bool = False


@dataclass
class FakeProject:
    """A project. `rights` is what the account may: "read", "write" or "admin"."""

    id: int
    path: str
    rights: str = "admin"
    issues: dict[int, FakeIssue] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=lambda: {"bug": "#d9534f", "ops": "#428bca"})
    members: list[str] = field(default_factory=lambda: ["ann", "ben"])
    milestones: list[str] = field(default_factory=lambda: ["June"])
    deploy_keys: dict[int, FakeKey] = field(default_factory=dict)
    has_issues: bool = True
    archived: bool = False


@dataclass(frozen=True)
class Asked:
    """What the server was asked: its own record."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    authorization: str
    host: str


@dataclass
class Reply:
    """An answer in the making; `value` goes as JSON."""

    status: int
    value: Any = None
    headers: dict[str, str] = field(default_factory=dict)


class World:
    """Accounts, projects and issues, and the ways in which they change."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.time = datetime(2026, 3, 2, 9, 0, 0, 250_000, tzinfo=UTC)
        self._last = 1000
        self.users = {
            one.login: one
            for one in (
                FakeUser(1, "ann", "Ann"),
                FakeUser(2, "ben", "Ben"),
                FakeUser(3, "eve", ""),
            )
        }
        self.projects: dict[int, FakeProject] = {}
        self.user_keys: dict[int, FakeKey] = {}

    def number(self) -> int:
        """An id nobody has."""
        with self.lock:
            self._last += 1
            return self._last

    def tick(self, seconds: float = 1.0) -> datetime:
        """The next moment."""
        with self.lock:
            self.time += timedelta(seconds=seconds)
            return self.time

    def add_project(self, path: str, **more: Any) -> FakeProject:
        """A project the account belongs to."""
        with self.lock:
            made = FakeProject(self.number(), path, **more)
            self.projects[made.id] = made
            return made

    def add_issue(self, project: FakeProject, title: str = "An issue", **more: Any) -> FakeIssue:
        """An issue as somebody writes it on the forge; `more` overrides its fields."""
        with self.lock:
            now = self.tick()
            number = max(project.issues, default=0) + 1
            values = {"body": "", "author": "ann", "created": now, "updated": now, **more}
            made = FakeIssue(self.number(), number, title, **values)
            project.issues[number] = made
            return made

    def edit(self, issue: FakeIssue, **changes: Any) -> None:
        """Change fields; the issue is then the one changed last."""
        with self.lock:
            for name, value in changes.items():
                setattr(issue, name, value)
            issue.updated = self.tick()
            if "open" in changes:
                issue.closed = None if issue.open else issue.updated

    def comment(self, issue: FakeIssue, body: str, author: str = "ben", **more: Any) -> FakeComment:
        """Write under an issue."""
        with self.lock:
            made = FakeComment(self.number(), author, body, self.tick(), **more)
            issue.comments.append(made)
            issue.updated = made.created
            return made

    def delete(self, project: FakeProject, issue: FakeIssue) -> None:
        """It is gone without a trace."""
        with self.lock:
            del project.issues[issue.number]

    def move(self, project: FakeProject, issue: FakeIssue, to: FakeProject) -> FakeIssue:
        """It goes to another project under another id."""
        with self.lock:
            made = self.add_issue(to, issue.title, body=issue.body, labels=list(issue.labels))
            self.leave(project, issue, made)
            return made

    def leave(self, project: FakeProject, issue: FakeIssue, made: FakeIssue) -> None:
        """What stays behind of a moved issue; nothing, unless the forge has its own way."""
        del project.issues[issue.number]

    def find(self, told: str) -> FakeProject | None:
        """By id or path."""
        for project in self.projects.values():
            if told in (str(project.id), project.path):
                return project
        return None


class FakeForge(World):
    """The server; start it with `with`. `url` is what a person would enter.

    Attributes:
        largest: records a page holds at most, whatever is asked for.
        link_origin: what links to further pages name as this server, "" for the truth.
        repositories: a folder of bare repositories it serves over http, None for none.
        logins: the user names and passwords git came with.
    """

    root = ""

    def __init__(self, *, under: str = "", tls: Any = None) -> None:
        super().__init__()
        self.under = under
        self.tls = tls
        self.tokens: dict[str, FakeToken] = {}
        self.asked: list[Asked] = []
        self.faults: list[tuple[str, str, int]] = []
        self.after: Callable[[Asked], None] | None = None
        self.largest = 100
        self.link_origin = ""
        self.moved_paths: dict[str, str] = {}
        self.released = threading.Event()
        self.repositories: Path | None = None
        self.logins: list[tuple[str, str]] = []

    # What a test sets up ----------------------------------------------------------------------

    def fail(self, kind: str, path: str = "", times: int = 1_000_000, method: str = "") -> None:
        """Spoil answers to paths that contain `path`; see `_Handler.spoil` for the kinds."""
        with self.lock:
            self.faults.insert(0, (kind, f"{method} {path}" if method else path, times))

    def heal(self) -> None:
        """No more faults."""
        with self.lock:
            self.faults.clear()

    def paths(self, method: str = "GET") -> list[str]:
        """The paths asked for with this method, in order."""
        return [one.path for one in self.asked if one.method == method]

    def fault_for(self, method: str, path: str) -> str:
        """The kind of the first fault that applies, counted down."""
        with self.lock:
            for at, (kind, part, times) in enumerate(self.faults):
                if times and part in f"{method} {path}":
                    self.faults[at] = (kind, part, times - 1)
                    return kind
        return ""

    # How it runs ------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """The base address."""
        return f"{self.origin}{self.under}"

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        host, port = self._server.server_address[:2]
        return f"{'https' if self.tls else 'http'}://{host!s}:{port}"

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"forge": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        if self.tls:
            self._server.socket = self.tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), name="fake-forge"
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    # What it answers --------------------------------------------------------------------------

    def whose(self, authorization: str) -> FakeToken | None:
        """The token somebody shows, when it is good."""
        kind, _, text = authorization.partition(" ")
        found = self.tokens.get(text) if kind in {"Bearer", "token"} else None
        if found is None or found.revoked or (found.expires and found.expires < datetime.now(UTC)):
            return None
        return found

    def answer(self, asked: Asked) -> Reply:
        """To be written for each forge: what it answers below its root."""
        raise NotImplementedError

    def limited(self, how: str) -> tuple[int, bytes, dict[str, str]]:
        """How it says that it wants no more requests: status, body, headers.

        `how`: seconds for Retry-After, "reset" for a time in the future, "bare" without a word.
        """
        raise NotImplementedError

    def page(self, asked: Asked, rows: list[Any]) -> Reply:
        """One page of a list, with links to the next one."""
        size = min(int(asked.query.get("per_page", 20)), self.largest)
        at = max(int(asked.query.get("page", 1)), 1)
        some = rows[(at - 1) * size : at * size]
        reply = Reply(200, some)
        if at * size < len(rows):
            reply.headers["Link"] = self.link(asked, page=at + 1)
        return reply

    def link(self, asked: Asked, **changes: Any) -> str:
        """A Link header that leads on."""
        query = {**asked.query, **{name: str(value) for name, value in changes.items()}}
        base = f"{self.link_origin or self.origin}{self.under}{self.root}"
        first = f"{base}{asked.path}?{urlencode({**query, 'page': '1'})}"
        return f'<{base}{asked.path}?{urlencode(query)}>; rel="next", <{first}>; rel="first"'


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever went away in the middle is no news."""


class _Handler(BaseHTTPRequestHandler):
    forge: FakeForge
    protocol_version = "HTTP/1.1"
    timeout = 30
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self.serve()

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET

    def serve(self) -> None:
        forge = self.forge
        raw = read_body(self)
        parts = urlsplit(self.path)
        prefix = f"{forge.under}{forge.root}"
        if not parts.path.startswith(f"{prefix}/"):
            self.git(raw)
            return
        body = json.loads(raw) if raw else None
        asked = Asked(
            self.command,
            parts.path[len(prefix) :],
            dict(parse_qsl(parts.query)),
            body,
            self.headers.get("Authorization") or "",
            self.headers.get("Host") or "",
        )
        fault = forge.fault_for(asked.method, asked.path)
        with forge.lock:
            forge.asked.append(asked)
        if fault and self.spoil(fault):
            return
        with forge.lock:
            reply = forge.answer(asked)
        if fault == "lost":  # done, and the answer never comes
            self.close_connection = True
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.json(reply, half=fault == "half")
        if forge.after:
            forge.after(asked)

    def git(self, body: bytes) -> None:
        """Git over https with a token as password; anything else is a page for people."""
        forge = self.forge
        if forge.repositories is None or ".git/" not in self.path:
            self.out(404, HTML, {"Content-Type": "text/html"})
            return
        given = (self.headers.get("Authorization") or "").removeprefix("Basic ")
        user, _, token = base64.b64decode(given).decode().partition(":")
        if given:
            forge.logins.append((user, token))
        if forge.whose(f"Bearer {token}") is None:
            self.out(401, b"", {"WWW-Authenticate": 'Basic realm="git"'})
            return
        status, headers, data = backend(forge.repositories, self, body, forge.under)
        self.out(status, data, headers)

    def spoil(self, kind: str) -> bool:
        """Answer badly; False for faults that spoil the true answer."""
        forge = self.forge
        if kind in {"lost", "half"}:
            return False
        if kind == "hang":
            forge.released.wait(60)
            self.close_connection = True
        elif kind == "html":
            self.out(200, HTML, {"Content-Type": "text/html; charset=utf-8"})
        elif kind == "503":
            self.out(503, HTML, {"Content-Type": "text/html"})
        elif kind == "broken":
            self.out(200, b'{"id": 1, "ti', {"Content-Type": "application/json"})
        elif kind == "big":
            self.out(200, b"[" + b"1," * 700_000 + b"1]", {"Content-Type": "application/json"})
        elif kind == "login":
            self.out(302, b"", {"Location": f"{forge.origin}/users/sign_in"})
        elif kind.startswith("elsewhere "):
            self.out(302, b"", {"Location": kind.split(" ", 1)[1]})
        elif kind.startswith("limit"):  # "limit 2", "limit reset", "limit bare"
            self.out(*forge.limited(kind.split(" ", 1)[1]))
        else:  # "500 {json}", "403 {json}", "403" without a body
            status, _, text = kind.partition(" ")
            kind = "application/json" if text[:1] in '{["' else "text/plain"
            self.out(int(status), text.encode(), {"Content-Type": kind})
        return True

    def json(self, reply: Reply, *, half: bool = False) -> None:
        data = b"" if reply.status == 204 else json.dumps(reply.value).encode()
        headers = {"Content-Type": "application/json", **reply.headers}
        self.out(reply.status, data, headers, half=half)

    def out(self, status: int, data: bytes, headers: dict[str, str], *, half: bool = False) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[: len(data) // 2] if half else data)
        if half:
            self.close_connection = True


def routes(
    table: dict[str, Callable[..., Reply]],
) -> list[tuple[str, re.Pattern[str], Callable[..., Reply]]]:
    """ "GET /projects/{p}/issues" → method, pattern, function."""
    made = []
    for told, does in table.items():
        method, _, path = told.partition(" ")
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)
        made.append((method, re.compile(pattern), does))
    return made


def matched(
    table: list[tuple[str, re.Pattern[str], Callable[..., Reply]]], asked: Asked
) -> Iterator[tuple[Callable[..., Reply], dict[str, str]]]:
    """The route that fits, with what stands in its path."""
    for method, pattern, does in table:
        found = pattern.fullmatch(asked.path)
        if method == asked.method and found:
            yield does, {name: unquote(value) for name, value in found.groupdict().items()}
            return
