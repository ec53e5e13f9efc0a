"""A small stateful Semaphore on loopback, with the manners of its versions 2.10 and 2.16.

It does what servers of these versions were seen to do (docs/real-servers.md), and the contract in
tests/adapters/semaphore holds for them and for it: nulls for empty lists, empty error bodies, 400
for a missing task, stop without a body refused, overrides dropped without a word, late lines. A
task moves one step of its story each time it is asked for, so that nothing depends on the clock.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import urlsplit

TOKEN = "kb0q3x-fake-token-of-a-test-aaaaaaaaaaaaaaaa="
HTML = b"<!DOCTYPE html><html><head><title>Ansible Semaphore</title></head><body></body></html>"
FINAL = {"success", "error", "stopped", "warning"}
VERSIONS = {"2.10": "2.10.32-f33944e0-1729508592", "2.16": "2.16.0-cbd56202-1762473600"}

Step = tuple[str, Sequence[str]]
#: A status, and the lines that come with it.
GOOD: tuple[Step, ...] = (
    ("waiting", ()),
    ("starting", ("Preparing: 1",)),
    (
        "running",
        (
            "PLAY [Deploy the shop] ****",
            "TASK [app : Write the version] ****",
            "\x1b[0;33mchanged: [web1]\x1b[0m",
            "\x1b[0;32mok: [web2]\x1b[0m",
        ),
    ),
    (
        "success",
        (
            "PLAY RECAP ****",
            "web1 : ok=2    changed=1    unreachable=0    failed=0    skipped=0    rescued=0",
            "web2 : ok=2    changed=0    unreachable=0    failed=0    skipped=1    rescued=0",
        ),
    ),
)
BAD: tuple[Step, ...] = (*GOOD[:3], ("error", ("fatal: [web1]: FAILED! => no space left",)))
CONFIRM: tuple[Step, ...] = (
    *GOOD[:3],
    ("waiting_confirmation", ("Plan: 1 to add, 0 to change, 0 to destroy.",)),
    ("running", ("Going on.",)),
    ("success", ("Done.",)),
)
ENDLESS: tuple[Step, ...] = GOOD[:3]


@dataclass
class FakeTask:
    """A task and how far its story is; `ends` is what stands in its row when a stop came early."""

    row: dict[str, Any]
    story: tuple[Step, ...]
    step: int = 0
    told_final: bool = False
    stop_asked: bool = False
    ends: str = ""
    lines: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Asked:
    """What the server was asked: its own record."""

    method: str
    path: str
    body: Any
    accept: str
    authorization: str


class FakeSemaphore:
    """Start it with `with`; `url` is what a person would enter."""

    def __init__(self, profile: str = "2.10", *, under: str = "", token: str = TOKEN) -> None:
        self.profile = profile
        self.under = under
        self.token = token
        self.gated = profile != "2.10"
        self.asked: list[Asked] = []
        self.tasks: dict[int, FakeTask] = {}
        self.projects = {7: "Web shop"}
        self.story: tuple[Step, ...] = GOOD
        self.stories: dict[int, tuple[Step, ...]] = {}  # of single templates
        self.preparing = False  # a stop that comes now comes before the playbook has begun
        self.faults: list[tuple[str, str, int]] = []
        self.version: str | None = VERSIONS[profile]
        self.released = threading.Event()
        self.lock = threading.RLock()
        self.templates: dict[int, dict[str, Any]] = {}
        self.add_template(1, "Deploy the shop", "playbooks/deploy.yml")

    # What a test sets up ----------------------------------------------------------------------

    def add_template(self, number: int, name: str, playbook: str, **more: Any) -> None:
        """A template; `more` overrides its fields."""
        self.templates[number] = {
            "id": number,
            "project_id": 7,
            "name": name,
            "playbook": playbook,
            "inventory_id": 3,
            "repository_id": 1,
            "environment_id": 4,
            "arguments": None,
            "allow_override_args_in_task": False,
            "type": "deploy",
            "app": "ansible",
            "survey_vars": None,
            "vaults": [],
            "git_branch": "",
            **more,
        }

    def fail(self, kind: str, path: str = "", times: int = 1_000_000) -> None:
        """Spoil answers to paths that contain `path`: "500", "html", "null", "half", "drip" …"""
        with self.lock:
            self.faults.insert(0, (kind, path, times))

    def heal(self) -> None:
        """No more faults."""
        with self.lock:
            self.faults.clear()

    def forget(self, task: int) -> None:
        """Old tasks are removed by the server."""
        with self.lock:
            del self.tasks[task]

    def paths(self, method: str) -> list[str]:
        """The paths asked for with this method, in order."""
        return [one.path for one in self.asked if one.method == method]

    def bodies(self, end: str) -> list[Any]:
        """The bodies posted to paths with this end."""
        return [one.body for one in self.asked if one.method == "POST" and one.path.endswith(end)]

    # How it runs ------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}{self.under}"

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"server_of": self})

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = False
        self._server.block_on_close = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), name="fake-semaphore"
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    # What it answers --------------------------------------------------------------------------

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        """(status, JSON value); None as value is an empty body, NULL is null."""
        with self.lock:
            if path == "/ping":
                return 200, "pong"
            if path == "/user":
                return 200, {"id": 1, "username": "ann", "name": "Ann", "admin": False}
            if path == "/info":
                told = {"version": self.version, "ansible": "", "use_remote_runner": False}
                return (200, told) if self.version else (404, UNKNOWN)
            if path == "/projects":
                rows = [{"id": i, "name": n} for i, n in self.projects.items()]
                return 200, rows or NULL
            found = re.fullmatch(r"/project/(\d+)(/.*)?", path)
            if not found:
                return 404, UNKNOWN
            if int(found[1]) not in self.projects:
                return 404, None
            return self.in_project(method, int(found[1]), found[2] or "", body)

    def in_project(self, method: str, project: int, path: str, body: Any) -> tuple[int, Any]:
        if path == "":
            return 200, {"id": project, "name": self.projects[project]}
        if path == "/templates":
            return 200, self.list_of([self.listed(t) for t in self.templates.values()])
        if found := re.fullmatch(r"/templates/(\d+)", path):
            row = self.templates.get(int(found[1]))
            return (200, self.shaped(row)) if row else (404, None)
        if path == "/inventory":
            return 200, [
                {"id": 3, "name": "staging", "type": "static", "inventory": "web1\nweb2 secret=1"},
                {"id": 5, "name": "production", "type": "file", "inventory": "hosts"},
            ]
        if path == "/views":
            return 200, self.list_of([])
        if path == "/tasks" and method == "POST":
            return self.launch(project, body)
        if path == "/tasks/last":
            return 200, self.list_of([self.public(t) for t in reversed(self.tasks.values())])
        if found := re.fullmatch(r"/tasks/(\d+)(/\w+)?", path):
            return self.on_task(method, int(found[1]), found[2] or "", body)
        return 404, UNKNOWN

    def list_of(self, rows: list[dict[str, Any]]) -> Any:
        """2.10 writes null for an empty list with the databases that most servers have."""
        return rows or (rows if self.gated else NULL)

    def launch(self, project: int, body: Any) -> tuple[int, Any]:
        if not isinstance(body, dict) or not isinstance(body.get("template_id"), int):
            return 400, None
        template = self.templates.get(body["template_id"])
        if template is None:
            return (404 if self.gated else 500), None
        row = self.honoured(template, body)
        number = len(self.tasks) + 41
        row |= {
            "id": number,
            "template_id": template["id"],
            "project_id": project,
            "status": "waiting",
            "created": "2026-05-02T10:00:00.123456789Z",
            "start": None,
            "end": None,
            "message": body.get("message", ""),
        }
        task = FakeTask(row, self.stories.get(template["id"], self.story))
        self.tasks[number] = task
        if "environment" in body and not template["environment_id"]:
            row["status"], task.told_final = "error", True
            task.lines.append("Error: unexpected end of JSON input")
            return 500, None
        return 201, self.public(task)

    def honoured(self, template: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, Any]:
        """What of a launch has an effect; the rest is dropped without a word."""
        names = ("playbook", "environment", "commit_hash")
        row = {name: body[name] for name in names if name in body}
        if template["allow_override_args_in_task"] and "arguments" in body:
            row["arguments"] = body["arguments"]
        if not self.gated:
            for name in ("limit", "debug", "dry_run", "diff", "git_branch", "inventory_id"):
                if name in body:
                    row[name] = body[name]
            return row
        params, gate = body.get("params") or {}, template.get("task_params") or {}
        row["params"] = {k: params[k] for k in ("dry_run", "diff") if k in params}
        for name in ("limit", "tags", "skip_tags"):
            if params.get(name) and gate.get(f"allow_override_{name}"):
                row["params"][name] = params[name]
        if gate.get("allow_debug") and "debug" in params:
            row["params"]["debug"] = params["debug"]
        if gate.get("allow_override_inventory") and "inventory_id" in body:
            row["inventory_id"] = body["inventory_id"]
        if "git_branch" in body:  # 2.16 shows the gate and does not keep it
            row["git_branch"] = body["git_branch"]
        return row

    def on_task(self, method: str, number: int, verb: str, body: Any) -> tuple[int, Any]:
        task = self.tasks.get(number)
        if task is None:
            return 400, None
        if verb == "":
            self.move(task)
            return 200, self.public(task)
        if verb == "/output":
            rows: list[dict[str, Any]] = [
                {
                    "task_id": number,
                    "time": f"2026-05-02T10:00:{n // 2 % 60:02d}.5Z",
                    "output": line,
                    **({"id": 0} if self.gated else {"task": ""}),
                }
                for n, line in enumerate(task.lines)
            ]
            return 200, self.list_of(rows)
        if verb == "/stop" and method == "POST":
            return self.stop(task, body)
        if verb == "/confirm" and method == "POST":
            if task.row["status"] in FINAL:
                return 400, None
            if task.row["status"] != "waiting_confirmation":
                task.ends = "confirmed"  # taken all the same, and never left again
            task.row["status"] = "confirmed"
            return 204, None
        return 404, UNKNOWN

    def stop(self, task: FakeTask, body: Any) -> tuple[int, Any]:
        if not isinstance(body, dict):
            return 400, None
        if task.row["status"] in FINAL:
            task.row["status"] = "stopped"  # the end is rewritten
            return 204, None
        if task.row["status"] == "waiting_confirmation" and not body.get("force"):
            task.ends = "waits"  # it goes on waiting, under another name
        elif self.preparing and not self.gated:
            task.ends = "stopping"  # nothing is there yet that could be ended
        task.stop_asked = True
        task.row["status"] = "stopped" if body.get("force") else "stopping"
        return 204, None

    def move(self, task: FakeTask) -> None:
        """One step of the story; the end comes in two updates, with lines after it."""
        row = task.row
        if row["status"] in FINAL:
            if task.told_final:
                row["end"] = row["end"] or "2026-05-02T10:01:00Z"
                task.lines += task.late
                task.late = []
            task.told_final = True
            return
        if row["status"] == "stopping" and not task.ends:
            row["status"] = "stopped" if self.gated or not row["start"] else "error"
            task.told_final = True
            return
        if row["status"] == "waiting_confirmation" or task.ends == "waits":
            return
        if task.step >= len(task.story):
            return
        status, lines = task.story[task.step]
        task.step += 1
        if task.ends:
            task.lines += lines
            row["end"] = "2026-05-02T10:01:00Z" if status in FINAL else None
            return
        row["status"] = status
        if status == "running":
            row["start"] = row["start"] or "2026-05-02T10:00:01+00:00"
        if status in FINAL:
            task.late, task.told_final = list(lines), True
        else:
            task.lines += lines

    def shaped(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Newer servers leave false and null away."""
        if not self.gated:
            return dict(row)
        return {name: value for name, value in row.items() if value not in (None, False, "", [])}

    def listed(self, row: Mapping[str, Any]) -> dict[str, Any]:
        last = [t for t in self.tasks.values() if t.row["template_id"] == row["id"]]
        listed = {**self.shaped(row), "last_task": self.public(last[-1]) if last else None}
        return listed if self.gated else {**listed, "survey_vars": None, "vaults": None}

    def public(self, task: FakeTask) -> dict[str, Any]:
        if self.gated:
            told = {name: value for name, value in task.row.items() if value is not None}
            return {**told, "limit": ""}
        return dict(task.row)


