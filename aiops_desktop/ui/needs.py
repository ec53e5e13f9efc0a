"""What needs the person: waiting runs, conflicts, failed clones and deployments, open banners."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.deployments import Deployment, DeploymentState
from aiops_desktop.domain.projects import CheckoutState, Project
from aiops_desktop.domain.repositories import CheckoutStatus
from aiops_desktop.domain.runs import Run, RunState
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.text import counted, tr


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that waits for the person, and the page where it is dealt with."""

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


class Needs(QObject):
    """Gathers needs from what the desk knows; `changed` tells that `all` is another list now."""

    changed = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.all: tuple[Need, ...] = ()
        #: Project id → its last deployment, as last read.
        self.deployments: dict[int, Deployment] = {}
        #: Project id → words of the banner above its pages; kept by the notices.
        self.banners: dict[int, str] = {}
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(50)
        self._soon.timeout.connect(self._gather)
        desk.loaded.connect(self._soon.start)
        desk.status_changed.connect(lambda _id: self._soon.start())
        desk.changed.connect(self._look)
        desk.opened.connect(self._read)

    def again(self) -> None:
        """Gather soon."""
        self._soon.start()

    def of(self, project_id: int) -> list[Need]:
        """Those of a project."""
        return [need for need in self.all if need.project_id == project_id]

    def _look(self, changes: Changes) -> None:
        if changes.touched & Touched.DEPLOYMENTS:
            self._read()

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
        now = tuple(made)
        if now != self.all:
            self.all = now
            self.changed.emit()

    def _of_checkout(self, project: Project) -> list[Need]:
        made: list[Need] = []
        status = self._desk.statuses.get(project.id)
        if isinstance(status, CheckoutStatus) and status.conflicts:
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
