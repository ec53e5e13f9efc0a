"""The Changes page: files left, their diff right, the commit box below it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from aiops_desktop.domain.projects import Project
from aiops_desktop.domain.repositories import (
    CheckoutStatus,
    Committed,
    Discarded,
    FileChange,
    FileDiff,
    Identity,
    Pick,
)
from aiops_desktop.domain.trouble import Refused, Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.actions import git
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.layout import clear, hline, holder, vbox
from aiops_desktop.ui.parts.notice import Banner, empty_state, trouble_banner
from aiops_desktop.ui.parts.page import Page
from aiops_desktop.ui.text import counted, short_id, tr
from aiops_desktop.ui.views.changes.commitbox import CommitBox, Draft
from aiops_desktop.ui.views.changes.filepane import FilePane
from aiops_desktop.ui.views.changes.fileview import FileView
from aiops_desktop.ui.views.changes.nextstep import clean_state
from aiops_desktop.ui.views.changes.stager import Stager


class ChangesPage(Page):
    """Stage, unstage, discard, commit.

    It shows `desk.statuses`, which the desk keeps fresh after every verb, and reads again when the
    page or the window is looked at, because files change outside, too.
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._drafts: dict[int, Draft] = {}
        self._undo: tuple[int, str] | None = None
        self._stager = Stager(desk, self)
        self._stager.discarded.connect(self._discarded)
        self._stager.failed.connect(self._failed)
        self._build()
        desk.status_changed.connect(self._status_changed)
        desk.jobs.listed.connect(self._look)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.applicationStateChanged.connect(self._woken)

    def _build(self) -> None:
        self.files = FilePane(self.desk.theme)
        self.files.setMinimumWidth(200)
        self.files.chosen.connect(self._chosen)
        self.files.asked.connect(self._files_asked)
        self.shown = FileView(self.desk)
        self.shown.file_asked.connect(self._files_asked)
        self.shown.part_asked.connect(self._part_asked)
        self.box = CommitBox(self.kit)
        self.box.commit.connect(self._commit)
        self._strip = vbox(gap=0)
        right = vbox((self.shown, 1), hline(), self.box, gap=0)
        self._parts = QSplitter(Qt.Orientation.Horizontal)
        self._parts.setHandleWidth(1)
        self._parts.setChildrenCollapsible(False)
        self._parts.addWidget(self.files)
        self._parts.addWidget(holder(right, "surface"))
        self._parts.setStretchFactor(1, 1)
        self._parts.setSizes([280, 820])
        self._nothing = vbox(gap=0)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._parts)
        self._stack.addWidget(holder(self._nothing))
        self.body.addLayout(self._strip)
        self.body.addWidget(self._stack, 1)
        undo = QShortcut(QKeySequence.StandardKey.Undo, self)
        undo.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        undo.activated.connect(self._undo_last)

    # Reading ---------------------------------------------------------------------------------

    def ask(self) -> Callable[[Job], CheckoutStatus | None]:
        """The status; None while there is no checkout. The author is asked for on the side."""
        project, house = self.project, self.desk.house
        if project is None or not self.desk.cloned:
            return lambda _job: None
        number = project.id

        def show(identity: Identity) -> None:
            if self.project is not None and self.project.id == number:
                self.box.show_identity(identity)

        self.desk.read(lambda _job: house.repositories.identity(number), show)
        return lambda _job: house.repositories.status(number)

    def fill(self, data: CheckoutStatus | None) -> None:
        """Show what was read, here and (through the desk) elsewhere."""
        if self.project is None:
            return
        if data is None:
            self._show_absent(self.project)
            return
        self.desk.statuses[self.project.id] = data
        self.desk.status_changed.emit(self.project.id)

    def show_project(self, project: Project | None) -> None:
        """Keep the draft of the project that is left."""
        if self.project is not None:
            self._drafts[self.project.id] = self.box.draft
        super().show_project(project)

    def switched(self) -> None:
        """Another project: its own draft, nothing of the old one."""
        self._undo = None
        self._say(None)
        self.files.show_files([])
        self.shown.show_file(0, None)
        self.box.show_identity(None)
        self.box.show_status(None)
        if self.project is not None:
            self.box.show_draft(self._drafts.get(self.project.id, Draft()))
            self._status_changed(self.project.id)

    def showEvent(self, event: QShowEvent) -> None:
        """Seen again: files may have changed meanwhile."""
        self._stale = True
        super().showEvent(event)

    def _woken(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationActive and self.isVisible():
            self.refresh()

    def _status_changed(self, project_id: int) -> None:
        """The desk knows a new status."""
        if self.project is None or project_id != self.project.id:
            return
        found = self.desk.statuses.get(project_id)
        if isinstance(found, Trouble):
            self.box.show_status(None)
            self.fail(found)
        elif found is not None:
            self._show(found)

    def _show(self, status: CheckoutStatus) -> None:
        self._look()
        if status.clean:
            clear(self._nothing)
            self._nothing.addWidget(clean_state(self.desk, status))
            self.files.show_files([])
            self.shown.show_file(0, None)
        else:
            self.files.show_status(status)
        self._stack.setCurrentIndex(1 if status.clean else 0)

    def _show_absent(self, project: Project) -> None:
        clone = self.kit.button(
            tr("Clone"), "cloud-arrow-down", lambda: git.clone(self.desk), primary=True
        )
        clear(self._nothing)
        sentence = tr("{name} is not cloned yet.", name=project.name)
        self._nothing.addWidget(empty_state(self.kit, sentence, clone))
        self._stack.setCurrentIndex(1)

    # Staging ---------------------------------------------------------------------------------

    def _chosen(self, item: object) -> None:
        file = item if isinstance(item, FileChange) else None
        self.shown.show_file(self.project.id if self.project else 0, file)

    def _part_asked(self, verb: str, diff: FileDiff, pick: Pick) -> None:
        if self.project is not None:
            self._stager.part(verb, self.project.id, diff, pick)

    def _files_asked(self, verb: str, files: list[FileChange]) -> None:
        if self.project is not None and files:
            self._stager.files(verb, self.project.id, files)

    def _discarded(self, project_id: int, result: Discarded) -> None:
        if self.project is None or self.project.id != project_id:
            return
        self._undo = (project_id, result.token)
        names = result.files[0] if len(result.files) == 1 else ""
        title = (
            tr("Discarded changes in {path}", path=names)
            if names
            else counted(len(result.files), "Discarded changes in {n} file",
                         "Discarded changes in {n} files")
        )  # fmt: skip
        undo = self.kit.button(tr("Undo"), "arrow-counter-clockwise", self._undo_last, small=True)
        self._say(
            Banner(self.kit, "trash", "muted", "ground", title, steps=(undo,), closed=self._quiet)
        )

    def _undo_last(self) -> None:
        if self._undo is not None:
            project_id, token = self._undo
            self._quiet()
            self._stager.restore(project_id, token)

    def _failed(self, trouble: Trouble) -> None:
        """A Clash has been reloaded by then; it only needs to be said."""
        self._say(trouble_banner(self.kit, trouble, closed=self._quiet))

    def _quiet(self) -> None:
        self._undo = None
        self._say(None)

    def _say(self, strip: QWidget | None) -> None:
        clear(self._strip)
        if strip is not None:
            self._strip.addWidget(strip)
            self._strip.addWidget(hline())

    # Committing ------------------------------------------------------------------------------

    def primary(self) -> None:
        """Ctrl+Enter."""
        if self._stack.currentIndex() == 0:
            self.box.press(push=True)

    def open_argument(self, argument: object) -> None:
        """Press the button ("commit", "commit_push"), or ask for the subject."""
        if argument in ("commit", "commit_push"):
            if self.box.subject.text().strip():
                self.box.press(push=argument == "commit_push")
            else:
                self.box.subject.setFocus()

    def _look(self) -> None:
        """What can be committed, and whether the checkout is at work."""
        project = self.project
        if project is not None:
            busy = self.desk.busy(project.id) is not None
            found = self.desk.statuses.get(project.id)
            self.box.show_status(found if isinstance(found, CheckoutStatus) else None, busy=busy)

    def _commit(self, push: bool) -> None:
        project, draft = self.project, self.box.draft
        if project is None:
            return
        house = self.desk.house

        def done(found: Committed) -> None:
            self._drafts.pop(project.id, None)
            if self.project is not None and self.project.id == project.id:
                self.box.show_draft(Draft())
            self.desk.toast(
                "git-commit",
                tr("Committed {id}", id=short_id(found.commit.id)),
                found.commit.summary,
                None if push else "git.push",
            )
            if push:
                git.push(self.desk, project)

        def trouble(problem: Trouble) -> None:
            if isinstance(problem, Refused):
                self.box.say(str(problem), "danger")
            else:
                self._say(trouble_banner(self.kit, problem, closed=self._quiet))

        self.desk.start(
            tr("Commit to {name}", name=project.name),
            lambda job: house.repositories.commit(
                project.id, draft.message, job, amend=draft.amend
            ),
            done=done,
            trouble=trouble,
            lane=("checkout", project.id),
            project_id=project.id,
        )
