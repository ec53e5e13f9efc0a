"""Lists of releases as forges give them, from a server that cannot be trusted."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from aiops_desktop.adapters.update import releases
from aiops_desktop.domain.trouble import Failed, Trouble
from aiops_desktop.domain.updates import newer, newest, order
from aiops_desktop.jobs.job import Job

Serve = Callable[[object, int, dict[str, str]], str]

_GITHUB = [
    {"tag_name": "v0.4.0-rc1", "prerelease": True, "html_url": "https://forge.example/4"},
    {
        "tag_name": "v0.3.0",
        "name": "Third",
        "body": "Better.",
        "html_url": "https://forge.example/3",
        "published_at": "2026-11-01T10:00:00Z",
        "assets": [
            {"name": "a.deb", "browser_download_url": "https://forge.example/a.deb"},
            {"name": "bad", "browser_download_url": "javascript:alert(1)"},
            None,
        ],
    },
    {"tag_name": "v0.10.0", "draft": True},
    {"tag_name": "nightly"},
    {"tag_name": None},
    "no object",
]
_GITLAB = [
    {
        "tag_name": "0.2.1",
        "description": "Notes",
        "released_at": "not a time",
        "_links": {"self": "https://gitlab.example/r"},
        "assets": {"links": [{"name": "x", "url": "https://gitlab.example/x"}]},
    }
]


@pytest.fixture
def serve() -> Iterator[Serve]:
    servers: list[tuple[ThreadingHTTPServer, threading.Thread]] = []

    def start(told: object, status: int = 200, headers: dict[str, str] | None = None) -> str:
        body = told if isinstance(told, bytes) else json.dumps(told).encode()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status)
                for name, value in (headers or {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Silence."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}/releases"

    yield start
    for server, thread in servers:
        server.shutdown()
        server.server_close()
        thread.join()


def test_github_tells_its_newest_release(serve: Serve) -> None:
    found = releases.latest(serve(_GITHUB, 200, {}), Job("Look"))
    assert found is not None
    assert (found.number, found.title, found.notes) == ("0.3.0", "Third", "Better.")
    assert found.page == "https://forge.example/3"
    assert found.files == (("a.deb", "https://forge.example/a.deb"),)
    assert found.time is not None


def test_gitlab_has_other_names_for_it(serve: Serve) -> None:
    found = releases.latest(serve(_GITLAB, 200, {}), Job("Look"))
    assert found is not None
    assert (found.number, found.notes, found.page) == ("0.2.1", "Notes", "https://gitlab.example/r")
    assert (found.files, found.time) == ((("x", "https://gitlab.example/x"),), None)


def test_a_redirect_is_followed_and_an_empty_list_is_no_trouble(serve: Serve) -> None:
    there = serve([], 200, {})
    assert releases.latest(serve(b"", 302, {"Location": there}), Job("Look")) is None
    assert releases.latest(serve({"version": "1.2"}, 200, {}), Job("Look")) is not None


def test_a_server_that_leads_in_a_circle_is_left(serve: Serve) -> None:
    with pytest.raises(Failed, match="no list of releases"):
        releases.latest(serve(b"", 302, {"Location": "/releases"}), Job("Look"))


@pytest.mark.parametrize(
    ("told", "status"),
    [
        (b"<!DOCTYPE html><html>", 200),
        (b"", 200),
        (b"null", 200),
        (b"[1, 2]", 200),
        (b'[{"tag_name": "soon"}]', 200),
        (b"[" * 100_000, 200),
        (b"{}", 404),
        (b"[]", 500),
        (b"x" * (releases.LIMIT + 1), 200),
    ],
)
def test_what_is_no_list_is_said_to_be_none(serve: Serve, told: bytes, status: int) -> None:
    with pytest.raises(Failed):
        releases.latest(serve(told, status, {}), Job("Look"))


def test_nobody_there_is_said_so() -> None:
    with pytest.raises(Trouble, match="Nobody answers"):
        releases.latest("http://127.0.0.1:9/releases", Job("Look"))


@pytest.mark.parametrize(
    ("older", "younger"),
    [
        ("0.9.9", "0.10.0"),
        ("1.2.0rc1", "1.2.0"),
        ("1.2.0-beta.2", "1.2.0-rc.1"),
        ("1.2", "1.2.1"),
        ("v1.2.3", "2"),
        ("1.0.0.dev5", "1.0.0a1"),
    ],
)
def test_versions_have_an_order(older: str, younger: str) -> None:
    assert newer(younger, older)
    assert not newer(older, younger)


def test_what_is_no_version_is_never_newer() -> None:
    assert order("1.2.0") == order("v1.2")
    for text in ("", "latest", "1.x", "2026-11-01", "1..2", "1.2.3.4.5"):
        assert order(text) is None
        assert not newer(text, "0.1")
    assert newest(["nightly", "v2.0.0rc1", "v1.9", "v1.10"]) == "v1.10"
    assert newest(["v2.0.0rc1"], stable=False) == "v2.0.0rc1"
    assert newest(["nightly"]) == ""
