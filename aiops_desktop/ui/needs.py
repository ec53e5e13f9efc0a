"""What needs the person: waiting runs, conflicts, failed work, tokens that end, open banners."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.states import (
    AttentionKind,
    CheckoutState,
    DeploymentState,
    RunState,
    SessionState,
)
from aiops_desktop.ui.text import counted, tr

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiops_desktop.domain.deployments import Deployment
    from aiops_desktop.domain.integrations import Integration
    from aiops_desktop.domain.issues import SyncState
    from aiops_desktop.domain.projects import Project
    from aiops_desktop.domain.runs import Run
    from aiops_desktop.domain.sessions import Attention, Inventory
    from aiops_desktop.ui.desk import Desk


#: Syncs of a link that fail in a row before somebody is called: the first may be a network's fault.
TRIES = 2


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that waits for the person, and the page where it is dealt with.

    `project_id` is 0 for what belongs to no project; its page is one of all tenants then.
    """

    icon: str
    text: str
    project_id: int
    page: str
    argument: object = None
    since: datetime | None = None


_RUNS = {
    RunState.WAITING: ("hourglass-medium", "{name}: answer “{title}”"),
    RunState.READY: ("eye", "{name}: review “{title}”"),
    RunState.FAILED: ("x-circle", "{name}: run failed, “{title}”"),
    RunState.INTERRUPTED: ("warning-circle", "{name}: run cut off, “{title}”"),
}
_WINDOWS = {
    AttentionKind.WAITING: ("hourglass-medium", "{name}: “{window}” waits for you"),
    AttentionKind.BELL: ("bell-ringing", "{name}: the bell rang in “{window}”"),
}


class Needs(QObject):
    """Gathers needs from what the desk knows; `changed` tells that `all` is another list now."""

    changed = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.all: tuple[Need, ...] = ()
        #: Project id → its last deployment, as last read.
        self.deployments: dict[int, Deployment] = {}
        #: Integrations, and the syncs of links, as last read.
        self.integrations: tuple[list[Integration], list[SyncState]] = ([], [])
        #: Project id → words of the banner above its pages; kept by the notices.
        self.banners: dict[int, str] = {}
        #: (Tenant id, window) → what waits in a terminal; ends when its state is another.
        self.windows: dict[tuple[int, str], Need] = {}
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(50)
        self._soon.timeout.connect(self._gather)
        desk.loaded.connect(self._soon.start)
        desk.status_changed.connect(lambda _id: self._soon.start())
        desk.changed.connect(self._look)
        desk.opened.connect(self._read)
        desk.opened.connect(self._read_integrations)
        desk.attention.connect(self._attend)

    def again(self) -> None:
        """Gather soon."""
        self._soon.start()

    def of(self, project_id: int) -> list[Need]:
        """Those of a project."""
        return [need for need in self.all if need.project_id == project_id]

    def _look(self, changes: Changes) -> None:
        if changes.touched & Touched.DEPLOYMENTS:
            self._read()
        if changes.touched & (Touched.INTEGRATIONS | Touched.ISSUES):
            self._read_integrations()
        if changes.touched & Touched.SESSIONS and self.windows:
            self._read_windows()

    def _attend(self, told: Attention) -> None:
        """A terminal wants to be looked at; an assist run's own need says more than its window."""
        project = self._desk.projects.get(told.project_id or 0)
        if project is None or told.run_id is not None or told.kind not in _WINDOWS:
            return
        terminals = self._desk.terminals
        pane = terminals.find(told.tenant_id, told.window) if terminals else None
        if pane is not None and pane.seen:
            return
        icon, words = _WINDOWS[told.kind]
        said = tr(words, name=project.name, window=told.name or told.session)
        need = Need(icon, said, project.id, "terminal", ("window", told.window), datetime.now(UTC))
        self.windows.setdefault((told.tenant_id, told.window), need)
        self._soon.start()

    def _read_windows(self) -> None:
        """Forget those that do not wait any more."""
        house = self._desk.house

        def show(found: Inventory) -> None:
            loud = {
                (session.tenant_id, window.id)
                for session in found.sessions
                for window in session.windows
                if window.state in (SessionState.WAITING, SessionState.BELL)
            }
            kept = {key: need for key, need in self.windows.items() if key in loud}
            if kept != self.windows:
                self.windows = kept
                self._gather()

        self._desk.read(lambda _job: house.sessions.inventory(), show, lane="waiting windows")

    def _read(self) -> None:
        house = self._desk.house

        def show(found: list[Deployment]) -> None:
            newest: dict[int, Deployment] = {}
            for deployment in found:
                newest.setdefault(deployment.project_id, deployment)
            self.deployments = newest
            self._gather()

        self._desk.read(lambda _job: house.deployments.all(), show, lane="deployments")
        self._desk.refresh_runs()

    def _read_integrations(self) -> None:
        house = self._desk.house

        def show(found: tuple[list[Integration], list[SyncState]]) -> None:
            self.integrations = found
            self._gather()

        self._desk.read(
            lambda _job: (house.integrations.all(), house.issues.syncs()), show, lane="tokens"
        )

    def _gather(self) -> None:
        desk = self._desk
        made: list[Need] = []
        for run in _latest(desk.living_runs):
            project = desk.projects.get(run.project_id)
            if project and run.state in _RUNS:
                icon, words = _RUNS[run.state]
                since = run.finished or run.created
                said = tr(words, name=project.name, title=_cut(run.title or run.prompt))
                made.append(Need(icon, said, project.id, "runs", run.id, since))
        for project in desk.projects.values():
            made += self._of_checkout(project)
        for project_id, deployment in self.deployments.items():
            found = desk.projects.get(project_id)
            if found:
                made += _of_deployment(found, deployment)
        made += _of_integrations(*self.integrations)
        made += [need for need in self.windows.values() if need.project_id in desk.projects]
        now = tuple(made)
        if now != self.all:
            self.all = now
            self.changed.emit()

    def _of_checkout(self, project: Project) -> list[Need]:
        made: list[Need] = []
        status = self._desk.status_of(project.id)
        if status and status.conflicts:
            words = counted(
                len(status.conflicts),
                "{name}: {n} conflict",
                "{name}: {n} conflicts",
                name=project.name,
            )
            made.append(Need("warning-circle", words, project.id, "changes"))
        if project.state is CheckoutState.FAILED:
            words = tr("{name}: clone failed", name=project.name)
            made.append(Need("x-circle", words, project.id, "overview"))
        if project.id in self.banners:
            words = tr("{name}: {what}", name=project.name, what=self.banners[project.id])
            made.append(Need("warning-circle", words, project.id, ""))
        return made


