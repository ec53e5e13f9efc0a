"""The review of a run: look through its changes, keep or discard them, commit what is kept."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.repositories import FileDiff
from aiops_desktop.domain.runs import Review, Run, RunChanged
from aiops_desktop.domain.trouble import Clash, Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.layout import (
    hbox,
    hline,
    holder,
    vbox,
    vline,
)
from aiops_desktop.ui.parts.notice import empty_state, trouble_banner
from aiops_desktop.ui.text import counted, tr
from aiops_desktop.ui.views.diff.verbs import HunkAction, Verdict
from aiops_desktop.ui.views.diff.view import DiffView
from aiops_desktop.ui.views.runs.commit_foot import SUBJECT, CommitFoot
from aiops_desktop.ui.views.runs.decisions import WHOLE, Decisions
from aiops_desktop.ui.views.runs.looks import heading
from aiops_desktop.ui.views.runs.notice_slot import NoticeSlot
from aiops_desktop.ui.views.runs.review_bars import ReviewFileBar, ReviewHead
from aiops_desktop.ui.views.runs.review_files import WIDTH, ReviewFile, ReviewFiles


class ReviewView(QWidget):
    """Review of one run at a time.

    Decisions are kept a run, so that one can leave and come back; nothing is applied before the
    commit, and what is discarded then stays in a rescue ref.

    Signals:
        left: back to the run.
        committed(Run): the kept hunks are a commit now.
        retire_wanted: nothing is kept and the person wants to be rid of the run.
        counted(Run, int, object): hunks, and (added, removed) by path, of what was read.
    """

    left = Signal()
    committed = Signal(object)
    retire_wanted = Signal()
    counted = Signal(object, int, object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._kit = desk, desk.kit
        self.run: Run | None = None
        self.files: tuple[FileDiff, ...] = ()
        self._kept: dict[int, Decisions] = {}
        self.decisions = Decisions()
        self._token = 0
        self._busy = False
        self._build()

    # What is shown ---------------------------------------------------------------------------

    def show_run(self, run: Run) -> None:
        """Review this run; decisions made before are still there."""
        other = self.run is None or self.run.id != run.id
        self.run = run
        self.decisions = self._kept.setdefault(run.id, Decisions())
        if other:
            self.files = ()
            self.foot.propose(_subject(run))
            self.notice.put(None)
            self.diff.show_diff(None)
        self._refill()
        self.reload()

    def reload(self) -> None:
        """Read the changes again; the old ones stay until then."""
        run = self.run
        if run is None:
            return
        self._token += 1
        token, house = self._token, self._desk.house
        self._line.setVisible(True)
        self._line.set_part(None)

        def done(found: Review) -> None:
            if token == self._token:
                self._line.setVisible(False)
                self._fill(found)

        def trouble(problem: Trouble) -> None:
            if token == self._token:
                self._line.setVisible(False)
                self._show_trouble(problem)

        # A review also writes the size of the changes, so it takes its turn with the verbs.
        lane = ("checkout", run.project_id)
        self._desk.read(lambda _job: house.runs.review(run.id), done, trouble=trouble, lane=lane)

    def press_primary(self) -> None:
        """Commit what is kept."""
        self.foot.press()

    # Building --------------------------------------------------------------------------------

    def _build(self) -> None:
        self._line = self._kit.line()
        self._line.hide()
        self.notice = NoticeSlot()
        self.diff = DiffView(self._desk)
        self.list = ReviewFiles(self._desk.theme)
        self.list.setFixedWidth(WIDTH)
        self.list.chosen.connect(lambda _item: self._show_file())
        self.list.opened.connect(lambda _item: self.diff.setFocus())
        self.list.ticked.connect(self._tick)
        self.diff.set_actions(self._hunk_actions)
        self.diff.set_verdict(self._verdict)
        self.diff.acted.connect(self._acted)
        self._head = ReviewHead(self._kit)
        self._head.left.connect(self.left)
        self._file_bar = ReviewFileBar(self._kit)
        self._file_bar.ticked.connect(self._tick_current)
        self._file_bar.decided.connect(self._whole_file)
        shortcut = QShortcut(QKeySequence("V"), self.diff)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(self._tick_current)
        right = holder(vbox(self._file_bar, hline(), (self.diff, 1), gap=0))
        self._work = holder(hbox(self.list, vline(), (right, 1), gap=0))
        self._empty = empty_state(self._kit, tr("The run has no changes left to review."))
        self._empty.hide()
        self.foot = CommitFoot(self._kit)
        self.foot.commit_wanted.connect(self._commit)
        self.foot.rest_wanted.connect(self._discard_rest)
        self.foot.retire_wanted.connect(self.retire_wanted)
        self.setLayout(
            vbox(
                self._head,
                hline(),
                self._line,
                self.notice,
                (self._work, 1),
                (self._empty, 1),
                hline(),
                self.foot,
                gap=0,
            )
        )

    # Filling ---------------------------------------------------------------------------------

    def _fill(self, review: Review) -> None:
        self.run, self.files = review.run, review.files
        self.decisions.take(review.files)
        counts = {file.path: (file.added, file.removed) for file in review.files}
        self.counted.emit(review.run, self.decisions.tally().hunks, counts)
        self._empty.setVisible(not review.files)
        self._work.setVisible(bool(review.files))
        self._refill()
        if self._current() is None:
            self.list.choose_first()
        self._show_file()

    def _refill(self) -> None:
        run = self.run
        if run is None:
            return
        self._head.show_run(run, self.files, self.decisions.tally().hunks)
        tenant = self._desk.tenant
        if tenant is not None and tenant.author_name:
            self.foot.show_author(f"{tenant.author_name} <{tenant.author_email}>")
        else:
            self.foot.show_author("")
        self.list.show_files(self.files, self.decisions)
        self._refill_bar()

    def _refill_bar(self) -> None:
        self.foot.show_tally(self.decisions.tally(), anything=bool(self.files))

    def _current(self) -> FileDiff | None:
        item = self.list.current()
        if not isinstance(item, ReviewFile):
            return None
        return next((file for file in self.files if file.path == item.path), None)

    def _show_file(self) -> None:
        file = self._current()
        self.diff.show_diff(file)
        self._file_bar.show_review(file, self.decisions)

    # Deciding --------------------------------------------------------------------------------

    def _hunk_actions(self, hunk: int) -> Sequence[HunkAction]:
        file = self.diff.diff
        if file is None or self._busy or self.decisions.of(file.path, hunk):
            return ()
        return _ACTIONS

    def _verdict(self, hunk: int) -> Verdict | None:
        file = self.diff.diff
        made = self.decisions.of(file.path, hunk) if file else None
        if made is None:
            return None
        if made.kept:
            return Verdict("check-circle", tr("Kept"), "success")
        if made.lines is None:
            return Verdict("x-circle", tr("Discarded"), pale=True)
        said = counted(len(made.lines), "{n} line discarded", "{n} lines discarded")
        return Verdict("x-circle", said)

    def _acted(self, hunk: int, action: str, lines: object) -> None:
        file = self.diff.diff
        if file is None or self._busy:
            return
        picked = lines if isinstance(lines, frozenset) else None
        if action == "keep":
            self.decisions.keep(file.path, hunk, picked)
        elif action == "discard":
            self.decisions.discard(file.path, hunk, picked)
        else:
            self.decisions.undo(file.path, hunk)
        self._decided(forward=action != "undo")

    def _whole_file(self, action: str) -> None:
        file = self._current()
        if file is None or self._busy:
            return
        for number in range(len(file.hunks)) if file.hunks else (WHOLE,):
            if action == "discard":
                self.decisions.discard(file.path, number)
            else:
                self.decisions.undo(file.path, number)
        self._decided(forward=False)

    def _discard_rest(self) -> None:
        self.decisions.discard_rest()
        self._decided(forward=False)

    def _decided(self, *, forward: bool) -> None:
        file = self._current()
        if file is not None and not self.decisions.tally(file.path).open:
            self.decisions.set_viewed(file.path, True)
        self.list.show_files(self.files, self.decisions)
        self.diff.decide(forward=forward)
        self._file_bar.show_review(self._current(), self.decisions)
        self._refill_bar()

    def _tick(self, path: str) -> None:
        self.decisions.set_viewed(path, not self.decisions.viewed(path))
        self.list.show_files(self.files, self.decisions)
        self._file_bar.show_review(self._current(), self.decisions)

    def _tick_current(self) -> None:
        """Tick the file off and go to the next that is not, or take the tick back."""
        file = self._current()
        if file is None:
            return
        self._tick(file.path)
        if self.decisions.viewed(file.path):
            paths = self.list.paths
            at = paths.index(file.path)
            following = [*paths[at + 1 :], *paths[:at]]
            left = next((path for path in following if not self.decisions.viewed(path)), None)
            if left is not None:
                self.list.choose(left)

    # Committing ------------------------------------------------------------------------------

    def _commit(self, message: str) -> None:
        run = self.run
        if run is None or self._busy:
            return
        picks, house = self.decisions.picks(), self._desk.house
        self.notice.put(None)
        self._set_busy(True)

        def work(job: Job) -> RunChanged:
            for number, (path, pick) in enumerate(picks.items()):
                job.progress(tr("Discarding in {path}", path=path), number, len(picks))
                house.runs.discard(run.id, path, pick)
            job.progress(tr("Committing"))
            return house.runs.commit(run.id, message, job)

        def done(result: RunChanged) -> None:
            self._kept.pop(run.id, None)
            self.committed.emit(result.run)

        def trouble(problem: Trouble) -> None:
            self._desk.announce(Changes(Touched.RUNS, run.project_id))
            self._show_trouble(problem)
            self.reload()  # some hunks may be gone already, or the worktree has moved on

        self._desk.start(
            tr("Commit kept hunks"),
            work,
            done=done,
            trouble=trouble,
            ended=lambda: self._set_busy(False),
            lane=("checkout", run.project_id),
            project_id=run.project_id,
        )

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.foot.set_busy(busy)
        self.diff.viewport().update()

    def _show_trouble(self, problem: Trouble) -> None:
        again = self._kit.button(tr("Load again"), "arrows-clockwise", self._load_again, small=True)
        steps = (again,) if isinstance(problem, Clash) or not self.files else ()
        self.notice.put(
            trouble_banner(self._kit, problem, steps=steps, closed=lambda: self.notice.put(None))
        )

    def _load_again(self) -> None:
        self.notice.put(None)
        self.reload()


_ACTIONS = (
    HunkAction("keep", "Keep hunk", "Keep {n} line", "Keep {n} lines"),
    HunkAction("discard", "Discard hunk", "Discard {n} line", "Discard {n} lines", "danger"),
)


def _subject(run: Run) -> str:
    """A commit's first line from what was asked: one sentence, not too long."""
    text = " ".join(heading(run).split())
    for stop in (". ", "; ", ": "):
        if stop in text and len(text) > SUBJECT:
            text = text.split(stop, 1)[0]
    text = text.rstrip(".")
    if len(text) > SUBJECT:
        text = text[: SUBJECT - 1].rsplit(" ", 1)[0] + "…"
    return text[:1].upper() + text[1:]
