"""A small honest house for the git pages: real domain objects, verbs that are written down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aiops_desktop.domain.changes import Changes, Done, Touched
from aiops_desktop.domain.events import Event, EventFilter, Known, Outcome
from aiops_desktop.domain.integrations import Integration
from aiops_desktop.domain.issues import SyncState
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import CheckoutState, Project
from aiops_desktop.domain.repositories import (
    CheckoutStatus,
    Cloned,
    Commit,
    Committed,
    Discarded,
    FileChange,
    FileDiff,
    FileState,
    Identity,
    Pick,
    Pulled,
    Pushed,
    PushPlan,
)
from aiops_desktop.domain.settings import Settings
from aiops_desktop.domain.tenants import Tenant
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.house import House
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.page import Page
from aiops_desktop.ui.theme import Theme
from tests.support.diffs import diff_of

NOW = datetime.now(UTC)
BOTH = Changes(Touched.WORKDIR | Touched.REFS | Touched.HISTORY, 1)


def ago(**parts: float) -> datetime:
    """A moment so long ago."""
    return NOW - timedelta(**parts)


HEAD = Commit(
    "8e41c07b" + "0" * 32,
    "Retry checkout when the voucher service is slow",
    "",
    "Ann",
    "ann@acme.example",
    ago(minutes=18),
    4,
    86,
    12,
)
OLDER = Commit(
    "91fe02d3" + "0" * 32, "Back off between retries", "", "Ann", "ann@acme.example",
    ago(minutes=47), 2, 31, 4,
)  # fmt: skip
ACME = Tenant(1, "acme", "acme", "", "#D9663D", "Ann", "ann@acme.example", NOW)
IDENTITY = Identity(
    "Ann <ann@acme.example>",
    "acme-deploy",
    "The tenant's first key.",
    "git.acme.example",
    datetime(NOW.year, 3, 4, tzinfo=UTC),
)
STAGED = (
    FileChange("roles/web/tasks/health.yml", FileState.MODIFIED, True, added=9, removed=3),
    FileChange("maintenance.html.j2", FileState.ADDED, True, added=24, removed=0),
)
CHANGED = (
    FileChange("deploy/health.py", FileState.MODIFIED, added=2, removed=2),
    FileChange("inventories/production/group_vars/web.yml", FileState.MODIFIED, added=4, removed=1),
    FileChange("tests/test_health.py", FileState.RENAMED, old_path="tests/health.py", added=31,
               removed=6),
    FileChange("deploy/wait_for_host_until_it_is_healthy.sh", FileState.DELETED, added=0,
               removed=22),
    FileChange("docs/rollout.md", FileState.UNTRACKED, added=40, removed=0),
)  # fmt: skip
BEFORE = "TIMEOUT = 30\nINTERVAL = 2\n\n\ndef wait(host):\n    return probe(host)\n"
AFTER = "TIMEOUT = 120\nFIRST = 0.5\n\n\ndef wait(host):\n    return probe(host)\n"
CLEAN = CheckoutStatus("main", HEAD, "origin/main")
DIRTY = CheckoutStatus("main", HEAD, "origin/main", 2, 0, STAGED, CHANGED)


def project(state: CheckoutState = CheckoutState.READY, number: int = 1, **more: Any) -> Project:
    """The project web-shop."""
    return Project(
        number, 1, "web-shop", "web-shop", "git@git.acme.example:shop/web-shop.git", "main", "",
        Path("/home/ann/acme/web-shop"), state, NOW, **more,
    )  # fmt: skip


@dataclass
class Repositories:
    """Answers what it was given; `calls` are the verbs that were asked for."""

    state: CheckoutStatus | Trouble = field(default_factory=lambda: DIRTY)
    calls: list[tuple[object, ...]] = field(default_factory=list)
    problem: Trouble | None = None
    before: str = BEFORE
    after: str = AFTER
    text: str = ""
    identity_: Identity = IDENTITY

    def status(self, project_id: int) -> CheckoutStatus:
        if isinstance(self.state, Trouble):
            raise self.state
        return self.state

    def identity(self, project_id: int) -> Identity:
        return self.identity_

    def diff(self, project_id: int, path: str, *, staged: bool) -> FileDiff:
        return diff_of(path, self.before, self.after)

    def log(
        self, project_id: int, *, limit: int = 50, since: str = "", ref: str = "HEAD"
    ) -> list[Commit]:
        return [OLDER] if since else [HEAD, OLDER]

    def branches(self, project_id: int) -> tuple[str, ...]:
        return ("main", "release/2.14", "try-redis")

    def readme(self, project_id: int) -> tuple[str, str]:
        return ("README.md", self.text) if self.text else ("", "")

    def push_plan(self, project_id: int) -> PushPlan:
        self._note("push_plan")
        return PushPlan(
            "main", "origin", "git@git.acme.example:shop/web-shop.git", "b07c91ae" + "0" * 32,
            HEAD.id, (HEAD, OLDER), self.identity_,
            "git push --porcelain origin 8e41c07b:refs/heads/main", False, True,
        )  # fmt: skip

    def commit(self, project_id: int, message: str, job: Job, *, amend: bool = False) -> Committed:
        self._note("commit", message, amend)
        return Committed(HEAD, BOTH)

    def push(self, project_id: int, job: Job, *, lease: str = "") -> Pushed:
        self._note("push", lease)
        return Pushed("main", "origin", OLDER.id, HEAD.id, 2, BOTH)

    def pull(self, project_id: int, job: Job, *, how: str = "ff-only") -> Pulled:
        self._note("pull", how)
        return Pulled("fast-forward", 3, OLDER.id, HEAD.id, BOTH)

    def clone(self, project_id: int, job: Job) -> Cloned:
        self._note("clone")
        return Cloned(Path("/home/ann/acme/web-shop"), "main", 1.5, BOTH)

    def fetch(self, project_id: int, job: Job) -> Done:
        self._note("fetch")
        return Done(BOTH)

    def switch(self, project_id: int, branch: str, job: Job) -> Done:
        self._note("switch", branch)
        return Done(BOTH)

    def stage(self, project_id: int, paths: list[str]) -> Done:
        self._note("stage", *paths)
        return Done(BOTH)

    def unstage(self, project_id: int, paths: list[str]) -> Done:
        self._note("unstage", *paths)
        return Done(BOTH)

    def discard(self, project_id: int, paths: list[str]) -> Discarded:
        self._note("discard", *paths)
        return Discarded("token-1", tuple(paths), BOTH)

    def stage_part(self, project_id: int, diff: FileDiff, pick: Pick) -> Done:
        self._note("stage_part", diff.path, dict(pick))
        return Done(BOTH)

    def unstage_part(self, project_id: int, diff: FileDiff, pick: Pick) -> Done:
        self._note("unstage_part", diff.path, dict(pick))
        return Done(BOTH)

    def discard_part(self, project_id: int, diff: FileDiff, pick: Pick) -> Discarded:
        self._note("discard_part", diff.path, dict(pick))
        return Discarded("token-2", (diff.path,), BOTH)

    def restore(self, project_id: int, token: str) -> Done:
        self._note("restore", token)
        return Done(BOTH)

    def _note(self, *call: object) -> None:
        self.calls.append(call)
        if self.problem is not None:
            problem, self.problem = self.problem, None
            raise problem


@dataclass
class Listed:
    """A service that only lists."""

    items: list[Any] = field(default_factory=list)

    def all(self, *_which: object) -> list[Any]:
        return list(self.items)


@dataclass
class History:
    """Events from a list, filtered as far as the page needs it."""

    events: list[Event] = field(default_factory=list)
    asked: list[EventFilter] = field(default_factory=list)

    def all(self, wanted: EventFilter) -> list[Event]:
        self.asked.append(wanted)
        return [
            event
            for event in self.events
            if wanted.text.casefold() in f"{event.verb} {event.subject} {event.note}".casefold()
            and wanted.actor in ("", event.actor)
            and wanted.verb in ("", event.verb)
            and wanted.outcome in (None, event.outcome)
            and (wanted.since is None or event.started >= wanted.since)
            and wanted.subject in ("", event.subject)
            and (wanted.before is None or event.id > wanted.before)  # theirs count upwards
        ][: wanted.limit]

    def get(self, event_id: int) -> Event:
        return next(event for event in self.events if event.id == event_id)

    def count(self, wanted: EventFilter) -> int:
        return len(self.all(wanted))

    def known(self) -> Known:
        actors = sorted({event.actor for event in self.events})
        return Known(tuple(actors), tuple(sorted({event.verb for event in self.events})))

    def exported(self, wanted: EventFilter, kind: str) -> Iterator[str]:
        yield f"{kind} of "
        yield str(len(self.all(wanted)))


class Defaults:
    """Settings that nobody changed."""

    def current(self) -> Settings:
        return Settings()


@dataclass
class Linked:
    """Integrations and the syncs of their links; `issues` and `integrations` at once."""

    links: list[tuple[Integration, SyncState]] = field(default_factory=list)

    def syncs(self, *, project_id: int) -> list[SyncState]:
        return [sync for _one, sync in self.links if sync.project_id == project_id]

    def get(self, integration_id: int) -> Integration:
        return next(one for one, _sync in self.links if one.id == integration_id)


@dataclass
class FakeHouse:
    """The services the git pages use."""

    layout: Layout
    repositories: Repositories = field(default_factory=Repositories)
    history: History = field(default_factory=History)
    runs: Listed = field(default_factory=Listed)
    deployments: Listed = field(default_factory=Listed)
    tenants: Listed = field(default_factory=lambda: Listed([ACME]))
    projects: Listed = field(default_factory=lambda: Listed([project()]))
    settings: Defaults = field(default_factory=Defaults)
    linked: Linked = field(default_factory=Linked)

    @property
    def issues(self) -> Linked:
        """How syncs stand."""
        return self.linked

    @property
    def integrations(self) -> Linked:
        """Of which integrations."""
        return self.linked

    @property
    def house(self) -> House:
        """As the desk wants it."""
        return cast("House", self)


def event(
    number: int, verb: str, subject: str, outcome: Outcome = Outcome.DONE, **more: Any
) -> Event:
    """A row of the history."""
    given: dict[str, Any] = {
        "started": ago(minutes=number * 17), "actor": "Ann", "project_id": 1, "tenant_id": 1,
        "seconds": 1.2, **more,
    }  # fmt: skip
    return Event(number, verb=verb, subject=subject, outcome=outcome, **given)


@lru_cache(maxsize=1)
def theme() -> Theme:
    """One theme for all tests of a process: dressing the application takes a while."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return Theme(app, "light")


def make_desk(layout: Layout, house: FakeHouse | None = None) -> Desk:
    """A desk with the project web-shop shown, and its house open."""
    made = Desk(layout, theme())
    given = house or FakeHouse(layout)
    made.open_house(given.house)
    made.tenants = {ACME.id: ACME}
    made.projects = {one.id: one for one in given.projects.items}
    made.select(1)
    return made


def shown(qtbot: QtBot, desk: Desk, page: Page, width: int = 1100, height: int = 700) -> None:
    """Show a page of the project, and wait until it has read what it shows."""
    qtbot.addWidget(page)
    page.resize(width, height)
    page.show_project(desk.project)
    page.show()
    qtbot.waitExposed(page)
    idle(qtbot, desk)


def idle(qtbot: QtBot, desk: Desk) -> None:
    """Wait until no job works, nothing is on its way to the window, and no timer rests."""
    quiet = 0

    def look() -> None:
        nonlocal quiet
        quiet = 0 if desk.runner.busy else quiet + 1
        assert quiet > 8

    qtbot.waitUntil(look)
