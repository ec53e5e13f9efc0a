"""The jobs drawer over the foot of the page: what is at work, what failed, what is done."""

from __future__ import annotations

import time

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QMouseEvent, QTextCursor
from PySide6.QtWidgets import (
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.jobs import JobRecord, JobState
from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.layout import (
    MARGIN,
    STRETCH,
    clear,
    hbox,
    hline,
    holder,
    label,
    scroller,
    vbox,
    words,
)
from aiops_desktop.ui.parts.notice import look
from aiops_desktop.ui.text import counted, duration, tr

#: Ended jobs listed; older ones are in the history.
KEPT = 30
#: Lines of output a row shows.
SHOWN_LINES = 1_000
#: Seconds after which a job at work opens the drawer by itself.
PATIENCE = 1.0
#: Milliseconds a drawer that came by itself stays after its last job has ended.
STAY = 3_000
_ICONS = {
    JobState.QUEUED: ("clock", "muted"),
    JobState.RUNNING: ("spinner", "accent"),
    JobState.DONE: ("check-circle", "success"),
    JobState.FAILED: ("x-circle", "danger"),
    JobState.STOPPED: ("prohibit", "muted"),
}


class JobRow(QWidget):
    """One job: state, what, how far, how long, one button; unfolds to what it printed."""

    def __init__(self, desk: Desk, record: JobRecord) -> None:
        super().__init__()
        self._desk, self.record = desk, record
        self._shown_state: JobState | None = None
        kit = desk.kit
        self._glyph = kit.glyph("clock", "muted")
        self._title = Elided(record.title, "", Qt.TextElideMode.ElideMiddle)
        self._title.setMinimumWidth(min(220, self._title.sizeHint().width()))
        self._said = Elided("", "small", Qt.TextElideMode.ElideRight)
        self._line = kit.line(height=4, width=200)
        self._percent = _number(40)
        self._left = _number(104)
        self._left.setProperty("role", "muted")
        self._act = kit.button("", "", self._press, small=True)
        self._act.setFixedWidth(72)
        self._unfold = kit.tool("caret-right", tr("Show what it printed"), self.unfold, slim=True)
        self._below = vbox(gap=0)
        self._output: QPlainTextEdit | None = None
        top = hbox(
            self._glyph,
            self._title,
            self._said,
            self._unfold,
            STRETCH,
            self._line,
            self._percent,
            self._left,
            8,
            self._act,
            margins=(MARGIN, 0, MARGIN, 0),
        )
        self.setLayout(vbox(holder(top, height=32), self._below, gap=0))
        self.refresh()

    def refresh(self) -> None:
        """Show the record as it is now."""
        record = self.record
        state = record.state
        if state is not self._shown_state:
            self._shown_state = state
            self._turn(state)
        counts = state is JobState.RUNNING and record.total > 0
        running = state is JobState.RUNNING
        self._line.setVisible(running)
        self._percent.setVisible(counts)
        if counts:
            part = min(1.0, record.done / record.total)
            self._line.set_part(part)
            self._percent.setText(tr("{n} %", n=int(part * 100)))
        elif running:
            self._line.set_part(None)
        self._said.setText(self._words())
        self._unfold.setVisible(bool(record.lines))
        self.tick()
        if self._output is not None:
            self._print()

    def tick(self) -> None:
        """The times at the right end."""
        self._left.setText(_when(self.record))

    @property
    def unfolded(self) -> bool:
        """Whether it shows what was printed."""
        return self._output is not None

    def unfold(self) -> None:
        """Show or hide what it printed."""
        if self._output is not None:
            self._output.deleteLater()
            self._output = None
            self._unfold.setIcon(self._desk.kit.icon("caret-right"))
            return
        self._unfold.setIcon(self._desk.kit.icon("caret-down"))
        self._output = QPlainTextEdit()
        self._output.setReadOnly(True)
        self._output.setProperty("mono", "true")
        self._output.setFixedHeight(160)
        self._output.setAccessibleName(tr("Output of {title}", title=self.record.title))
        self._below.addWidget(holder(vbox(self._output, margins=(MARGIN + 24, 0, MARGIN, 8))))
        self._print()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Unfold, as a list would."""
        if self.record.lines:
            self.unfold()

    def _print(self) -> None:
        output = self._output
        if output is None:
            return
        bar = output.verticalScrollBar()
        follow = bar.value() >= bar.maximum() - 4
        at = bar.value()
        output.setPlainText("\n".join(list(self.record.lines)[-SHOWN_LINES:]))
        if follow:
            output.moveCursor(QTextCursor.MoveOperation.End)
        else:
            bar.setValue(at)

    def _turn(self, state: JobState) -> None:
        """The state is another one: icon, tone, button, sentence."""
        icon, tone = _ICONS[state]
        if state is JobState.FAILED and self.record.trouble:
            icon, tone, _ground = look(self.record.trouble)
        self._glyph.show_icon(icon, tone)
        quiet = state in {JobState.DONE, JobState.STOPPED}
        self._title.setProperty(
            "role", "muted" if quiet else "strong" if state is JobState.FAILED else ""
        )
        self._title.style().polish(self._title)
        ended = not self.record.alive
        self._act.setText(
            tr("Dismiss") if ended else tr("Stop") if state is JobState.RUNNING else tr("Cancel")
        )
        self._act.setProperty("quiet", "true" if ended else "")
        self._act.style().polish(self._act)
        self._act.setAccessibleName(f"{self._act.text()}: {self.record.title}")
        clear(self._below)
        self._output = None
        if state is JobState.FAILED and self.record.trouble:
            self._below.addWidget(self._failed())
        self.setAccessibleName(f"{self.record.title}: {state.value}")

    def _failed(self) -> QWidget:
        trouble, kit = self.record.trouble, self._desk.kit
        assert trouble is not None  # noqa: S101 - looked at by the caller
        acts: list[QPushButton] = []
        if self.record.again:
            again = self.record.again
            acts.append(kit.button(tr("Try again"), "", lambda: self._again(again), small=True))
        detail = "\n\n".join(part for part in (str(trouble), trouble.detail) if part)
        acts.append(
            kit.button(
                tr("Copy details"),
                "",
                lambda: QGuiApplication.clipboard().setText(detail),
                small=True,
                quiet=True,
            )
        )
        if _shown_elsewhere(self.record):  # its banner says the same above the page
            acts = []
        said = str(trouble) if acts else trouble.what
        return holder(
            vbox(
                words(said),
                hbox(*acts, STRETCH) if acts else None,
                margins=(MARGIN + 24, 0, MARGIN, 10),
            )
        )

    def _again(self, again: object) -> None:
        self._desk.jobs.dismiss(self.record)
        if callable(again):
            again()

    def _press(self) -> None:
        if self.record.alive:
            self.record.stop()
            self._act.setEnabled(False)
            self.refresh()
        else:
            self._desk.jobs.dismiss(self.record)

    def _words(self) -> str:
        record = self.record
        if record.state is JobState.QUEUED:
            ahead = next(
                (
                    other
                    for other in self._desk.jobs.shown
                    if other.lane is not None
                    and other.lane == record.lane
                    and other.state is JobState.RUNNING
                ),
                None,
            )
            return tr("waits for {title}", title=ahead.title) if ahead else tr("waits for its turn")
        if record.alive:
            message = record.message
            return message[:1].lower() + message[1:]
        if record.state is JobState.DONE:
            return record.summary
        return tr("stopped") if record.state is JobState.STOPPED else ""


def _number(width: int) -> QLabel:
    made = label()
    made.setFixedWidth(width)
    made.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return made


def _when(record: JobRecord) -> str:
    now = time.time()
    if record.state is JobState.QUEUED:
        return tr("queued")
    if record.state is JobState.RUNNING:
        gone = now - record.begun
        if record.total and 0.02 < record.done / record.total < 1 and gone > 2:
            left = gone * (record.total - record.done) / record.done
            return tr("{time} left", time=duration(max(1.0, round(left)))).replace(".0", "")
        return duration(gone) if gone >= 1 else ""
    past = now - record.ended
    if past < 60:
        return tr("now")
    return (
        tr("{n} min ago", n=int(past // 60))
        if past < 3600
        else tr("{n} h ago", n=int(past // 3600))
    )


class Drawer(QWidget):
    """The list of jobs; `resized` when it wants another height, 0 while it is closed.

    It opens by itself when a job takes longer than a second or fails with nobody else showing it.
    """

    resized = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk = desk
        self._rows: dict[JobRecord, JobRow] = {}
        self._told: set[int] = set()
        self._by_itself = False
        kit = desk.kit
        self._counts = Elided("", "muted")
        self._clear = kit.button(
            tr("Clear finished"), "", lambda: desk.jobs.clear_finished(), quiet=True, small=True
        )
        close = kit.tool("caret-down", tr("Close the drawer (Esc)"), self.shut, slim=True)
        head = holder(
            hbox(
                label(tr("Jobs"), "strong"),
                self._counts,
                STRETCH,
                self._clear,
                close,
                margins=(MARGIN, 0, 12, 0),
            ),
            "ground",
            height=36,
        )
        self._list: QVBoxLayout = vbox(gap=0, margins=(0, 4, 0, 4))
        self._inner = holder(vbox(self._list, STRETCH, gap=0))
        self._area = scroller(self._inner)
        self._none = words(tr("No job yet. Clones, pushes and deployments appear here."), "muted")
        self._none.setContentsMargins(MARGIN, 12, MARGIN, 12)
        self.setLayout(vbox(hline(), head, hline(), self._none, (self._area, 1), gap=0))
        self.hide()
        desk.jobs.listed.connect(self._list_jobs)
        desk.jobs.moved.connect(self._moved)
        desk.jobs.failed.connect(self._failed)
        self._timer = QTimer(self)
        self._timer.setInterval(500)
        self._timer.timeout.connect(self._tick)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(STAY)
        self._rest.timeout.connect(self._leave)

    def sizeHint(self) -> QSize:
        """As high as the list needs; the window caps it."""
        body = self._inner.sizeHint().height() if self._rows else self._none.sizeHint().height()
        return QSize(400, 38 + body)

    def open(self) -> None:
        """Show it."""
        self._by_itself = False
        self._show()

    def shut(self) -> None:
        """Hide it; jobs that are at work now do not open it again."""
        self._by_itself = False
        self._told |= {record.number for record in self._desk.jobs.shown}
        self.hide()
        self.resized.emit()

    def toggle(self) -> None:
        """Show or hide it."""
        if self.isVisible():
            self.shut()
        else:
            self.open()

    def _show(self) -> None:
        self.show()
        self.raise_()
        self.resized.emit()

    def _list_jobs(self) -> None:
        shown = self._desk.jobs.shown
        ended = [record for record in shown if not record.alive]
        for record in ended[:-KEPT]:
            self._desk.jobs.records.remove(record)
        order = sorted(self._desk.jobs.shown, key=_place)
        for record in [record for record in self._rows if record not in order]:
            row = self._rows.pop(record)
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        for place, record in enumerate(order):
            made = self._rows.get(record)
            if made is None:
                made = self._rows[record] = JobRow(self._desk, record)
                self._list.insertWidget(place, made)
            elif self._list.indexOf(made) != place:
                self._list.removeWidget(made)
                self._list.insertWidget(place, made)
            made.refresh()
        self._count()
        self._none.setVisible(not self._rows)
        self._area.setVisible(bool(self._rows))
        if any(record.alive for record in order):
            self._timer.start()
            self._rest.stop()
        elif self._by_itself:
            self._rest.start()
        if self.isVisible():
            self.resized.emit()

    def _leave(self) -> None:
        """It came by itself and nothing is left to see; it waits while someone looks at it."""
        quiet = all(r.state in {JobState.DONE, JobState.STOPPED} for r in self._desk.jobs.shown)
        if not self.isVisible() or not self._by_itself or not quiet:
            return
        if self.underMouse() or any(row.unfolded for row in self._rows.values()):
            self._rest.start()
            return
        self._by_itself = False
        self.hide()
        self.resized.emit()

    def _count(self) -> None:
        states = [record.state for record in self._desk.jobs.shown]
        parts = [
            tr(words, n=states.count(state))
            for state, words in (
                (JobState.RUNNING, "{n} running"),
                (JobState.QUEUED, "{n} queued"),
                (JobState.FAILED, "{n} failed"),
            )
            if state in states
        ]
        done = states.count(JobState.DONE)
        if not parts and done:
            parts = [counted(done, "{n} done", "{n} done")]
        self._counts.setText(", ".join(parts))
        self._clear.setEnabled(any(not record.alive for record in self._desk.jobs.shown))

    def _moved(self, record: JobRecord) -> None:
        row = self._rows.get(record)
        if row and self.isVisible():
            row.refresh()

    def _failed(self, record: JobRecord) -> None:
        if not record.quiet and record.number not in self._told and not _shown_elsewhere(record):
            self._show()

    def _tick(self) -> None:
        alive = [record for record in self._desk.jobs.shown if record.alive]
        for record in alive:
            slow = record.begun and time.time() - record.begun > PATIENCE
            if slow and record.number not in self._told:
                self._told.add(record.number)
                if not self.isVisible():
                    self._by_itself = True
                    self._show()
        if self.isVisible():
            for row in self._rows.values():
                row.tick()
        if not alive and not self.isVisible():
            self._timer.stop()


def _place(record: JobRecord) -> tuple[int, float]:
    """Working ones first, then queued, failed, done; the newest first among the ended."""
    order = (JobState.RUNNING, JobState.QUEUED, JobState.FAILED, JobState.DONE, JobState.STOPPED)
    when = record.number if record.alive else -record.ended
    return order.index(JobState.STOPPED if record.state not in order else record.state), when


def _shown_elsewhere(record: JobRecord) -> bool:
    """A Trouble with next steps, or of a project, stands in a banner or at its field."""
    trouble = record.trouble
    return bool(trouble and (trouble.steps or trouble.field)) or record.project_id is not None
