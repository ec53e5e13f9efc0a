"""The Overview page: what needs me, where the project stands, what happened, its README."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QShowEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStackedWidget, QWidget

from aiops_desktop.domain.changes import Touched
from aiops_desktop.domain.deployments import Deployment
from aiops_desktop.domain.events import Event, EventFilter, Outcome
from aiops_desktop.domain.integrations import Integration
from aiops_desktop.domain.issues import SyncState
from aiops_desktop.domain.repositories import CheckoutStatus
from aiops_desktop.domain.runs import Run
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.actions import git
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.layout import (
    HEAD,
    MARGIN,
    ROW,
    STRETCH,
    bar,
    clear,
    hbox,
    hline,
    holder,
    label,
    scroller,
    vbox,
    vline,
)
from aiops_desktop.ui.parts.markdown import Markdown
from aiops_desktop.ui.parts.notice import trouble_banner
from aiops_desktop.ui.parts.page import Page
from aiops_desktop.ui.parts.rows import Row, Rows
from aiops_desktop.ui.text import age, from_home, moment, tr
from aiops_desktop.ui.theme import BODY, SMALL, ui_font
from aiops_desktop.ui.views import told
from aiops_desktop.ui.views.overview.absent import Absent
from aiops_desktop.ui.views.overview.facts import facts
from aiops_desktop.ui.views.overview.parts import Facts, need_row
from aiops_desktop.ui.views.overview.steps import Step, needs, steps

T = TypeVar("T")

#: Rows of the activity list.
ACTIVITY = 6


@dataclass(frozen=True)
class Seen:
    """What the page reads beside the status."""

    readme: tuple[str, str] = ("", "")
    events: tuple[Event, ...] = ()
    runs: tuple[Run, ...] = ()
    deployment: Deployment | None = None
    links: tuple[tuple[Integration, SyncState], ...] = ()
    troubles: tuple[Trouble, ...] = field(default=())


class OverviewPage(Page):
    """A project at a glance. Its head holds the next sensible steps, the primary one last."""

    interest = (
        Touched.WORKDIR
        | Touched.REFS
        | Touched.RUNS
        | Touched.DEPLOYMENTS
        | Touched.HISTORY
        | Touched.PROJECTS
        | Touched.ISSUES
        | Touched.INTEGRATIONS
    )

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._seen = Seen()
        self._steps: tuple[Step, ...] | None = None
        self._shown: object = None
        self.buttons: list[QPushButton] = []
        self._name = Elided("", "title")
        self._path = Elided("", "mono-muted")
        self._acts = hbox(gap=8)
        head = bar(self._name, self._path, STRETCH, holder(self._acts), height=HEAD)
        self._strip = vbox(gap=0)
        self._absent = Absent(desk)
        self._stack = QStackedWidget()
        self._stack.addWidget(scroller(self._build()))
        self._stack.addWidget(self._absent)
        self.body.addWidget(head)
        self.body.addWidget(hline())
        self.body.addLayout(self._strip)
        self.body.addWidget(self._stack, 1)
        desk.status_changed.connect(self._status_changed)
        desk.jobs.listed.connect(self._jobs_changed)

    def _build(self) -> QWidget:
        self._needs_count = label("", "small")
        self._need_rows = vbox(gap=0)
        self._needs = holder(
            vbox(
                _section(tr("Needs you"), self._needs_count),
                self._need_rows,
                gap=0,
                margins=(0, 8, 0, 12),
            )
        )
        self._needs_line = hline()
        self._facts = Facts()
        self.activity = Rows(
            self.desk.theme, paint=self._paint_event, name=self._event_name, key=_event_key
        )
        self.activity.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.activity.opened.connect(lambda item: self.desk.go("history", _event_key(item)))
        self.activity.setAccessibleName(tr("Activity"))
        self._quiet = label(tr("Nothing has happened here yet."), "muted")
        self._quiet.setContentsMargins(MARGIN, 4, 0, 0)
        left = _half(_section(tr("Project")), self._facts)
        right = _half(_section(tr("Activity")), self.activity, self._quiet)
        middle = holder(hbox((left, 1), vline(), (right, 1), gap=0))
        self._readme_name = label("", "section")
        self.readme = Markdown(self.desk.theme)
        text = hbox((self.readme, 20), STRETCH, margins=(MARGIN, 4, MARGIN, 16))
        head = holder(hbox(self._readme_name, margins=(MARGIN, 0, MARGIN, 0)), height=28)
        self._readme = holder(vbox(hline(), 8, head, text, gap=0))
        return holder(
            vbox(self._needs, self._needs_line, middle, self._readme, STRETCH, gap=0), "surface"
        )

    # Reading ---------------------------------------------------------------------------------

    def ask(self) -> Callable[[Job], Seen]:
        """Everything but the status, which the desk reads for all pages."""
        project, house = self.project, self.desk.house
        if project is None:
            return lambda _job: Seen()
        number, cloned = project.id, self.desk.cloned

        def work(_job: Job) -> Seen:
            troubles: list[Trouble] = []

            def tried(call: Callable[[], T], otherwise: T) -> T:
                try:
                    return call()
                except Trouble as trouble:  # one part that cannot be read leaves the others
                    troubles.append(trouble)
                    return otherwise

            def links() -> list[tuple[Integration, SyncState]]:
                syncs = house.issues.syncs(project_id=number)
                return [(house.integrations.get(one.integration_id), one) for one in syncs]

            wanted = EventFilter(project_id=number, limit=40)
            nothing: list[Deployment] = []
            deployments = tried(lambda: house.deployments.all(number), nothing)
            return Seen(
                tried(lambda: house.repositories.readme(number), ("", "")) if cloned else ("", ""),
                tuple(tried(lambda: house.history.all(wanted), [])),
                tuple(tried(lambda: house.runs.all(number), [])),
                next(iter(deployments), None),
                tuple(tried(links, [])),
                tuple(troubles),
            )

        return work

    def fill(self, data: Seen) -> None:
        """Show what was read."""
        self._seen = data
        self._show()

    def switched(self) -> None:
        """Nothing of the other project stays."""
        self._seen = Seen()
        self._show()

    def show_project(self, project: object) -> None:
        """The status is read again, too: the person looks."""
        super().show_project(project)  # type: ignore[arg-type]  # as the base
        self._show()

    def refresh(self) -> None:
        """Read again, the status as well when somebody looks."""
        super().refresh()
        if self.isVisible() and self.project and self.desk.ready and self.desk.cloned:
            self.desk.refresh_status(self.project.id)

    def primary(self) -> None:
        """Ctrl+Enter: the head's last button."""
        if self._steps and self.buttons and self.buttons[-1].isEnabled():
            self.buttons[-1].click()
        elif self.project and not self.desk.cloned and not self.desk.busy(self.project.id):
            git.clone(self.desk)

    # Showing ---------------------------------------------------------------------------------

    def _status_changed(self, project_id: int) -> None:
        if self.isVisible() and self.project and project_id in (self.project.id, 0):
            self._show()

    def _jobs_changed(self) -> None:
        if self.isVisible():
            self._show_head()

    def showEvent(self, event: QShowEvent) -> None:
        """What changed while nobody looked."""
        self._show()
        super().showEvent(event)

    def _show_head(self) -> None:
        """Name, steps, and how far the clone is."""
        project = self.project
        if project is None:
            return
        self._name.setText(project.name)
        self._name.setMinimumWidth(min(160, self._name.sizeHint().width()))
        self._path.setText(from_home(project.checkout))
        self._path.setToolTip(str(project.checkout))
        self._show_steps()
        if not self.desk.cloned:
            self._absent.show_project(project, self.desk.busy(project.id))
        self._stack.setCurrentIndex(0 if self.desk.cloned else 1)

    def _show(self) -> None:
        project = self.project
        if project is None:
            return
        self._show_head()
        found = self.desk.statuses.get(project.id) if self.desk.cloned else None
        now = (project, self._seen, found, self.desk.cloned)
        if now == self._shown:
            return  # rebuilding would take the focus away
        self._shown = now
        self._show_trouble(found if isinstance(found, Trouble) else None)
        status = found if isinstance(found, CheckoutStatus) else None
        run = self._seen.runs[0] if self._seen.runs else None
        self._facts.show_facts(facts(self.desk, project, status, run, self._seen.deployment))
        self._show_needs()
        events = self._seen.events[:ACTIVITY]
        self.activity.show_rows(events)
        self.activity.setFixedHeight(ROW * max(1, len(events)))
        self.activity.setVisible(bool(events))
        self._quiet.setVisible(not events)
        name, text = self._seen.readme
        self._readme.setVisible(bool(text.strip()))
        self._readme_name.setText(name)
        self.readme.show_text(name, text)

    def _show_steps(self) -> None:
        here = self.desk.project == self.project
        wanted = steps(self.desk, self._seen.events) if here else ()
        if wanted == self._steps:
            return
        self._steps = wanted
        clear(self._acts)
        self.buttons = []
        for step in wanted:
            button = self.kit.button(
                step.title, step.icon, partial(self._press, step), primary=step.primary
            )
            button.setEnabled(not step.reason)
            button.setToolTip(step.reason)
            self.buttons.append(button)
            self._acts.addWidget(button)

    def _press(self, step: Step) -> None:
        if step.id.startswith("page:"):
            self.desk.go(step.id.removeprefix("page:"))
            return
        for action in git.ACTIONS:
            if action.id == step.id:
                action.run(self.desk)
                return
        self.desk.run_action(step.id)

    def _show_needs(self) -> None:
        clear(self._need_rows)
        seen = self._seen
        waiting = needs(self.desk, seen.runs, seen.deployment, seen.events, seen.links)
        for need in waiting:
            self._need_rows.addWidget(need_row(self.kit, need))
        self._needs_count.setText(str(len(waiting)))
        self._needs.setVisible(bool(waiting))
        self._needs_line.setVisible(bool(waiting))

    def _show_trouble(self, trouble: Trouble | None) -> None:
        clear(self._strip)
        if trouble is not None:
            again = self.kit.button(tr("Try again"), "arrows-clockwise", self.refresh)
            self._strip.addWidget(trouble_banner(self.kit, trouble, steps=(again,)))
            self._strip.addWidget(hline())

    # The activity list -----------------------------------------------------------------------

    def _paint_event(self, painter: QPainter, rect: QRect, item: object, selected: bool) -> None:
        if not isinstance(item, Event):
            return
        scheme, row = self.desk.theme.scheme, Row(painter, rect)
        row.text(age(item.started, datetime.now(UTC)), scheme.muted, ui_font(SMALL), right=True,
                 gap=12)  # fmt: skip
        icon, tone, _ = told.outcome_look(item.outcome)
        if item.outcome is Outcome.DONE:
            icon, tone = told.verb_icon(item.verb), "muted"
            icon, tone = (icon, "success") if item.verb == "deploy" else (icon, tone)
        row.glyph(icon, scheme.tone(tone))
        row.text(item.actor, scheme.text, ui_font(BODY, True), gap=4)
        said = told.sentence(item, within=self._within())
        row.text(said, scheme.text, elide=Qt.TextElideMode.ElideRight)

    def _event_name(self, item: object) -> str:
        if not isinstance(item, Event):
            return ""
        said = told.sentence(item, within=self._within())
        return f"{item.actor} {said}, {moment(item.started)}"

    def _within(self) -> str:
        tenant = self.desk.tenant
        return f"{tenant.name} / {self.project.name}" if tenant and self.project else ""


def _event_key(item: object) -> object:
    return item.id if isinstance(item, Event) else None


def _section(title: str, *right: QWidget) -> QWidget:
    inner = hbox(label(title, "section"), *right, STRETCH, margins=(MARGIN, 0, MARGIN, 0))
    return holder(inner, height=28)


def _half(*parts: QWidget) -> QWidget:
    made = holder(vbox(*parts, STRETCH, gap=0, margins=(0, 8, 0, 12)))
    made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return made
