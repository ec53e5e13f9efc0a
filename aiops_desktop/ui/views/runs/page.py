"""The Runs page: a list of runs, and beside it one run, the form for a new one, or its review."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QPushButton, QStackedWidget, QWidget

from aiops_desktop.domain.changes import Touched
from aiops_desktop.domain.runs import Assistant, Review, Run
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.layout import (
    GAP,
    MARGIN,
    STRETCH,
    clear,
    hbox,
    holder,
    label,
    vbox,
    vline,
)
from aiops_desktop.ui.parts.notice import empty_state
from aiops_desktop.ui.parts.page import Page
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.views.runs.follow import Elsewhere
from aiops_desktop.ui.views.runs.looks import by_id, reviewable
from aiops_desktop.ui.views.runs.new_run import Filled, NewRun
from aiops_desktop.ui.views.runs.review import ReviewView
from aiops_desktop.ui.views.runs.run_list import WIDTH, RunList
from aiops_desktop.ui.views.runs.run_verbs import RunVerbs
from aiops_desktop.ui.views.runs.run_view import RunView


class RunsPage(Page):
    """Runs of the project shown.

    `open_argument` takes a run's id, "new", a `Filled` for a form that is filled in, or a pair of
    "review", "resume", "merge" or "retire" and a run's id.
    """

    interest = Touched.RUNS | Touched.PROJECTS

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._assistants: dict[str, Assistant] = {}
        self._runs: list[Run] = []
        self.filled = False
        self._wanted: object = None
        self._counted: tuple[object, ...] = ()
        self._build()
        Elsewhere.of(desk)
        desk.when_concerned(self._show_run)

    # Building --------------------------------------------------------------------------------

    def _build(self) -> None:
        self.list = RunList(self.desk.theme)
        self.list.chosen.connect(self._chosen)
        self._count = label("", "small")
        self.new: QPushButton = self.kit.button(tr("New run"), "plus", self.start_new, quiet=True)
        head = holder(
            hbox(
                label(tr("Assist runs"), "section"),
                self._count,
                STRETCH,
                self.new,
                margins=(MARGIN, 0, GAP, 0),
            ),
            "bar",
            height=40,
        )
        self._left = holder(vbox(head, (self.list, 1), gap=0), width=WIDTH)
        self.view = RunView(self.desk)
        self.view.moved.connect(self._moved)
        self.verbs = RunVerbs(self.desk, self.view, self)
        self.verbs.done.connect(self._fresh)
        self.verbs.review_wanted.connect(self._open_review)
        self.verbs.gone.connect(self.refresh)
        self.form = NewRun(self.desk)
        self.form.started.connect(self._started)
        self.form.left.connect(self._leave_form)
        self.review = ReviewView(self.desk)
        self.review.left.connect(self._leave_review)
        self.review.committed.connect(self._committed)
        self.review.retire_wanted.connect(self._retire)
        self.review.counted.connect(self._count_hunks)
        self._empty = vbox(gap=0)
        self._nothing = holder(self._empty)
        self._right = QStackedWidget()
        for part in (self._nothing, self.view, self.form):
            self._right.addWidget(part)
        self._rule = vline()
        self._both = holder(hbox(self._left, self._rule, (self._right, 1), gap=0))
        self._pages = QStackedWidget()
        self._pages.addWidget(self._both)
        self._pages.addWidget(self.review)
        self.body.addWidget(self._pages)
        QWidget.setTabOrder(self.list, self.new)

    # The page's contract ---------------------------------------------------------------------

    def ask(self) -> Callable[[Job], list[Run] | None]:
        """The project's runs; None while it is not cloned and has none."""
        project, house = self.project, self.desk.house if self.desk.ready else None
        if project is None or house is None:
            return lambda _job: None
        return lambda _job: house.runs.all(project.id)

    def fill(self, data: list[Run] | None) -> None:
        """Show the runs; the chosen one stays chosen."""
        self._runs = data or []
        self.filled = True
        self._count.setText(str(len(self._runs)) if self._runs else "")
        self.list.show_runs(self._runs, self._assistants)
        self._left.setVisible(bool(self._runs))
        self._rule.setVisible(bool(self._runs))
        self.new.setEnabled(self.desk.cloned)
        if not self._assistants:
            self._read_assistants()
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self._open(wanted, again=True)
        elif self._right.currentWidget() is not self.form:
            if self.list.current() is None:
                self.list.choose_first()
            self._show_run()

    def switched(self) -> None:
        """Another project: nothing of the old one stays."""
        self._runs, self.filled, self._assistants = [], False, {}
        self._wanted = None
        self._counted = ()
        self.desk.run = None
        self.view.follower.watch(None)
        self.view.run = None
        self.list.show_runs([], {})
        self._count.setText("")
        clear(self._empty)
        self._right.setCurrentWidget(self._nothing)
        self._pages.setCurrentWidget(self._both)

    def primary(self) -> None:
        """Start, commit, or the next sensible step."""
        if self._pages.currentWidget() is self.review:
            self.review.press_primary()
        elif self._right.currentWidget() is self.form:
            self.form.press_primary()
        elif self._right.currentWidget() is self.view:
            self.view.press_primary()

    def back(self) -> bool:
        """From the review to the run, from the form to the list."""
        if self._pages.currentWidget() is self.review:
            self._leave_review()
            return True
        if self._right.currentWidget() is self.form:
            self._leave_form()
            return True
        return False

    def open_argument(self, argument: object) -> None:
        """Go to a run, its review, or the form; waits until the runs are read."""
        if self.filled and not self._stale:
            self._open(argument)
        else:
            self._wanted = argument
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Follow from now on."""
        super().showEvent(event)
        self.view.follower.set_active(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest."""
        super().hideEvent(event)
        self.view.follower.set_active(False)

    # Going about -----------------------------------------------------------------------------

    def start_new(self, filled: Filled | None = None) -> None:
        """Show the form for a new run."""
        if self.project is None or not self.desk.cloned:
            return
        self._pages.setCurrentWidget(self._both)
        self._right.setCurrentWidget(self.form)
        self.form.open_for(self.project, self._runs, filled or Filled())

    def _open(self, argument: object, *, again: bool = False) -> None:
        if argument == "new":
            self.start_new()
        elif isinstance(argument, Filled):
            self.start_new(argument)
        elif isinstance(argument, int):
            if self._choose(argument) is None and not again:
                self._wanted = argument  # it may be newer than the list
                self.refresh()
        elif isinstance(argument, tuple) and len(argument) == 2:
            verb, run_id = argument
            run = self._choose(int(run_id))
            if run is not None and verb == "review":
                self._open_review(run)
            elif run is not None and verb == "resume":
                self.view.focus_say()
            elif run is not None:
                self.verbs.ask(str(verb))

    def _choose(self, run_id: int) -> Run | None:
        self._pages.setCurrentWidget(self._both)
        self._right.setCurrentWidget(self.view)
        if not self.list.choose(run_id):
            return None
        self._show_run()
        return self._current()

    def _current(self) -> Run | None:
        item = self.list.current()
        return item if isinstance(item, Run) else None

    def _chosen(self, item: object) -> None:
        if isinstance(item, Run) and self.filled:
            self._right.setCurrentWidget(self.view)
            self._show_run()

    def _show_run(self) -> None:
        if not self.filled or self._right.currentWidget() is self.form:
            return
        run = self._current()
        if run is None:
            self.view.follower.watch(None)
            self.view.run = self.desk.run = None
            self._show_empty()
            return
        status = self.desk.status
        self._right.setCurrentWidget(self.view)
        self.view.show_run(run, self._assistants, status.ahead if status else 0)
        self._read_review(run)

    def _show_empty(self) -> None:
        name = self.project.name if self.project else ""
        if self.desk.cloned:
            button = self.kit.button(tr("New run"), "plus", self.start_new)
            made = empty_state(
                self.kit, tr("No runs yet. Ask an assistant to change something."), button
            )
        else:
            button = self.kit.button(
                tr("Clone"), "download-simple", lambda: self.desk.run_action("project.clone")
            )
            sentence = tr("{name} is not cloned yet. Assistants work on a clone.", name=name)
            made = empty_state(self.kit, sentence, button)
        clear(self._empty)
        self._empty.addWidget(made)
        self._right.setCurrentWidget(self._nothing)

    def _leave_form(self) -> None:
        self._right.setCurrentWidget(self.view)
        self._show_run()
        self.list.setFocus()

    def _leave_review(self) -> None:
        self._pages.setCurrentWidget(self._both)
        self._show_run()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open_review(self, run: Run) -> None:
        self._pages.setCurrentWidget(self.review)
        self.review.show_run(run)
        self.review.list.setFocus()

    # Reading ---------------------------------------------------------------------------------

    def _read_assistants(self) -> None:
        project, house = self.project, self.desk.house
        if project is None or not self._runs:
            return

        def done(found: list[Assistant]) -> None:
            if self.project and self.project.id == project.id:
                self._assistants = by_id(found)
                self.list.show_runs(self._runs, self._assistants)
                self._show_run()

        self.desk.read(lambda _job: house.runs.assistants(project.id), done)

    def _read_review(self, run: Run) -> None:
        """Count the hunks a review would show, once for each size of the changes."""
        size = (run.id, run.state, run.added, run.removed, run.files)
        if run.state.alive or not reviewable(run) or self._counted == size:
            return
        self._counted = size
        house = self.desk.house

        def done(found: Review) -> None:
            hunks = sum(max(1, len(file.hunks)) for file in found.files)
            counts = {file.path: (file.added, file.removed) for file in found.files}
            self._count_hunks(run, hunks, counts)

        # A review also writes the size of the changes, so it takes its turn with the verbs.
        lane = ("checkout", run.project_id)
        self.desk.read(lambda _job: house.runs.review(run.id), done, lane=lane)

    def _count_hunks(self, run: Run, hunks: int, counts: object) -> None:
        if self.view.run is not None and self.view.run.id == run.id and isinstance(counts, dict):
            self.view.set_counts(hunks, counts)

    def _moved(self, run: Run) -> None:
        self.list.update_run(run)
        self._read_review(run)

    # What a verb did -------------------------------------------------------------------------

    def _started(self, run: Run) -> None:
        self._right.setCurrentWidget(self.view)
        self._wanted = run.id
        self.refresh()

    def _retire(self) -> None:
        self._pages.setCurrentWidget(self._both)
        self.verbs.ask("retire")

    def _committed(self, run: Run) -> None:
        self._pages.setCurrentWidget(self._both)
        self._fresh(run)

    def _fresh(self, run: Run) -> None:
        """A verb returned the run: show it at once, before the list is read again."""
        self.list.update_run(run)
        self._runs = [run if one.id == run.id else one for one in self._runs]
        if self.view.run is not None and self.view.run.id == run.id:
            self.view.set_busy("")
            self.view.run = run
            self._show_run()
