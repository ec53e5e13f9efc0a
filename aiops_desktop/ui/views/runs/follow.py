"""Follows runs: the one that is shown, event by event; all others, for the moment they are done."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QObject, QTimer, Signal

from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.runs import Run, RunState, RunUpdate
from aiops_desktop.domain.trouble import Missing, Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.views.runs.looks import assistant_title, heading
from aiops_desktop.ui.views.runs.model import StepsModel
from aiops_desktop.ui.views.runs.steps import Folded, Folder, Step

#: Milliseconds between two looks at the run that is shown, and at all others.
PAUSE, SLOW_PAUSE = 500, 2_000
#: Steps added to the view before the window gets its turn again.
SLICE = 4_000


class Follower(QObject):
    """Reads on in one run's events while it is seen, never two reads at a time.

    Signals:
        updated(RunUpdate, Folded): something was read.
        failed(Trouble): reading failed; it is tried again with the next look.
    """

    updated = Signal(object, object)
    failed = Signal(object)

    def __init__(self, desk: Desk, steps: StepsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._steps = desk, steps
        self._run: Run | None = None
        self._state: RunState | None = None
        self._folder = Folder()
        self._offset = 0
        self._token = 0
        self._asking = False
        self._active = False
        self._waiting: deque[Step] = deque()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.look)
        self._pour = QTimer(self)
        self._pour.setInterval(0)
        self._pour.timeout.connect(self._add_slice)

    def watch(self, run: Run | None) -> None:
        """Follow another run from its beginning, or none; the same one is followed on."""
        if run is not None and self._run is not None and run.id == self._run.id:
            self._run = run
            self.look()
            return
        self._token += 1
        self._run, self._folder, self._offset = run, Folder(), 0
        self._state = run.state if run else None
        self._asking = False
        self._waiting.clear()
        self._pour.stop()
        self._timer.stop()
        self._steps.clear()
        self.look()

    def set_active(self, on: bool) -> None:
        """Whether anybody sees it; reads only then."""
        self._active = on
        if on:
            self.look()
        else:
            self._timer.stop()

    def look(self) -> None:
        """Read what is new, unless a read is under way."""
        if self._run is None or self._asking or not self._active or not self._desk.ready:
            return
        self._asking = True
        self._timer.stop()
        token, house = self._token, self._desk.house
        run_id, offset, folder = self._run.id, self._offset, self._folder

        def work(_job: Job) -> tuple[RunUpdate, Folded]:
            update = house.runs.update(run_id, offset)
            return update, folder.take(update.events)

        def done(found: tuple[RunUpdate, Folded]) -> None:
            if token == self._token:
                self._take(*found)

        def trouble(problem: Trouble) -> None:
            if token == self._token:
                self.failed.emit(problem)
                if not isinstance(problem, Missing) and self._active:
                    self._timer.start(PAUSE)

        def ended() -> None:
            if token == self._token:
                self._asking = False

        self._desk.read(work, done, trouble=trouble, ended=ended)

    def _take(self, update: RunUpdate, folded: Folded) -> None:
        before, self._state = self._state, update.run.state
        more = update.offset != self._offset  # a flood of output comes in portions
        self._offset, self._run = update.offset, update.run
        shown = self._steps.rowCount()
        for row, step in folded.changed.items():
            if row < shown:
                self._steps.change(row, step)
            elif row - shown < len(self._waiting):
                self._waiting[row - shown] = step
        self._waiting.extend(folded.new)
        self._add_slice()
        self.updated.emit(update, folded)
        if before is not update.run.state:
            announce(self._desk, update.run)
        if self._active and (more or update.run.state.alive):
            self._timer.start(0 if more and not update.run.state.alive else PAUSE)

    def _add_slice(self) -> None:
        count = min(SLICE, len(self._waiting))
        self._steps.add([self._waiting.popleft() for _ in range(count)])
        if self._waiting and not self._pour.isActive():
            self._pour.start()
        elif not self._waiting:
            self._pour.stop()


class Elsewhere(QObject):
    """Looks after the runs nobody looks at, and says so when one is done or asks something."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._asking = False
        self._timer = QTimer(self)
        self._timer.setInterval(SLOW_PAUSE)
        self._timer.timeout.connect(self.look)
        desk.opened.connect(self._begin)
        if desk.ready:
            self._begin()

    @classmethod
    def of(cls, desk: Desk) -> Elsewhere:
        """The one of this desk; whoever asks first makes it."""
        found = desk.findChild(cls)
        return found if isinstance(found, cls) else cls(desk)

    @property
    def _seen(self) -> int | None:
        """The id of the run that is on screen now."""
        run = self._desk.run
        return run.id if run is not None and self._desk.page == "runs" else None

    def _begin(self) -> None:
        self._desk.refresh_runs()
        self._timer.start()

    def look(self) -> None:
        """Ask for the state of every run at work that is not on screen."""
        known = {run.id: run for run in self._desk.living_runs if run.state.alive}
        known.pop(self._seen or -1, None)
        if not known or self._asking or not self._desk.ready:
            return
        self._asking = True
        house = self._desk.house

        def work(_job: Job) -> list[Run]:
            found = []
            for run_id in known:
                try:
                    found.append(house.runs.get(run_id))
                except Missing:  # deleted meanwhile; the list will say so
                    continue
            return found

        def done(found: list[Run]) -> None:
            for run in found:
                if run.state is not known[run.id].state:
                    self._tell(run)

        def ended() -> None:
            self._asking = False

        self._desk.read(work, done, ended=ended)

    def _tell(self, run: Run) -> None:
        announce(self._desk, run)
        said = _SAID.get(run.state)
        if said is None or run.id == self._seen:
            return
        icon, words = said
        project = self._desk.projects.get(run.project_id)
        title = tr(words, who=assistant_title(run.assistant))
        where = tr("{project}: {run}", project=project.name, run=heading(run)) if project else ""
        self._desk.toast(icon, title, where or heading(run), "runs.attention")


_SAID = {
    RunState.WAITING: ("hourglass-medium", "{who} asks something"),
    RunState.READY: ("eye", "{who} is done; its changes wait for review"),
    RunState.FAILED: ("x-circle", "{who} failed"),
    RunState.EMPTY: ("circle", "{who} is done and changed nothing"),
    RunState.INTERRUPTED: ("warning-circle", "{who} was interrupted"),
}


def announce(desk: Desk, run: Run) -> None:
    """Tell the window that a run has another state."""
    desk.announce(Changes(Touched.RUNS | Touched.HISTORY, run.project_id))