def _of_integrations(integrations: Iterable[Integration], syncs: Iterable[SyncState]) -> list[Need]:
    """Tokens that end or are refused, and links that do not sync although their token is good."""
    from aiops_desktop.domain.integrations import IntegrationState  # not before the first paint

    made, bad, now = [], set(), datetime.now(UTC)
    for one in integrations:
        state, renew = one.state(now), ("token", one)
        if state is IntegrationState.EXPIRED:
            words = tr("Token expired: {name}", name=one.name)
            made.append(Need("x-circle", words, 0, "integrations", renew, one.expires))
        elif state is IntegrationState.TROUBLE:
            words = tr("{name}: {what}", name=one.name, what=_cut(one.what))
            made.append(Need("x-circle", words, 0, "integrations", one.id))
        elif state is IntegrationState.EXPIRING and one.expires is not None:
            words = counted(
                (one.expires - now).days,
                "Token ends in {n} day: {name}",
                "Token ends in {n} days: {name}",
                name=one.name,
            )
            made.append(Need("calendar-blank", words, 0, "integrations", renew))
            continue
        else:
            continue
        bad.add(one.id)
    for sync in syncs:
        if sync.failures >= TRIES and sync.integration_id not in bad:
            words = tr("Issues do not sync: {title}", title=sync.title)
            made.append(Need("link-break", words, sync.project_id, "issues", None, sync.synced))
    return made


def _cut(title: str) -> str:
    """As much of it as a menu may be wide."""
    line = title.strip().partition("\n")[0]
    return line if len(line) <= 60 else f"{line[:59].rstrip()}…"


def _latest(runs: list[Run]) -> list[Run]:
    """Waiting and reviewable runs, and failed ones only while nothing newer was tried."""
    newest: dict[int, int] = {}
    for run in runs:
        newest[run.project_id] = max(newest.get(run.project_id, 0), run.id)
    loud = {RunState.WAITING, RunState.READY}
    return [run for run in runs if run.state in loud or newest[run.project_id] == run.id]


def _of_deployment(project: Project, deployment: Deployment) -> list[Need]:
    at = deployment.finished or deployment.created
    if deployment.state is DeploymentState.CONFIRMING:
        words = tr("{name}: deployment asks you to confirm", name=project.name)
        return [Need("hourglass-medium", words, project.id, "deploy", deployment.id, at)]
    if deployment.state in {DeploymentState.ERROR, DeploymentState.LOST}:
        words = tr("{name}: deployment failed", name=project.name)
        return [Need("x-circle", words, project.id, "deploy", deployment.id, at)]
    return []