NULL = object()
#: What answers where no verb of the interface is.
UNKNOWN = object()


class _Handler(BaseHTTPRequestHandler):
    server_of: FakeSemaphore
    protocol_version = "HTTP/1.1"
    timeout = 10

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._serve("GET")

    def do_POST(self) -> None:
        self._serve("POST")

    def _serve(self, method: str) -> None:
        fake = self.server_of
        self.close_connection = True
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            body = json.loads(raw) if raw else None
        except ValueError:
            body = raw
        path = urlsplit(self.path).path.rstrip("/")
        accept = self.headers.get("Accept", "")
        authorization = self.headers.get("Authorization", "")
        fake.asked.append(Asked(method, path, body, accept, authorization))
        prefix = f"{fake.under}/api"
        if not path.startswith(prefix):
            self._send(200, HTML, "text/html; charset=utf-8")
            return
        path = path.removeprefix(prefix)
        if fault := self._fault(path):
            self._spoil(fault, method, path, body)
            return
        if path != "/ping" and authorization.lower() != f"bearer {fake.token}".lower():
            self._send(401, b"")
            return
        status, value = fake.answer(method, path, body)
        if path == "/ping":
            self._send(200, b"pong", "text/plain; charset=utf-8")
        elif value is UNKNOWN:
            self._send(status, b"Not Found\n", "text/plain; charset=utf-8")
        elif value is None:
            self._send(status, b"")
        else:
            self._send(status, json.dumps(None if value is NULL else value).encode())

    def _fault(self, path: str) -> str:
        fake = self.server_of
        with fake.lock:
            for n, (kind, part, times) in enumerate(fake.faults):
                if part in path and times > 0:
                    fake.faults[n] = (kind, part, times - 1)
                    return kind
        return ""

    def _spoil(self, kind: str, method: str, path: str, body: Any) -> None:
        fake = self.server_of
        if kind.isdecimal():
            self._send(int(kind), b"")
        elif kind == "word":
            self._send(500, b'{"message": "The database is on holiday"}')
        elif kind == "html":
            self._send(200, HTML, "text/html; charset=utf-8")
        elif kind == "null":
            self._send(200, b"null")
        elif kind == "half":
            fake.answer(method, path, body)
            self._send(200, b'{"id": 41, "status": "runn', length=4000)
        elif kind == "broken":
            self._send(200, b'{"id": 41, "status": "runn')
        elif kind == "did":
            fake.answer(method, path, body)  # carried out, and then the answer is lost
            self._send(500, b"")
        elif kind == "redirect":
            self.send_response(302)
            self.send_header("Location", "https://elsewhere.example/auth/login")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif kind == "nothing":
            fake.released.wait(30)
        elif kind == "drip":
            self._drip()

    def _drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        for _ in range(600):
            try:
                self.wfile.write(b" ")
                self.wfile.flush()
            except OSError:
                return
            if self.server_of.released.wait(0.05):
                return

    def _send(
        self, status: int, data: bytes, kind: str = "application/json", length: int | None = None
    ) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            if status != 204:
                self.send_header("Content-Length", str(length or len(data)))
            self.end_headers()
            self.wfile.write(data)
        except OSError:
            pass  # whoever asked has gone
