"""The Deploy page of a project."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QPushButton, QStackedWidget, QWidget

from aiops_desktop.domain.changes import Touched
from aiops_desktop.domain.deployments import (
    Board,
    DeployDraft,
    Deployment,
    Launched,
    Source,
    Template,
)
from aiops_desktop.domain.trouble import Failed, Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.layout import hbox, holder, vline
from aiops_desktop.ui.parts.notice import Banner, empty_state
from aiops_desktop.ui.parts.page import Page
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.views.deploy.launch import Launch
from aiops_desktop.ui.views.deploy.running import Running
from aiops_desktop.ui.views.deploy.templates import Templates


class DeployPage(Page):
    """Templates and the form of one of them; after a launch its log fills the page."""

    interest = Touched.DEPLOYMENTS | Touched.SETTINGS | Touched.PROJECTS | Touched.REFS

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._board: Board | None = None
        self.templates = Templates(desk)
        self.launch = Launch(desk)
        self.running = Running(desk)
        self._right = QStackedWidget()
        self._blank = holder(hbox())
        self._empty: QWidget = self._blank
        self._right.addWidget(self._blank)
        self._right.addWidget(self.launch)
        chooser = holder(hbox((self.templates, 3), vline(), (self._right, 9), gap=0))
        self._views = QStackedWidget()
        self._views.addWidget(chooser)
        self._views.addWidget(self.running)
        self.body.addWidget(self._views, 1)
        self.templates.chosen.connect(self._choose)
        self.templates.opened.connect(self.open_deployment)
        self.launch.wanted.connect(self._launch)
        self.running.left.connect(self._leave)

    # The page's base --------------------------------------------------------------------------

    def ask(self) -> Callable[[Job], Board | None]:
        """Read the board of the project shown."""
        if self.project is None:
            return lambda _job: None
        house, number = self.desk.house, self.project.id
        return lambda _job: house.deployments.board(number)

    def fill(self, data: Board | None) -> None:
        """Show the board; while the server is in trouble the former templates stay."""
        if data is None:
            return
        kept = self._board
        if data.trouble and kept and kept.templates and kept.source is data.source:
            data = Board(
                data.source,
                data.why,
                kept.templates,
                data.deployments,
                data.trouble,
                data.hint,
                data.steps,
            )
        self._board = data
        self.templates.show_board(data)
        if data.trouble:
            self.show_notice(self._trouble(data))
        self._show_right(data)

    def switched(self) -> None:
        """Another project: its own templates, and no log of the former one."""
        self._board = None
        self.templates.filter.clear()
        self.templates.show_board(Board(Source.LOCAL, ""))
        self._right.setCurrentWidget(self._blank)
        if self._views.currentWidget() is self.running:
            self.running.leave()

    def primary(self) -> None:
        """Ctrl+Enter: deploy, or confirm what waits."""
        if self._views.currentWidget() is self.running:
            if self.running.confirm.isVisible():
                self.running.press_confirm()
        elif self._right.currentWidget() is self.launch:
            self.launch.press()

    def back(self) -> bool:
        """Esc: from the log to the templates."""
        if self._views.currentWidget() is not self.running:
            return False
        self.running.leave()
        return True

    def open_argument(self, argument: object) -> None:
        """Show a deployment (itself or its id), or act: "follow", "stop", "confirm"."""
        if isinstance(argument, Deployment):
            self.open_deployment(argument)
        elif isinstance(argument, int):
            house = self.desk.house
            self.desk.read(lambda _job: house.deployments.get(argument), self.open_deployment)
        elif argument == "follow":
            self.running.resume()
        elif argument == "stop":
            self.running.press_stop()
        elif argument == "confirm":
            self.running.press_confirm()

    def showEvent(self, event: QShowEvent) -> None:
        """Seen again: follow on."""
        super().showEvent(event)
        if self._views.currentWidget() is self.running:
            self.running.resume()

    def hideEvent(self, event: QHideEvent) -> None:
        """Not seen: nothing needs to be followed; whoever returns reads on."""
        super().hideEvent(event)
        self.running.rest()

    # What happens -----------------------------------------------------------------------------

    def open_deployment(self, one: Deployment) -> None:
        """Fill the page with a deployment's log."""
        self._views.setCurrentWidget(self.running)
        self.running.show_deployment(one)
        self.running.log.setFocus()

    def _leave(self) -> None:
        self._views.setCurrentIndex(0)
        self.templates.rows.setFocus()
        self.refresh()

    def _choose(self, template: Template) -> None:
        if self.project is None:
            return
        self._right.setCurrentWidget(self.launch)
        self.launch.show_template(self.project, template)

    def _launch(self, draft: DeployDraft) -> None:
        house, template = self.desk.house, self.launch.title.text()
        is_local = self._board is not None and self._board.source is Source.LOCAL
        self.launch.set_busy(True)

        def done(launched: Launched) -> None:
            if self.project and self.project.id == launched.deployment.project_id:
                self.open_deployment(launched.deployment)

        self.desk.start(
            tr("Deploy {name}", name=template),
            lambda job: house.deployments.launch(draft, job),
            done=done,
            trouble=self.launch.show_trouble,
            ended=lambda: self.launch.set_busy(False),
            lane=("checkout", draft.project_id) if is_local else None,
        )

    # What is shown ----------------------------------------------------------------------------

    def _show_right(self, board: Board) -> None:
        if not board.templates:
            if self._empty is not self._blank:
                self._right.removeWidget(self._empty)
                self._empty.deleteLater()
            self._empty = self._nothing(board)
            self._right.addWidget(self._empty)
            self._right.setCurrentWidget(self._empty)
            return
        if self.templates.current() is None:
            self.templates.rows.choose_first()

    def _nothing(self, board: Board) -> QWidget:
        if board.trouble:
            return holder(hbox())  # the banner above says it once
        if board.source is Source.LOCAL:
            return empty_state(
                self.kit,
                tr(
                    "No playbook in this checkout. A playbook is a YAML file with hosts in the "
                    "root, in “playbooks” or in “ansible”."
                ),
                self._settings_button(),
            )
        return empty_state(
            self.kit,
            tr("This Semaphore project has no templates yet. Make one there, then refresh."),
            self.kit.button(tr("Refresh"), "arrows-clockwise", self.refresh),
        )

    def _trouble(self, board: Board) -> QWidget:
        steps: list[QPushButton] = []
        if "settings.semaphore" in board.steps:
            steps.append(self._settings_button())
        if "project.clone" in board.steps:
            clone = self.kit.button(
                tr("Clone"), "download-simple", lambda: self.desk.run_action("project.clone")
            )
            steps.append(clone)
        else:
            steps.append(self.kit.button(tr("Try again"), "arrows-clockwise", self.refresh))
        is_missing = "project.clone" in board.steps
        icon, tone, ground = (
            ("puzzle-piece", "warning", "warn") if is_missing else ("x-circle", "danger", "fail")
        )
        return Banner(self.kit, icon, tone, ground, board.trouble, board.hint, steps=steps)

    def _settings_button(self) -> QPushButton:
        return self.kit.button(
            tr("Open settings"), "gear", lambda: self.desk.go("settings", "semaphore")
        )

    def fail(self, trouble: Trouble) -> None:
        """The board itself could not be read (the project is gone, the database is busy)."""
        super().fail(trouble if trouble.what else Failed(tr("The page could not be read.")))
