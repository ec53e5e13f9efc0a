"""A house with runs for tests of the window: real domain objects, services that remember calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.projects import CheckoutState, Project
from aiops_desktop.domain.repositories import CheckoutStatus, FileDiff, Pick
from aiops_desktop.domain.runs import (
    Assistant,
    EventKind,
    Review,
    Run,
    RunChanged,
    RunDraft,
    RunEvent,
    RunState,
    RunUpdate,
    Usage,
)
from aiops_desktop.domain.tenants import Tenant
from aiops_desktop.domain.trouble import Missing, Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.house import House

NOW = datetime.now(UTC)
TENANT = Tenant(1, "acme", "acme", "", "#D9663D", "Ann", "ann@acme.example", NOW)
PROJECT = Project(
    7,
    1,
    "web-shop",
    "web-shop",
    "git@git.acme.example:a/web-shop.git",
    "main",
    "",
    Path("/checkouts/web-shop"),
    CheckoutState.READY,
    NOW,
)
CODEX = Assistant(
    "codex",
    "Codex",
    "codex",
    "/usr/bin/codex",
    "0.169.0",
    sandboxes=("workspace-write", "read-only"),
    resumable=True,
)
AIDER = Assistant(
    "aider",
    "Aider",
    "aider",
    reason="“aider” was not found.",
    hint="Install it with “pipx install aider-chat”.",
)
DEMO = Assistant(
    "demo",
    "Demo assistant",
    "built in",
    labelled="Demo assistant, built in: it only makes a prepared change.",
    resumable=True,
)


def a_run(id_: int = 1, state: RunState = RunState.READY, **more: Any) -> Run:
    """A run of the web shop, 22 minutes old."""
    made = Run(
        id=id_,
        project_id=7,
        tenant_id=1,
        assistant="codex",
        title="Roll out to the web hosts in batches",
        prompt="Roll out to the web hosts in batches\n\nUpdate the web hosts four at a time. Stop "
        "when a batch has failures instead of going through all hosts.",
        state=state,
        branch="assist/rollout-batches",
        base_branch="main",
        base_commit="8e41c07b" * 5,
        worktree=Path("/worktrees/1"),
        folder=Path("/runs/1"),
        operator="Ann",
        created=NOW - timedelta(minutes=22),
        usage=Usage(86_420, 52_700, 7_310, 0.38),
        added=30,
        removed=11,
        files=4,
    )
    return replace(made, **more)


@dataclass
class FakeRuns:
    """Runs in memory. `calls` are the verbs in order; `fails` what a verb raises."""

    runs: dict[int, Run] = field(default_factory=dict)
    events: dict[int, list[RunEvent]] = field(default_factory=dict)
    files: tuple[FileDiff, ...] = ()
    found: list[Assistant] = field(default_factory=lambda: [CODEX, AIDER, DEMO])
    calls: list[tuple[object, ...]] = field(default_factory=list)
    fails: dict[str, Trouble] = field(default_factory=dict)
    reads: int = 0
    before_update: Callable[[], None] = lambda: None

    def put(self, run: Run, *events: RunEvent) -> Run:
        """Add or replace a run."""
        self.runs[run.id] = run
        self.events.setdefault(run.id, []).extend(events)
        return run

    def assistants(self, project_id: int) -> list[Assistant]:
        return self.found

    def all(self, project_id: int | None = None) -> list[Run]:
        self._maybe("all")
        kept = [run for run in self.runs.values() if project_id in (None, run.project_id)]
        return sorted(kept, key=lambda run: -run.id)

    def get(self, run_id: int) -> Run:
        if run_id not in self.runs:
            raise Missing("There is no such run.")
        return self.runs[run_id]

    def update(self, run_id: int, offset: int = 0) -> RunUpdate:
        self.reads += 1
        self.before_update()
        events = self.events.get(run_id, [])
        return RunUpdate(self.get(run_id), tuple(events[offset:]), len(events))

    def start(self, draft: RunDraft, job: Job) -> RunChanged:
        self._did("start", draft)
        run = a_run(max(self.runs, default=0) + 1, RunState.WORKING, prompt=draft.prompt, title="")
        return self._changed(self.put(replace(run, assistant=draft.assistant, files=0)))

    def stop(self, run_id: int, job: Job) -> RunChanged:
        self._did("stop", run_id)
        return self._changed(replace(self.runs[run_id], state=RunState.STOPPED, finished=NOW))

    def resume(self, run_id: int, prompt: str, job: Job) -> RunChanged:
        self._did("resume", run_id, prompt)
        return self._changed(replace(self.runs[run_id], state=RunState.WORKING, finished=None))

    def review(self, run_id: int) -> Review:
        self._maybe("review")
        return Review(self.get(run_id), self.files)

    def discard(self, run_id: int, path: str, pick: Pick | None = None) -> RunChanged:
        self._did("discard", run_id, path, pick)
        return self._changed(self.runs[run_id])

    def commit(self, run_id: int, message: str, job: Job) -> RunChanged:
        self._did("commit", run_id, message)
        return self._changed(
            replace(self.runs[run_id], state=RunState.COMMITTED, commit="4d5e6f7a" * 5)
        )

    def merge(self, run_id: int, job: Job) -> RunChanged:
        self._did("merge", run_id)
        return self._changed(replace(self.runs[run_id], state=RunState.MERGED))

    def retire(self, run_id: int, job: Job, *, even_unsaved: bool = False) -> RunChanged:
        self.calls.append(("retire", run_id, even_unsaved))
        if not even_unsaved:
            self._maybe("retire")
        return self._changed(replace(self.runs[run_id], state=RunState.RETIRED))

    def _did(self, verb: str, *what: object) -> None:
        self.calls.append((verb, *what))
        self._maybe(verb)

    def _maybe(self, verb: str) -> None:
        if verb in self.fails:
            raise self.fails[verb]

    def _changed(self, run: Run) -> RunChanged:
        self.runs[run.id] = run
        return RunChanged(run, Changes(Touched.RUNS | Touched.HISTORY, run.project_id))


class Some:
    """A service of which tests need one or two answers."""

    def __init__(self, **answers: Any) -> None:
        self.__dict__.update(answers)


def fake_house(runs: FakeRuns, ahead: int = 0) -> House:
    """A house with one tenant, one project and these runs."""
    status = CheckoutStatus("main", None, "origin/main", ahead=ahead)
    made = Some(
        tenants=Some(all=lambda: [TENANT]),
        projects=Some(all=lambda: [PROJECT]),
        repositories=Some(status=lambda _id: status),
        runs=runs,
    )
    return cast(House, made)


def a_story() -> list[RunEvent]:
    """What an assistant reports while it works, as in the picture of the page."""
    command, change, said = EventKind.COMMAND, EventKind.CHANGE, EventKind.MESSAGE
    failed = "\n".join(
        [
            *(f"tests/test_{n}.py ." for n in range(27)),
            "    def test_all_hosts_are_updated(inventory):",
            '>       assert rollout("web", "v2.14.0") == 0',
            "E       TypeError: rollout() missing 2 required positional arguments",
            "1 failed, 4 passed in 1.92s",
        ]
    )
    return [
        RunEvent(EventKind.THREAD, thread="t"),
        RunEvent(said, 4, text="I read the rollout script and its tests first."),
        RunEvent(command, 11, "1", 'rg -n "rollout\\(" deploy tests', "a\n" * 9, 0, 0.1),
        RunEvent(change, 92, "2", paths=("deploy/rollout.py",)),
        RunEvent(command, 118, "3", "pytest -q tests/test_rollout.py", failed, 1, 2.4),
        RunEvent(EventKind.THOUGHT, 130, "t1", "The signature changed; callers follow."),
        RunEvent(
            said,
            140,
            text="The function now returns the failed hosts instead of their number, so main() "
            "and two tests have to follow. I give the batch size its own default in the "
            "inventory, too.",
        ),
        RunEvent(change, 161, "4", paths=("deploy/rollout.py",)),
        RunEvent(change, 185, "5", paths=("tests/test_rollout.py",)),
        RunEvent(change, 189, "6", paths=("inventories/production/group_vars/web.yml",)),
        RunEvent(EventKind.WARNING, 190, text="Model metadata for “fake-model” was not found."),
        RunEvent(command, 204, "7", "pytest -q && ansible-lint roles deploy", "ok\n" * 12, 0, 11.8),
        RunEvent(EventKind.USAGE, usage=Usage(86_420, 52_700, 7_310, 0.38)),
        RunEvent(EventKind.END, 204, ok=True),
    ]
