"""What the buttons of a run do, and how their troubles stand above it until they are solved."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QPushButton

from aiops_desktop.domain.runs import Run, RunChanged, RunState
from aiops_desktop.domain.trouble import Clash, Missing, Refused, Trouble
from aiops_desktop.ui.actions import runs as verbs
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.notice import trouble_banner
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.views.runs.looks import assistant_title
from aiops_desktop.ui.views.runs.run_view import RunView


class RunVerbs(QObject):
    """Listens to a RunView.

    Signals:
        done(Run): a verb changed the run.
        review_wanted(Run): the person wants to look through its changes.
        gone: the run or its worktree is not there any more.
    """

    done = Signal(object)
    review_wanted = Signal(object)
    gone = Signal()

    def __init__(self, desk: Desk, view: RunView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._view = desk, view
        view.asked.connect(self.ask)
        view.said.connect(self._said)
        view.stop_wanted.connect(self._stop)

    def ask(self, verb: str) -> None:
        """Do "review", "merge", "push" or "retire" with the run shown."""
        run = self._view.run
        if run is None:
            return
        if verb == "review":
            self.review_wanted.emit(run)
        elif verb == "push":
            self._desk.run_action("git.push")
        elif verb == "merge":
            self._begin(tr("Merging…"))
            verbs.merge(self._desk, run, done=self._finish, trouble=self._trouble(run))
        elif verb == "retire":
            self._retire(run)

    def _begin(self, words: str) -> None:
        self._view.notice.put(None)
        self._view.set_busy(words)

    def _finish(self, result: RunChanged) -> None:
        self.done.emit(result.run)

    def _stop(self) -> None:
        if self._view.run is not None:
            verbs.stop(self._desk, self._view.run)

    def _said(self, text: str) -> None:
        run = self._view.run
        if run is None:
            return
        self._begin(tr("Starting again…"))

        def done(result: RunChanged) -> None:
            self._view.say.clear()
            self._finish(result)

        verbs.resume(self._desk, run, text, done=done, trouble=self._trouble(run))

    def _retire(self, run: Run, *, even_unsaved: bool = False) -> None:
        self._begin(tr("Retiring…"))

        def trouble(problem: Trouble) -> None:
            if not isinstance(problem, Refused) or even_unsaved or run.state.alive:
                self._show(run, problem)
                return
            kit = self._desk.kit
            anyway = kit.button(
                tr("Retire anyway"),
                "",
                lambda: self._retire(run, even_unsaved=True),
                danger=True,
                small=True,
            )
            self._show(run, problem, anyway)

        verbs.retire(self._desk, run, even_unsaved=even_unsaved, done=self._finish, trouble=trouble)

    def _trouble(self, run: Run) -> Callable[[Trouble], None]:
        def show(problem: Trouble) -> None:
            kit, steps = self._desk.kit, list[QPushButton]()
            if isinstance(problem, Clash):
                words = tr("Ask {who} to resolve it", who=assistant_title(run.assistant))
                asked = _resolve(run, problem)
                steps.append(kit.button(words, "", lambda: self._view.focus_say(asked), small=True))
            elif isinstance(problem, Refused) and run.state is RunState.COMMITTED:
                steps.append(
                    kit.button(tr("Show changes"), "", lambda: self._desk.go("changes"), small=True)
                )
            self._show(run, problem, *steps)

        return show

    def _show(self, run: Run, problem: Trouble, *steps: QPushButton) -> None:
        """Above the run while it is the one shown, else above its project."""
        view = self._view
        if view.run is None or view.run.id != run.id:
            self._desk.banner_wanted.emit(run.project_id, problem)
            return
        view.set_busy("")
        if isinstance(problem, Missing):
            self.gone.emit()
        view.notice.put(
            trouble_banner(
                self._desk.kit, problem, steps=steps, closed=lambda: view.notice.put(None)
            )
        )


def _resolve(run: Run, problem: Trouble) -> str:
    """What an assistant is asked after a conflict."""
    return tr(
        "Merging into {branch} conflicts. {what} Rework the change so that it fits.",
        branch=run.base_branch,
        what=problem.what,
    )
